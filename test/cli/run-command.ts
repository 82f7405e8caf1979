import { PassThrough } from 'node:stream';
import type { EntryDetailsJson } from '../../src/cli/text/entry-details.ts';
import { run } from '../../src/cli/run.ts';
import { now } from './sample-store.ts';

/** What a command ended with, and printed. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Its lines on stdout. */
  readonly lines: readonly string[];
  /** Its lines on stdout, as JSON: by the type of the most that is printed so. */
  readonly json: readonly EntryDetailsJson[];
}

/** How a command is run. */
export interface RunOptions {
  /** Whether stdout and stderr are a terminal, and how wide. */
  readonly terminal?: number;
  /** What is typed on the terminal. */
  readonly typed?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Runs a command in this process, at the time of the samples. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { terminal, typed, env = {}, signal = new AbortController().signal } = options;
  const stdin = Object.assign(new PassThrough(), typed === undefined ? {} : { isTTY: true });
  if (typed !== undefined) stdin.write(typed);
  const asTerminal = terminal === undefined ? {} : { isTTY: true, columns: terminal };
  const stdout = Object.assign(new PassThrough({ highWaterMark: 2 ** 24 }), asTerminal);
  const stderr = Object.assign(new PassThrough({ highWaterMark: 2 ** 24 }), asTerminal);
  const code = await run(args, { stdin, stdout, stderr, env, signal, now: () => now });
  const printed = textOf(stdout);
  const lines = printed.split('\n').filter((line) => line !== '');
  return {
    code,
    stdout: printed,
    stderr: textOf(stderr),
    lines,
    get json() {
      return lines.map((line): EntryDetailsJson => JSON.parse(line));
    },
  };
}

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? '');
}
