import { Blob, File } from 'node:buffer';
import { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig } from 'axios';
import type { AxiosScenario } from './axios-kit.ts';

const unsafe = 'the response to an unsafe method answers no later request';

/** POSTs to the echo. */
function posting(name: string, data: () => unknown, config: AxiosRequestConfig = {}): AxiosScenario {
  return {
    name: `POST of ${name}`,
    asksAgain: unsafe,
    run: ({ client, origin }) => client().post(`${origin.url}/echo`, data(), config),
  };
}

const boundary = { headers: { 'Content-Type': 'multipart/form-data; boundary=----a-boundary-of-ours' } };

/** Bodies of requests. */
export const axiosUploads: readonly AxiosScenario[] = [
  posting('json', () => ({ jam: 'plum' })),
  posting('a list', () => ['plum', { jam: 1 }]),
  posting('a number as json', () => 7, { headers: { 'Content-Type': 'application/json' } }),
  posting('text', () => 'plum jam'),
  posting('text with a type', () => '<jam/>', { headers: { 'Content-Type': 'text/xml' } }),
  posting('bytes', () => Buffer.from('plum jam')),
  posting('an array of bytes', () => new Uint8Array([1, 2, 3])),
  posting('an array buffer', () => new Uint8Array([1, 2, 3]).buffer),
  posting('nothing', () => undefined),
  posting('null', () => null),
  posting('an empty text', () => ''),
  posting('a form', () => new URLSearchParams({ jam: 'plum' })),
  posting('an object as a form', () => ({ jam: ['plum', 'fig'] }), {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  }),
  posting('a blob', () => new Blob(['plum jam'], { type: 'text/jam' })),
  posting('a file', () => new File(['plum jam'], 'jam.txt')),
  posting('a stream', () => Readable.from([Buffer.from('plum '), Buffer.from('jam')])),
  posting('a stream of known length', () => Readable.from([Buffer.from('plum jam')]), {
    headers: { 'Content-Length': '8' },
  }),
  posting('a stream without redirects', () => Readable.from([Buffer.from('plum jam')]), { maxRedirects: 0 }),
  posting('an empty stream', () => Readable.from([])),
  posting('a stream that fails', () => Readable.from(failing())),
  posting('a stream that is destroyed', () => {
    const stream = Readable.from(failing());
    stream.once('data', () => stream.destroy());
    return stream;
  }),
  posting('what cannot be sent', () => 7n, { transformRequest: [] }),
  posting(
    'multipart data',
    () => {
      const form = new FormData();
      form.set('jam', 'plum');
      form.set('file', new Blob(['plum jam'], { type: 'text/jam' }), 'jam.txt');
      return form;
    },
    boundary,
  ),
  posting('multipart data of the form-data package', () => {
    const form = axios.toFormData({});
    // What was appended has the boundary already.
    Reflect.apply(Reflect.get(form, 'setBoundary'), form, ['a-boundary-of-ours']);
    return axios.toFormData({ jam: 'plum', file: Buffer.from('plum jam') }, form);
  }),
  ...[301, 302, 303, 307, 308].map((status): AxiosScenario => ({
    name: `POST that is redirected by ${status}`,
    asksAgain: unsafe,
    run: ({ client, origin }) =>
      client().post(`${origin.url}/redirect?status=${status}&to=/echo`, { jam: 'plum' }),
  })),
  {
    name: 'POST of a stream that is redirected by 307',
    asksAgain: unsafe,
    run: ({ client, origin }) =>
      client().post(
        `${origin.url}/redirect?status=307&to=/echo`,
        Readable.from([Buffer.from('plum '), Buffer.from('jam')]),
      ),
  },
  {
    name: 'POST whose response is a stream',
    asksAgain: unsafe,
    async run({ client, origin }) {
      const { data } = await client().post(`${origin.url}/echo`, 'plum', { responseType: 'stream' });
      let text = '';
      for await (const chunk of data) text += chunk;
      return text;
    },
  },
  {
    name: 'PUT, PATCH, DELETE and OPTIONS',
    asksAgain: unsafe,
    async run({ client, origin }) {
      const instance = client();
      return [
        await instance.put(`${origin.url}/echo`, 'plum'),
        await instance.patch(`${origin.url}/echo`, 'jam'),
        await instance.delete(`${origin.url}/echo`),
        await instance.delete(`${origin.url}/echo`, { data: 'jam' }),
        await instance.options(`${origin.url}/echo`),
      ];
    },
  },
  {
    name: 'a method of its own',
    asksAgain: unsafe,
    run: ({ client, origin }) => client().request({ url: `${origin.url}/echo`, method: 'purge' }),
  },
];

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('plum ');
  throw new Error('the jar broke');
}
