// @ts-check

/** Rows of the table; they make some 12 MiB. */
const rows = 400_000;

/**
 * A table of measurements, the same at each run.
 *
 * @returns {Buffer}
 */
export function measurements() {
  let seed = 1;
  const next = (/** @type {number} */ below) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const lines = Array.from({ length: rows }, (_, row) => {
    const degrees = (next(400) / 10 - 10).toFixed(1);
    return `${row},station-${next(500)},${degrees},${900 + next(200)}\n`;
  });
  return Buffer.from(`row,station,celsius,hectopascal\n${lines.join('')}`);
}
