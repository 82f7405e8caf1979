import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OptionsInit } from 'got';
import { drain } from '../helpers/drain.ts';
import { getting, unsafe } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

/** POSTs to the echo. */
function posting(name: string, options: () => OptionsInit): GotScenario {
  return {
    name: `POST of ${name}`,
    asksAgain: unsafe,
    run: async ({ client, origin }) => client().post(`${origin.url}/echo`, options()),
  };
}

/** What goes out. */
export const gotRequests: readonly GotScenario[] = [
  posting('json', () => ({ json: { jam: 'plum' } })),
  posting('text', () => ({ body: 'plum jam' })),
  posting('bytes', () => ({ body: Buffer.from('plum jam') })),
  posting('nothing', () => ({})),
  posting('a form', () => ({ form: { jam: 'plum' } })),
  posting('a stream', () => ({ body: Readable.from([Buffer.from('plum '), Buffer.from('jam')]) })),
  posting('a generator', () => ({ body: jars() })),
  {
    name: 'PUT, PATCH and DELETE',
    asksAgain: unsafe,
    async run({ client, origin }) {
      const instance = client();
      return [
        await instance.put(`${origin.url}/echo`, { body: 'plum' }),
        await instance.patch(`${origin.url}/echo`, { body: 'jam' }),
        await instance.delete(`${origin.url}/echo`),
      ];
    },
  },
  {
    name: 'POST as a stream',
    asksAgain: unsafe,
    async run(stage) {
      const stream = stage.client().stream.post(`${stage.origin.url}/echo`, { body: 'plum jam' });
      return readToEnd(stage, stream, false);
    },
  },
  {
    name: 'POST that is piped in',
    asksAgain: unsafe,
    async run({ client, origin }) {
      const stream = client().stream.post(`${origin.url}/echo`);
      const [bytes] = await Promise.all([drain(stream), pipeline(Readable.from(jars()), stream)]);
      return bytes;
    },
  },
  getting('GET with a body', '/echo', { allowGetBody: true, body: 'plum' }, { asksAgain: 'it has a body' }),
  ...[301, 303, 307].map((status): GotScenario => ({
    name: `POST that is redirected by ${status}`,
    asksAgain: unsafe,
    run: async ({ client, origin }) =>
      client().post(`${origin.url}/redirect?status=${status}&to=/echo`, { json: { jam: 'plum' } }),
  })),
  {
    name: 'a POST that answers 404',
    asksAgain: unsafe,
    run: async ({ client, origin }) => client().post(`${origin.url}/status?code=404`),
  },
  getting('searchParams', '/echo', { searchParams: { jam: 'plum', 'sp ace': 'ä&=', nothing: null } }),
  getting('username and password', '/echo', { username: 'plum', password: 'jam' }),
  {
    name: 'credentials in the URL',
    run: async ({ client, origin }) => client()(`${origin.url.replace('//', '//plum:jam@')}/echo`),
  },
  getting('a fragment', '/echo#shelf'),
  getting('a range', '/echo', { headers: { Range: 'bytes=0-3' } }, { asksAgain: 'it asks for a part only' }),
  getting('a Host of its own', '/echo', { headers: { Host: 'larder.test' } }),
  getting('fields of its own', '/echo', { headers: { 'X-One': '1', 'X-Two': ['2', '3'] } }),
  {
    name: 'prefixUrl',
    run: async ({ client, origin }) => client({ before: { prefixUrl: origin.url } })('echo'),
  },
];

async function* jars(): AsyncGenerator<Buffer> {
  yield Buffer.from('plum ');
  yield Buffer.from('jam');
}
