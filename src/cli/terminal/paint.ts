import { styleText } from 'node:util';

/** What is told by colour. */
export type Tone = 'good' | 'warning' | 'bad' | 'heading' | 'quiet';

/** Colours a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

const styles = { good: 'green', warning: 'yellow', bad: 'red', heading: 'bold', quiet: 'dim' } as const;

/** Makes what colours text for an output. */
export function makePaint(hasColours: boolean): Paint {
  return hasColours
    ? (tone, text) => styleText(styles[tone], text, { validateStream: false })
    : (_tone, text) => text;
}

/**
 * Whether an output gets colours: only a terminal does. `FORCE_COLOR` decides first, as in Node.js, then `NO_COLOR`.
 */
export function wantsColours(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
  isForbidden: boolean,
): boolean {
  if (isForbidden) return false;
  const { FORCE_COLOR: forced, NO_COLOR: none, TERM: terminal } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && (none === undefined || none === '') && terminal !== 'dumb';
}
