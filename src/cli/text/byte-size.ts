const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Writes a number of bytes in the largest unit of which there is one, with one decimal. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let at = 0;
  // What would be rounded to 1024.0 is one of the next.
  while (value >= 1023.95 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return `${value.toFixed(1)} ${units[at] ?? ''}`;
}
