/** Characters that take two columns on a terminal, roughly: those of East Asia, and pictures. */
const wide =
  /[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** What stands at the end of a line that was cut. */
export const ELLIPSIS = '…';

/** Cuts a printable line to so many columns, the {@link ELLIPSIS} included; without a number it stays whole. */
export function cutToWidth(line: string, columns: number | undefined): string {
  if (columns === undefined || line.length * 2 <= columns) return line;
  let width = 0;
  let length = 0;
  let fitting = 0;
  for (const character of line) {
    width += wide.test(character) ? 2 : 1;
    length += character.length;
    if (width < columns) fitting = length;
    if (width > columns) return line.slice(0, fitting) + ELLIPSIS;
  }
  return line;
}
