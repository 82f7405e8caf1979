import querystring from 'node:querystring';
import { Readable } from 'node:stream';
import axiosStatic, { type AxiosProgressEvent, type AxiosRequestConfig } from 'axios';
import type { AxiosExample } from './axios-example.ts';
import type { Echo } from './echo.ts';

const users = [
  { name: 'Peter', surname: 'Griffin' },
  { name: 'Thomas', surname: 'Anderson' },
];
const fields = {
  x: '1',
  'arr[]': ['1', '2', '3'],
  'arr2[0]': '1',
  'arr2[1][0]': '2',
  'arr2[2]': '3',
  'users[0][name]': 'Peter',
  'users[0][surname]': 'Griffin',
  'users[1][name]': 'Thomas',
  'users[1][surname]': 'Anderson',
};
const fieldsOf = { x: 1, arr: [1, 2, 3], arr2: [1, [2], 3], users };
const urlEncoded = { 'content-type': 'application/x-www-form-urlencoded' };

/** Forms, files, progress and rates. Nothing that is sent is answered from the store. */
export const axiosUploads: readonly AxiosExample[] = [
  posting('URLSearchParams', { foo: 'bar', extraparam: 'value' }, () => {
    const params = new URLSearchParams({ foo: 'bar' });
    params.append('extraparam', 'value');
    return { data: params };
  }),
  posting('a query string', { foo: 'bar' }, () => ({
    data: querystring.stringify({ foo: 'bar' }),
    headers: urlEncoded,
  })),
  posting('an object as a form in a query string', fields, () => ({ data: fieldsOf, headers: urlEncoded })),
  posting('a FormData', { foo: 'bar' }, () => {
    const form = new FormData();
    form.append('foo', 'bar');
    return { data: form };
  }),
  posting('a FormData with bytes', { my_field: 'my value', my_file: '<text/plain jam.txt: 4>' }, () => {
    const form = new FormData();
    form.append('my_field', 'my value');
    form.append('my_file', new File(['plum'], 'jam.txt', { type: 'text/plain' }));
    return { data: form };
  }),
  posting('an object as a form in parts', { ...fields, 'obj2{}': '[{"x":1}]' }, () => ({
    data: { ...fieldsOf, 'obj2{}': [{ x: 1 }] },
    headers: { 'Content-Type': 'multipart/form-data' },
  })),
  posting(
    'a form with its own way to write names',
    { 'arr.0': '1', 'arr.1': '2', 'user.name': 'Peter' },
    () => ({
      data: { arr: [1, 2], user: { name: 'Peter' } },
      headers: { 'Content-Type': 'multipart/form-data' },
      formSerializer: { indexes: true, dots: true },
    }),
  ),
  {
    name: 'postForm, putForm and patchForm',
    async run({ axios, site }) {
      const url = `${site.url}/anything`;
      const responses = [
        await axios.postForm<Echo>(url, { myVar: 'foo' }),
        await axios.putForm<Echo>(url, { myVar: 'foo' }),
        await axios.patchForm<Echo>(url, { myVar: 'foo' }),
      ];
      return responses.map(({ data }) => [data.method, data.form]);
    },
    gives: [
      ['POST', { myVar: 'foo' }],
      ['PUT', { myVar: 'foo' }],
      ['PATCH', { myVar: 'foo' }],
    ],
    asks: 3,
    asksAgain: 3,
  },
  {
    name: 'a form as JSON',
    async run({ axios, site }) {
      const form = new FormData();
      form.append('foo', '1');
      form.append('deep.prop', '2');
      form.append('baz', '4');
      form.append('baz', '5');
      const { data } = await axios.post<Echo>(`${site.url}/post`, form, {
        headers: { 'Content-Type': 'application/json' },
      });
      return [data.json, axiosStatic.formToJSON(form)];
    },
    gives: [
      { foo: '1', deep: { prop: '2' }, baz: ['4', '5'] },
      { foo: '1', deep: { prop: '2' }, baz: ['4', '5'] },
    ],
    asksAgain: 1,
  },
  {
    name: 'progress of both ways',
    async run({ axios, site }) {
      const last: { up?: AxiosProgressEvent; down?: AxiosProgressEvent } = {};
      const { status } = await axios.post(`${site.url}/post`, Buffer.alloc(50_000, 'jam '), {
        headers: { 'Content-Type': 'text/plain' },
        onUploadProgress: (event) => void (last.up = event),
        onDownloadProgress: (event) => void (last.down = event),
      });
      return [status, last.up?.loaded, last.up?.upload, last.down?.progress, last.down?.download];
    },
    gives: [200, 50_000, true, 1, true],
    asksAgain: 1,
  },
  {
    name: 'progress of a stream',
    async run({ axios, site }) {
      const percents: string[] = [];
      const { data } = await axios.post<Echo>(`${site.url}/post`, Readable.from([Buffer.from('plum jam')]), {
        onUploadProgress: ({ progress = 0 }) => void percents.push((progress * 100).toFixed(2)),
        headers: { 'Content-Length': 8, 'Content-Type': 'text/plain' },
        maxRedirects: 0,
      });
      return [data.data, percents.at(-1)];
    },
    gives: ['plum jam', '100.00'],
    asksAgain: 1,
  },
  {
    name: 'a rate for an upload',
    async run({ axios, site }) {
      const { data } = await axios.post<Echo>(`${site.url}/post`, Buffer.from('plum jam'), {
        headers: { 'Content-Type': 'text/plain' },
        maxRate: [100 * 1024, 100 * 1024],
      });
      return data.data;
    },
    gives: 'plum jam',
    asksAgain: 1,
  },
];

function posting(name: string, gives: unknown, config: () => AxiosRequestConfig): AxiosExample {
  return {
    name: `a POST of ${name}`,
    run: async ({ axios, site }) =>
      (await axios.request<Echo>({ method: 'post', url: `${site.url}/post`, ...config() })).data.form,
    gives,
    asksAgain: 1,
  };
}
