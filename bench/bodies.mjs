// @ts-check

/** The length of the large body, in bytes. */
export const bodySize = 256 * 1024 * 1024;

/**
 * A JSON document of about that many kilobytes.
 *
 * @param {number} kilobytes
 */
export function jsonBody(kilobytes) {
  const item = { id: 1, name: 'An item of a list', tags: ['red', 'green'], price: 12.5, available: true };
  const items = Array.from({ length: kilobytes * 10 }, (_, id) => ({ ...item, id }));
  return JSON.stringify({ items });
}

/**
 * A body that is not text, of that many kilobytes of 1000 bytes.
 *
 * @param {number} kilobytes
 */
export function bytesBody(kilobytes) {
  return Buffer.alloc(kilobytes * 1000, 'http-larder ');
}
