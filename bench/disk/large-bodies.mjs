// @ts-check
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import cacache from 'cacache';
import { StreamingManager } from 'http-larder/disk';
import { compareSpeeds, measureSpeeds } from '../compare-speeds.mjs';
import { storedSample } from '../stored-sample.mjs';

const mib = 1024 * 1024;

/** As long as what a socket gives at most. */
const chunkSize = 64 * 1024;

/**
 * A large body into the store, chunk by chunk, and out of it.
 *
 * @param {{ origin: string, folder: string, megabytes: number, rounds: number }} setting
 * @returns {Promise<import('../result.mjs').Comparison[]>}
 */
export async function compareLargeBodies({ origin, folder, megabytes, rounds }) {
  await mkdir(folder);
  const bytes = megabytes * mib;
  const chunk = Buffer.alloc(chunkSize, 'http-larder ');
  const chunks = bytes / chunkSize;
  const { head, policy } = await storedSample({ origin, folder });
  const manager = new StreamingManager({ path: join(folder, 'store') });
  const other = join(folder, 'cacache');
  const raw = join(folder, 'raw');

  const putIntoStore = async () => {
    const writer = manager.putStream('body', head, policy, { size: bytes });
    for (let count = 0; count < chunks; count += 1) await writer.write(chunk);
    await writer.commit();
  };
  const write = async (/** @type {NodeJS.WritableStream} */ stream) => {
    const ended = once(stream, 'finish');
    for (let count = 0; count < chunks; count += 1) {
      if (!stream.write(chunk)) await once(stream, 'drain');
    }
    stream.end();
    await ended;
  };
  const putIntoOther = async () => await write(cacache.put.stream(other, 'body', { size: bytes }));

  const puts = await measureSpeeds(
    [
      {
        id: 'floor',
        name: 'unhashed: createWriteStream, 1 MiB buffered',
        run: async () => await write(createWriteStream(raw, { highWaterMark: mib })),
        after: async () => await rm(raw),
      },
      {
        id: 'store',
        name: 'the store',
        run: putIntoStore,
        after: async () => await manager.delete('body'),
      },
      {
        id: 'cacache',
        name: 'cacache.put.stream',
        peer: true,
        run: putIntoOther,
        after: async () => await rm(other, { recursive: true }),
      },
    ],
    { rounds, bytes },
  );

  await putIntoStore();
  await putIntoOther();
  await writeFile(raw, Buffer.alloc(bytes, chunk));
  const reads = await measureSpeeds(
    [
      {
        id: 'floor',
        name: 'raw: createReadStream, 64 KB',
        run: async () => await drain(createReadStream(raw, { highWaterMark: chunkSize }), bytes),
      },
      {
        id: 'raw-256-kb',
        name: 'raw: createReadStream, 256 KB',
        run: async () => await drain(createReadStream(raw, { highWaterMark: 4 * chunkSize }), bytes),
      },
      {
        id: 'store',
        name: 'the store, verified',
        run: async () => await drain(await openStored(manager), bytes),
      },
      {
        id: 'cacache',
        name: 'cacache.get.stream',
        run: async () => await drain(cacache.get.stream(other, 'body'), bytes),
        peer: true,
      },
    ],
    { rounds, bytes },
  );
  await manager.close();
  await rm(folder, { recursive: true });

  return [
    compareSpeeds(
      { id: `disk-put-${megabytes}-mib`, title: `${megabytes} MiB into a store, in chunks of 64 KB` },
      puts,
      { floor: 'floor', goals: { store: 0.35 } },
    ),
    compareSpeeds({ id: `disk-read-${megabytes}-mib`, title: `${megabytes} MiB out of a store` }, reads, {
      floor: 'floor',
      goals: {},
    }),
    compareSpeeds(
      {
        id: `disk-read-${megabytes}-mib-cacache`,
        title: `${megabytes} MiB out of a store, beside cacache`,
      },
      reads,
      { floor: 'cacache', goals: { store: 3 } },
    ),
  ];
}

/** @param {StreamingManager} manager */
async function openStored(manager) {
  const stored = await manager.getStream('body');
  if (stored === undefined) throw new Error('The store did not keep the body');
  return manager.streamResponse(stored);
}

/**
 * Reads a stream to its end.
 *
 * @param {NodeJS.EventEmitter} stream
 * @param {number} bytes How many must come.
 */
async function drain(stream, bytes) {
  let length = 0;
  stream.on('data', (chunk) => (length += chunk.length));
  await once(stream, 'end');
  if (length !== bytes) throw new Error(`${length} bytes came of ${bytes}`);
}
