import got, { Options, type ExtendOptions } from 'got';
import type { GotScenario } from './got-kit.ts';

/** An instance that answers in pages. */
const paged: ExtendOptions = { pagination: { transform: ({ body }) => [body], backoff: 0 } };

/** How instances are made, and called. */
export const gotInstances: readonly GotScenario[] = [
  {
    name: 'an instance that is extended again',
    run: async ({ client, origin }) => {
      const one = client().extend({ prefixUrl: origin.url, headers: { 'x-one': '1' } });
      const two = one.extend({ headers: { 'x-two': '2' }, context: { depth: 2 } }, { responseType: 'json' });
      return [await one('echo'), await two('echo?two', { headers: { 'x-one': undefined } })];
    },
  },
  {
    name: 'an instance that is merged with others',
    run: async ({ client, origin }) => {
      const plain = got.extend({ headers: { 'x-plain': 'yes' } });
      const merged = plain.extend(client({ after: { headers: { 'x-one': '1' } } }), {
        headers: { 'x-two': '2' },
      });
      return merged(`${origin.url}/echo`);
    },
  },
  {
    name: 'what an instance says of itself',
    asksAgain: 'it asks nobody',
    run: async ({ client }) => {
      const instance = client({ after: { context: { token: 'plum' } } });
      const { mutableDefaults, handlers, options } = instance.defaults;
      return [Object.keys(instance), mutableDefaults, handlers, options];
    },
  },
  {
    name: 'mutableDefaults',
    run: async ({ client, origin }) => {
      const instance = client({ after: { mutableDefaults: true } });
      const first = await instance(`${origin.url}/echo`);
      instance.defaults.options.headers['x-late'] = 'yes';
      instance.defaults.options.merge({ context: { token: 'plum' } });
      return [first, await instance(`${origin.url}/echo?late`)];
    },
  },
  {
    name: 'a prepared Options',
    run: async ({ client, origin }) => {
      const instance = client();
      const options = new Options(
        `${origin.url}/echo`,
        { headers: { 'x-one': '1' } },
        instance.defaults.options,
      );
      return instance(undefined, undefined, options);
    },
  },
  {
    name: 'a URL object',
    run: async ({ client, origin }) => client()(new URL(`${origin.url}/echo?plum=jam`)),
  },
  {
    name: 'a URL among the options',
    run: async ({ client, origin }) => client()({ url: `${origin.url}/echo` }),
  },
  {
    name: 'got.get and got.head',
    run: async ({ client, origin }) => {
      const instance = client();
      return [await instance.get(`${origin.url}/json`), await instance.head(`${origin.url}/text`)];
    },
  },
  {
    name: 'context',
    run: async ({ client, origin }) => client()(`${origin.url}/json`, { context: { token: 'plum' } }),
  },
  {
    name: 'cache: false',
    run: async ({ client, origin }) => client()(`${origin.url}/json`, { cache: false }),
  },
  {
    name: 'pagination by Link',
    async run({ client, origin }) {
      origin.route('/page', ({ response, date, query }) => {
        const page = Number(query.get('page') ?? 1);
        const link = page < 3 ? { Link: `</page?page=${page + 1}>; rel="next"` } : {};
        const head = { Date: date, 'Cache-Control': 'max-age=3600', 'Content-Type': 'application/json' };
        response.writeHead(200, { ...head, ...link }).end(JSON.stringify([page, page * 10]));
      });
      return client().paginate.all(`${origin.url}/page`);
    },
  },
  {
    name: 'pagination by searchParams',
    async run({ client, origin, note }) {
      const pages = client({ after: paged }).paginate<string>(`${origin.url}/echo`, {
        searchParams: { offset: 0 },
        pagination: {
          stackAllItems: true,
          countLimit: 3,
          paginate: ({ response, allItems }) => {
            note('page', response.url, allItems.length);
            return { searchParams: { offset: allItems.length } };
          },
        },
      });
      const items: string[] = [];
      for await (const item of pages) items.push(item);
      return items;
    },
  },
  {
    name: 'pagination of an error',
    run: async ({ client, origin }) => client({ after: paged }).paginate.all(`${origin.url}/status?code=404`),
  },
];
