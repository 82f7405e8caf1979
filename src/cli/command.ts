import type { Given } from './arguments/given.ts';
import type { Option } from './arguments/option.ts';
import type { Masker } from './text/masking.ts';
import type { Output } from './terminal/output.ts';
import type { Paint } from './terminal/paint.ts';
import type { Surroundings } from './terminal/surroundings.ts';

/** A command of the program. */
export interface Command {
  readonly name: string;
  /** What it does, in some words. */
  readonly summary: string;
  /** What it needs beside options, in order. */
  readonly operands: readonly Operand[];
  /** Its options, without those that every command has. */
  readonly options: readonly Option[];
  /** The rest of the help, in paragraphs. */
  readonly details: readonly string[];
  readonly examples: readonly Example[];
  /** When it ends with 1, for the help. */
  readonly nothing: string;
  /** Does it, and gives the exit code. */
  run(call: Call): Promise<number>;
}

/** Something that a command needs beside options. */
export interface Operand {
  readonly name: string;
  readonly says: string;
}

/** A command line for the help. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

/** What a command is run with. */
export interface Call {
  readonly given: Given;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Takes secrets out of all that is printed. */
  readonly masker: Masker;
  /** Colours what goes to stdout. */
  readonly paint: Paint;
  readonly surroundings: Surroundings;
}

/** The folder, which every command needs first. */
export const folderOperand: Operand = {
  name: 'folder',
  says: 'the path that the StreamingManager was given',
};
