import { commonOptions } from './arguments/option.ts';
import { readArguments, type Given } from './arguments/given.ts';
import type { Call, Command } from './command.ts';
import { CommandError, exitCodes, UsageError } from './command-errors.ts';
import { commands } from './commands.ts';
import { errorText } from './error-text.ts';
import { commandHelp, programHelp } from './text/help-text.ts';
import { makeMasker } from './text/masking.ts';
import { nearestWord } from './text/nearest-word.ts';
import { visible } from './text/visible.ts';
import { Output, OutputClosed } from './terminal/output.ts';
import { makePaint, wantsColours } from './terminal/paint.ts';
import type { Surroundings } from './terminal/surroundings.ts';
import { version } from './version.ts';

/** Runs a command line, without the name of the program, and gives its exit code. Never rejects. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const stdout = new Output(surroundings.stdout);
  const stderr = new Output(surroundings.stderr);
  const output = { stdout, stderr };
  let call: Call | undefined;
  try {
    const [name = '', ...rest] = args;
    if (name === '--version') {
      await stdout.line(version());
      return exitCodes.ok;
    }
    const command = commands.find((one) => one.name === name);
    if (command === undefined) return await runWithoutCommand(name, rest, output);
    const given = readArguments(rest, [...command.options, ...commonOptions]);
    if (given.flag('help')) {
      await stdout.line(commandHelp(command));
      return exitCodes.ok;
    }
    call = makeCall(given, output, surroundings);
    checkOperands(command, given);
    return await command.run(call);
  } catch (error) {
    return await tellError(error, { stderr, call, signal: surroundings.signal });
  } finally {
    await stdout.flushed();
    await stderr.flushed();
  }
}

interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
}

async function runWithoutCommand(
  name: string,
  rest: readonly string[],
  { stdout, stderr }: Outputs,
): Promise<number> {
  if (name === '') {
    await stderr.line(programHelp(commands));
    return exitCodes.usage;
  }
  if (!['--help', '-h', 'help'].includes(name)) throw unknownCommand(name);
  const [topic] = rest;
  const command = commands.find((one) => one.name === topic);
  if (topic !== undefined && command === undefined) throw unknownCommand(topic);
  await stdout.line(command === undefined ? programHelp(commands) : commandHelp(command));
  return exitCodes.ok;
}

function makeCall(given: Given, output: Outputs, surroundings: Surroundings): Call {
  const more =
    given
      .value('redact')
      ?.split(',')
      .filter((name) => name.trim() !== '') ?? [];
  return {
    ...output,
    given,
    surroundings,
    masker: makeMasker({ more, showSecrets: given.flag('show-secrets') }),
    paint: makePaint(wantsColours(output.stdout.isTerminal, surroundings.env, given.flag('no-color'))),
  };
}

function checkOperands({ name, operands }: Command, given: Given): void {
  const missing = operands[given.operands.length];
  if (missing !== undefined) {
    throw new UsageError(`${name} needs <${missing.name}>, ${missing.says}: see http-larder ${name} --help`);
  }
  const surplus = given.operands[operands.length];
  if (surplus === undefined) return;
  const taken = operands.map((operand) => `<${operand.name}>`).join(' ');
  throw new UsageError(
    `${name} takes ${taken}, and no ${JSON.stringify(surplus)}: put a pattern with * into quotes, or remove it`,
  );
}

function unknownCommand(name: string): UsageError {
  const names = commands.map((command) => command.name);
  const nearest = nearestWord(name, names);
  const remedy = nearest === undefined ? `use one of ${names.join(', ')}` : `did you mean ${nearest}?`;
  const what = name.startsWith('-') ? `An option ${name} cannot stand first` : `There is no command ${name}`;
  return new UsageError(`${what}: ${remedy}`);
}

/** Says in one sentence why a command ended early, and gives the exit code for it. */
async function tellError(
  reason: unknown,
  { stderr, call, signal }: { stderr: Output; call: Call | undefined; signal: AbortSignal },
): Promise<number> {
  if (reason instanceof OutputClosed) return exitCodes.ok;
  if (signal.aborted) return exitCodes.interrupted;
  // Before the options are known, everything that may be a secret is one.
  const masker = call?.masker ?? makeMasker({ more: [], showSecrets: false });
  await stderr.line(`http-larder: ${visible(masker.text(errorText(reason)))}`).catch(() => {});
  if (reason instanceof UsageError) return exitCodes.usage;
  return reason instanceof CommandError ? reason.exitCode : exitCodes.failure;
}
