// @ts-check

/**
 * Modules of the pure core as they were built: no public entry point leads to them. Their types are those of the source,
 * so that nothing has to be built before types are checked.
 */
const built = '../../dist/esm/core';

/** @type {typeof import('../../src/core/cache-key.ts')} */
export const { primaryKey, variantKey } = await import(`${built}/cache-key.js`);

/** @type {typeof import('../../src/core/freshening.ts')} */
export const { freshenHead } = await import(`${built}/freshening.js`);

/** @type {typeof import('../../src/core/policy.ts')} */
export const { createPolicy } = await import(`${built}/policy.js`);

/** @type {typeof import('../../src/core/reuse-decision.ts')} */
export const { decideReuse } = await import(`${built}/reuse-decision.js`);

/** @type {typeof import('../../src/core/storage-decision.ts')} */
export const { decideStorage } = await import(`${built}/storage-decision.js`);

/** @type {typeof import('../../src/core/target-uri.ts')} */
export const { targetUri } = await import(`${built}/target-uri.js`);

/** @type {typeof import('../../src/core/validation.ts')} */
export const { decideValidation } = await import(`${built}/validation.js`);

/** @type {typeof import('../../src/core/vary.ts')} */
export const { sameSelecting, selectingFields, varyNames } = await import(`${built}/vary.js`);
