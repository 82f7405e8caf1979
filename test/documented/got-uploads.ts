import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import type { OptionsOfTextResponseBody } from 'got';
import type { Echo } from './echo.ts';
import { failure, type GotExample } from './got-example.ts';

/** The page on options: what is sent. None of it is answered from the store. */
export const gotUploads: readonly GotExample[] = [
  upload(
    'a body of text',
    ({ data }) => data,
    'Hello, world!',
    () => ({
      body: 'Hello, world!',
    }),
  ),
  upload(
    'a body of bytes',
    ({ data }) => data,
    'hello',
    () => ({
      body: new Uint8Array([104, 101, 108, 108, 111]),
    }),
  ),
  upload(
    'a body that is generated',
    ({ data }) => data,
    'Hello, world!',
    () => ({
      body: greeting(),
    }),
  ),
  upload(
    'a form',
    ({ form }) => form,
    { hello: 'world' },
    () => ({
      form: { hello: 'world' },
    }),
  ),
  upload(
    'header fields beside it',
    ({ headers }) => headers['hello'],
    'world',
    () => ({
      headers: { hello: 'world' },
      body: '',
    }),
  ),
  upload(
    'stringifyJson that leaves members out',
    ({ json }) => json,
    { some: 'payload' },
    () => ({
      stringifyJson: (object: unknown) =>
        JSON.stringify(object, (key, value) => (key.startsWith('_') ? undefined : value)),
      json: { some: 'payload', _ignoreMe: 1234 },
    }),
  ),
  upload(
    'stringifyJson that makes strings of numbers',
    ({ json }) => json,
    { some: 'payload', number: '1' },
    () => ({
      stringifyJson: (object: unknown) =>
        JSON.stringify(object, (_key, value) => (typeof value === 'number' ? String(value) : value)),
      json: { some: 'payload', number: 1 },
    }),
  ),
  {
    name: 'a FormData',
    async run({ got, site }) {
      const form = new FormData();
      form.set('greeting', 'Hello, world!');
      return (await got.post(`${site.url}/post`, { body: form }).json<Echo>()).form['greeting'];
    },
    gives: 'Hello, world!',
    asksAgain: 1,
  },
  {
    name: 'a file, and its length',
    async run({ got, site, folder }) {
      const path = `${folder}/sample.txt`;
      await writeFile(path, 'plum jam');
      const { size } = await stat(path);
      const { data, headers } = await got
        .post(`${site.url}/anything`, {
          body: createReadStream(path),
          headers: { 'content-length': size.toString() },
        })
        .json<Echo>();
      return { data, length: headers['content-length'] };
    },
    gives: { data: 'plum jam', length: '8' },
    asksAgain: 1,
  },
  {
    name: 'progress of a file',
    async run({ got, site, folder }) {
      const path = `${folder}/sample.txt`;
      await writeFile(path, Buffer.alloc(100_000, 'jam '));
      const transferred: number[] = [];
      const promise = got.post(`${site.url}/anything`, { body: createReadStream(path) });
      void promise.on('uploadProgress', (progress) => void transferred.push(progress.transferred));
      await promise;
      return [transferred[0], transferred.at(-1)];
    },
    gives: [0, 100_000],
    asksAgain: 1,
  },
  {
    name: 'a GET with a body, where it is allowed',
    async run({ got, site }) {
      const refused = await failure(got(`${site.url}/anything`, { body: 'hi' }));
      const { method, data } = await got(`${site.url}/anything`, {
        body: 'hi',
        allowGetBody: true,
      }).json<Echo>();
      return { refused: refused.message, method, data };
    },
    gives: { refused: 'The `GET` method cannot be used with a body', method: 'GET', data: 'hi' },
    // A cache does not know what the body asks for.
    asksAgain: 1,
  },
];

async function* greeting(): AsyncGenerator<string> {
  yield 'Hello, ';
  yield 'world!';
}

function upload(
  name: string,
  look: (echo: Echo) => unknown,
  gives: unknown,
  options: () => OptionsOfTextResponseBody,
): GotExample {
  return {
    name,
    run: async ({ got, site }) => look(await got.post(`${site.url}/anything`, options()).json<Echo>()),
    gives,
    asksAgain: 1,
  };
}
