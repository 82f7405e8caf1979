const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

const written = /^(\d{1,9})([smhd])$/;

/** Reads a duration such as `90s`, `15m`, `12h` or `7d`, in milliseconds; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, letter] = written.exec(text) ?? [];
  const unit = units.find(([name]) => name === letter);
  return unit === undefined ? undefined : Number(count) * unit[1];
}

/** Writes a duration as {@link parseDuration} reads it: whole units, of which there are at least two where possible, cut down. */
export function formatDuration(ms: number): string {
  const [letter, unit] = units.find(([, each]) => ms >= 2 * each) ?? ['s', 1_000];
  return `${Math.floor(Math.max(0, ms) / unit)}${letter}`;
}
