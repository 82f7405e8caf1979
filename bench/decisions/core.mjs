// @ts-check
import { innerModules } from '../inner-modules.mjs';

/**
 * Modules of the pure core: no public entry point leads to them. Their types are those of the source, so that nothing has
 * to be built before types are checked.
 *
 * @typedef {[
 *   typeof import('../../src/core/cache-key.ts'),
 *   typeof import('../../src/core/freshening.ts'),
 *   typeof import('../../src/core/policy.ts'),
 *   typeof import('../../src/core/reuse-decision.ts'),
 *   typeof import('../../src/core/storage-decision.ts'),
 *   typeof import('../../src/core/target-uri.ts'),
 *   typeof import('../../src/core/validation.ts'),
 *   typeof import('../../src/core/vary.ts'),
 * ]} Core
 */

const sources = [
  'core/cache-key.ts',
  'core/freshening.ts',
  'core/policy.ts',
  'core/reuse-decision.ts',
  'core/storage-decision.ts',
  'core/target-uri.ts',
  'core/validation.ts',
  'core/vary.ts',
];

const [cacheKey, freshening, policy, reuseDecision, storageDecision, target, validation, vary] =
  /** @type {Core} */ (/** @type {unknown} */ (await innerModules(sources)));

export const { primaryKey, variantKey } = cacheKey;
export const { freshenHead } = freshening;
export const { createPolicy } = policy;
export const { decideReuse } = reuseDecision;
export const { decideStorage } = storageDecision;
export const { targetUri } = target;
export const { decideValidation } = validation;
export const { sameSelecting, selectingFields, varyNames } = vary;
