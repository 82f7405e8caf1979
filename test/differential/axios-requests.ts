import { getting } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const unsafe = 'the response to an unsafe method answers no later request';

/** What goes out. */
export const axiosRequests: readonly AxiosScenario[] = [
  {
    name: 'GET with a body',
    asksAgain: 'a GET with a body is not cached',
    run: ({ client, origin }) => client().get(`${origin.url}/echo`, { data: { jam: 'plum' } }),
  },
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
  getting(
    'GET with Expect: 100-continue',
    '/echo',
    { headers: { Expect: '100-continue' } },
    { asksAgain: 'an expectation is between the caller and the origin' },
  ),
  getting('Connection: close of the caller', '/echo', { headers: { Connection: 'close' } }),
  getting('params', '/echo?first=1', { params: { jam: ['plum', 'fig'], 'sp ace': 'ä&=', nothing: null } }),
  getting('params of a serialiser', '/echo', {
    params: { jam: 'plum' },
    paramsSerializer: { serialize: (params) => Object.keys(params).join('&') },
  }),
  getting(
    'a serialiser of params that throws',
    '/echo',
    {
      params: { jam: 'plum' },
      paramsSerializer: () => {
        throw new Error('no jam');
      },
    },
    { asksAgain: 'nothing is asked' },
  ),
  getting('auth', '/echo', { auth: { username: 'plum', password: 'jäm' } }),
  {
    name: 'credentials in the URL',
    run: ({ client, origin }) => client().get(`${origin.url.replace('//', '//plum:jam@')}/echo`),
  },
  getting('a token in place of the credentials in the URL', '/token', {
    headers: { Authorization: 'Bearer plum' },
  }),
  getting('options for browsers', '/echo', {
    withCredentials: true,
    withXSRFToken: true,
    xsrfCookieName: 'token',
    headers: { Cookie: 'token=plum' },
  }),
  getting('fields of several lines', '/echo', { headers: { 'X-Jam': ['plum', 'fig'] } }),
  getting('fields that are not there', '/echo', {
    headers: { 'X-None': null, 'X-Undefined': undefined, 'User-Agent': false },
  }),
  getting('a User-Agent of its own', '/echo', { headers: { 'User-Agent': 'larder' } }),
  getting('a fragment', '/echo#shelf'),
  getting(
    'several ranges',
    '/echo',
    { headers: { Range: 'bytes=0-3,8-9' } },
    { asksAgain: 'only one range is cut' },
  ),
  getting('a Host of its own', '/echo', { headers: { Host: 'larder.test' } }),
  getting('fields of its own', '/echo', {
    headers: { 'X-One': '1', 'x-two': '2', Accept: 'application/json' },
  }),
  {
    name: 'a URL that is below the baseURL',
    run: ({ client, origin }) =>
      client({ defaults: { baseURL: `${origin.url}/echo?`, allowAbsoluteUrls: false } }).get(
        'http://larder.test/',
      ),
  },
  {
    name: 'an instance that is called',
    run: ({ client, origin }) => client()({ url: `${origin.url}/echo`, method: 'GET' }),
  },
  {
    name: 'baseURL and defaults',
    run: ({ client, origin }) =>
      client({ defaults: { baseURL: origin.url, headers: { 'X-Default': 'yes' } } }).get('/echo'),
  },
];
