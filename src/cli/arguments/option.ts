/** An option of a command. */
export interface Option {
  /** Its name, without the hyphens. */
  readonly name: string;
  /** What stands for its value in the help; an option without is a flag. */
  readonly value?: string;
  /** What it does, in the help. */
  readonly says: string;
}

/** What every command takes. */
export const commonOptions: readonly Option[] = [
  { name: 'redact', value: '<name,name>', says: 'mask the values of these names too' },
  { name: 'show-secrets', says: 'mask nothing' },
  { name: 'trust-directory', says: 'use a folder of another user, or one that others may write to' },
  { name: 'no-color', says: 'no colours, as with NO_COLOR in the environment' },
  { name: 'help', says: 'this help' },
];

/** The options that choose entries. */
export const filterOptions: readonly Option[] = [
  { name: 'url', value: '<pattern>', says: 'of this URL; * stands for anything' },
  { name: 'fresh', says: 'that are fresh' },
  { name: 'stale', says: 'that are not fresh, or must be validated before each reuse' },
  { name: 'older', value: '<duration>', says: 'whose current age is above 90s, 15m, 12h, 7d, …' },
  { name: 'status', value: '<status>', says: 'of this status, such as 404, or 4xx' },
];
