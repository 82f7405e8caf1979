/** What a command ends with. A closed list, told in docs/command-line.md. */
export const exitCodes = {
  /** It did what it was asked. */
  ok: 0,
  /** Nothing matched, a problem was found, or the question was answered with no. */
  nothing: 1,
  /** It was not asked in a way that it understands. */
  usage: 2,
  /** The folder cannot be used, or reading or writing failed. */
  failure: 3,
  /** It was interrupted, as by Ctrl-C. */
  interrupted: 130,
} as const;

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command that ends early for a reason that is worth a sentence. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** What the program ends with. */
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
