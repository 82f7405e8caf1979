import { Readable } from 'node:stream';
import { getting } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const unsafe = 'the response to an unsafe method answers no later request';

/** POSTs to the echo. */
function posting(name: string, data: () => unknown, asksAgain: string = unsafe): AxiosScenario {
  return { name, asksAgain, run: ({ client, origin }) => client().post(`${origin.url}/echo`, data()) };
}

/** What goes out. */
export const axiosRequests: readonly AxiosScenario[] = [
  posting('POST of json', () => ({ jam: 'plum' })),
  posting('POST of text', () => 'plum jam'),
  posting('POST of bytes', () => Buffer.from('plum jam')),
  posting('POST of nothing', () => undefined),
  posting('POST of a form', () => new URLSearchParams({ jam: 'plum' })),
  posting('POST of a stream', () => Readable.from([Buffer.from('plum '), Buffer.from('jam')])),
  posting('POST of a stream that fails', () => Readable.from(failing())),
  {
    name: 'POST of multipart data',
    asksAgain: unsafe,
    run({ client, origin }) {
      const form = new FormData();
      form.set('jam', 'plum');
      const headers = { 'Content-Type': 'multipart/form-data; boundary=----a-boundary-of-ours' };
      return client().post(`${origin.url}/echo`, form, { headers });
    },
  },
  {
    name: 'upload progress',
    asksAgain: unsafe,
    async run({ client, origin, note }) {
      let last: unknown;
      const response = await client().post(`${origin.url}/echo`, Buffer.alloc(200_000, 'jam'), {
        onUploadProgress: ({ loaded, total, progress, upload }) => {
          last = { loaded, total, progress, upload };
        },
      });
      note('progress', last);
      return response;
    },
  },
  {
    name: 'POST over maxBodyLength',
    asksAgain: unsafe,
    run: ({ client, origin }) => client().post(`${origin.url}/echo`, 'plum jam', { maxBodyLength: 3 }),
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
        await instance.options(`${origin.url}/echo`),
      ];
    },
  },
  {
    name: 'GET with a body',
    asksAgain: 'a GET with a body is not cached',
    run: ({ client, origin }) => client().get(`${origin.url}/echo`, { data: { jam: 'plum' } }),
  },
  ...[301, 303, 307, 308].map((status): AxiosScenario => ({
    name: `POST that is redirected by ${status}`,
    asksAgain: unsafe,
    run: ({ client, origin }) =>
      client().post(`${origin.url}/redirect?status=${status}&to=/echo`, { jam: 'plum' }),
  })),
  {
    name: 'a POST that answers 404',
    asksAgain: unsafe,
    run: ({ client, origin }) => client().post(`${origin.url}/status?code=404`),
  },
  {
    name: 'Expect: 100-continue',
    asksAgain: unsafe,
    run: ({ client, origin }) =>
      client().post(`${origin.url}/echo`, 'plum jam', {
        headers: { Expect: '100-continue' },
        maxRedirects: 0,
      }),
  },
  getting('params', '/echo?first=1', { params: { jam: ['plum', 'fig'], 'sp ace': 'ä&=', nothing: null } }),
  getting('auth', '/echo', { auth: { username: 'plum', password: 'jäm' } }),
  {
    name: 'credentials in the URL',
    run: ({ client, origin }) => client().get(`${origin.url.replace('//', '//plum:jam@')}/echo`),
  },
  getting('a fragment', '/echo#shelf'),
  getting('a range', '/echo', { headers: { Range: 'bytes=0-3' } }, { asksAgain: 'it asks for a part only' }),
  getting('a Host of its own', '/echo', { headers: { Host: 'larder.test' } }),
  getting('fields of its own', '/echo', {
    headers: { 'X-One': '1', 'x-two': '2', Accept: 'application/json' },
  }),
  {
    name: 'baseURL and defaults',
    run: ({ client, origin }) =>
      client({ defaults: { baseURL: origin.url, headers: { 'X-Default': 'yes' } } }).get('/echo'),
  },
];

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('plum ');
  throw new Error('the jar broke');
}
