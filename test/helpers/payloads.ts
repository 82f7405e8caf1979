/** What `/json` and its encoded forms answer with. */
export const jsonText: string = JSON.stringify({
  name: 'larder',
  shelves: Array.from({ length: 40 }, (_, shelf) => ({
    shelf,
    holds: `jar ${shelf} of plum jam – 'Zwetschge'`,
  })),
});

/** Every byte value, sixteen times; not text in any encoding. */
export const binaryBytes: Buffer = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256));

/** The media type of what is JSON. */
export const json: readonly ['Content-Type', string] = ['Content-Type', 'application/json; charset=utf-8'];

/** The media type of what is text. */
export const text: readonly ['Content-Type', string] = ['Content-Type', 'text/plain; charset=utf-8'];
