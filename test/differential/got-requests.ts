import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OptionsInit } from 'got';
import { drain } from '../helpers/drain.ts';
import { failed, getting, unsafe } from './got-gets.ts';
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
  posting('a typed array', () => ({ body: new Uint16Array([0x706c, 0x756d]) })),
  posting('an iterable', () => ({ body: [Buffer.from('plum '), Buffer.from('jam')] })),
  posting('an empty text', () => ({ body: '' })),
  posting('a stream of known length', () => ({
    body: Readable.from(jars()),
    headers: { 'content-length': '8' },
  })),
  posting('json that asks for 100 Continue', () => ({
    json: { jam: 'plum' },
    headers: { expect: '100-continue' },
  })),
  posting('a stream that fails', () => ({ body: Readable.from(failingJars()) })),
  posting('a generator that fails', () => ({ body: failingJars() })),
  posting('what cannot be sent', () => ({ json: 1n })),
  posting('a body and json', () => ({ body: 'plum', json: {} })),
  {
    name: 'POST of a form with files',
    asksAgain: unsafe,
    // The boundary between its parts is another one each time.
    run: async ({ client, origin }) =>
      client().post(`${origin.url}/json`, {
        body: formData(),
        headers: { 'content-type': 'multipart/form-data' },
      }),
  },
  {
    name: 'GET with a body that is not allowed',
    asksAgain: failed,
    run: async ({ client, origin }) => client()(`${origin.url}/echo`, { body: 'plum' }),
  },
  ...[true, false].map((methodRewriting): GotScenario => ({
    name: `POST that is redirected by 302, with methodRewriting: ${methodRewriting}`,
    asksAgain: unsafe,
    run: async ({ client, origin }) =>
      client().post(`${origin.url}/redirect?status=302&to=/echo`, { form: { jam: 'plum' }, methodRewriting }),
  })),
  {
    name: 'a DELETE that answers 204',
    asksAgain: unsafe,
    run: async ({ client, origin }) => client().delete(`${origin.url}/status?code=204`),
  },
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
  getting('a Host of its own', '/echo', { headers: { Host: 'larder.test' } }),
  getting('fields of its own', '/echo', { headers: { 'X-One': '1', 'X-Two': ['2', '3'] } }),
  {
    name: 'prefixUrl',
    run: async ({ client, origin }) => client({ before: { prefixUrl: origin.url } })('echo'),
  },
];

function formData(): FormData {
  const form = new FormData();
  form.set('jam', 'plum');
  form.set('label', new Blob(['Zwetschge'], { type: 'text/plain' }), 'label.txt');
  return form;
}

async function* failingJars(): AsyncGenerator<Buffer> {
  yield Buffer.from('plum ');
  throw new Error('no more jam');
}

async function* jars(): AsyncGenerator<Buffer> {
  yield Buffer.from('plum ');
  yield Buffer.from('jam');
}
