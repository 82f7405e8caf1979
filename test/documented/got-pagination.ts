import { failure, type GotExample } from './got-example.ts';

interface Commit {
  readonly commit: { readonly message: string };
}

const messageOf = ({ commit }: Commit): string => commit.message;

/** The page on pagination. The site has twelve commits, five to a page. */
export const gotPagination: readonly GotExample[] = [
  {
    name: 'pages by their Link field, one item at a time',
    async run({ got, site }) {
      const messages: string[] = [];
      const commits = got.paginate<Commit>(`${site.url}/commits`, { pagination: { countLimit: 7 } });
      for await (const commit of commits) messages.push(messageOf(commit));
      return [messages.length, messages[0], messages.at(-1)];
    },
    gives: [7, 'commit 1', 'commit 7'],
    asks: 2,
  },
  {
    name: 'pages.each',
    async run({ got, site }) {
      let last = '';
      for await (const commit of got.paginate.each<Commit>(`${site.url}/commits`)) last = messageOf(commit);
      return last;
    },
    gives: 'commit 12',
    asks: 3,
  },
  {
    name: 'all items at once',
    run: async ({ got, site }) => (await got.paginate.all<Commit>(`${site.url}/commits`)).length,
    gives: 12,
    asks: 3,
  },
  {
    name: 'pages by number, up to one that is empty',
    async run({ got, site }) {
      const commits = await got.paginate.all<Commit>(`${site.url}/commits`, {
        searchParams: { page: 1 },
        pagination: {
          transform: (response): Commit[] => JSON.parse(String(response.body)),
          paginate: ({ response, currentItems }) => {
            if (currentItems.length === 0) return false;
            const page = Number(new URL(response.url).searchParams.get('page'));
            return { searchParams: { page: page + 1 } };
          },
          backoff: 1,
        },
      });
      return commits.length;
    },
    gives: 12,
    asks: 4,
  },
  {
    name: 'a filter, and an end by what is in an item',
    run: async ({ got, site }) =>
      (
        await got.paginate.all<Commit>(`${site.url}/commits`, {
          pagination: {
            filter: ({ item }) => Number(messageOf(item).slice(7)) % 2 === 0,
            shouldContinue: ({ item }) => messageOf(item) !== 'commit 8',
          },
        })
      ).map(messageOf),
    gives: ['commit 2', 'commit 4', 'commit 6'],
    asks: 2,
  },
  {
    name: 'an end after the item, by all of them',
    run: async ({ got, site }) =>
      (
        await got.paginate.all<Commit>(`${site.url}/commits`, {
          pagination: {
            stackAllItems: true,
            shouldContinue: ({ allItems }) => !allItems.some((item) => messageOf(item) === 'commit 3'),
          },
        })
      ).length,
    gives: 3,
  },
  {
    name: 'a limit for the requests',
    run: async ({ got, site }) =>
      (await got.paginate.all<Commit>(`${site.url}/commits`, { pagination: { requestLimit: 2 } })).length,
    gives: 10,
    asks: 2,
  },
  {
    name: 'pages of parsed JSON',
    run: async ({ got, site }) =>
      (await got.extend({ responseType: 'json' }).paginate.all<Commit>(`${site.url}/commits?page=3`)).length,
    gives: 2,
  },
  {
    name: 'pages that are none',
    run: async ({ got, site }) => (await failure(got.paginate.all(`${site.url}/status/404`))).code,
    gives: 'ERR_NON_2XX_3XX_RESPONSE',
  },
];
