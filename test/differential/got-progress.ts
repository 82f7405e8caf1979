import type { CancelableRequest, Progress } from 'got';
import { Readable } from 'node:stream';
import { unsafe } from './got-gets.ts';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

/** What holds of a transfer however its chunks fall. */
class Transfer {
  readonly #seen: Progress[] = [];

  add(progress: Progress): void {
    this.#seen.push(progress);
  }

  get summary(): object {
    return {
      first: this.#seen.at(0),
      last: this.#seen.at(-1),
      totals: [...new Set(this.#seen.slice(0, -1).map(({ total }) => String(total)))],
      neverGoesBack: this.#seen.every(
        ({ transferred }, at) => transferred >= (this.#seen[at - 1]?.transferred ?? 0),
      ),
      inRange: this.#seen.every(({ percent }) => percent >= 0 && percent <= 1),
    };
  }
}

type Direction = 'downloadProgress' | 'uploadProgress';

function downloading(name: string, path: string): GotScenario[] {
  return [
    {
      name: `downloadProgress of ${name}`,
      run: async ({ client, origin, note }) =>
        noting(note, 'downloadProgress', client()(`${origin.url}${path}`, { responseType: 'buffer' })),
    },
    {
      name: `downloadProgress of ${name}, streamed`,
      async run(stage) {
        const stream = stage.client().stream(`${stage.origin.url}${path}`);
        const transfer = new Transfer();
        stream.on('downloadProgress', (progress) => transfer.add(progress));
        await readToEnd(stage, stream, false);
        return transfer.summary;
      },
    },
  ];
}

/** How far transfers are. */
export const gotProgress: readonly GotScenario[] = [
  ...downloading('a large body', '/large?bytes=300000'),
  ...downloading('gzip', '/gzip'),
  ...downloading('a chunked body', '/chunked'),
  ...downloading('an empty body', '/empty'),
  ...downloading('a redirect', '/redirect?to=/text'),
  {
    name: 'uploadProgress of bytes',
    asksAgain: unsafe,
    run: async ({ client, origin, note }) =>
      noting(
        note,
        'uploadProgress',
        client().post(`${origin.url}/echo`, { body: Buffer.alloc(200_000, 'jam') }),
      ),
  },
  {
    name: 'uploadProgress of a stream',
    asksAgain: unsafe,
    run: async ({ client, origin, note }) =>
      noting(
        note,
        'uploadProgress',
        client().post(`${origin.url}/echo`, {
          body: Readable.from([Buffer.from('plum '), Buffer.from('jam')]),
        }),
      ),
  },
  {
    name: 'uploadProgress of a GET',
    run: async ({ client, origin, note }) => noting(note, 'uploadProgress', client()(`${origin.url}/json`)),
  },
];

async function noting<T>(
  note: GotStage['note'],
  direction: Direction,
  request: CancelableRequest<T>,
): Promise<T> {
  const transfer = new Transfer();
  void request.on(direction, (progress) => transfer.add(progress));
  const response = await request;
  note(direction, transfer.summary);
  return response;
}
