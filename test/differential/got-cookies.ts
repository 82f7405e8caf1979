import type { GotScenario, GotStage } from './got-kit.ts';

/** A jar that takes every cookie for every URL, and the note of what is in it. */
function keepAll({ note }: GotStage): {
  getCookieString: (url: string) => Promise<string>;
  setCookie: (cookie: string, url: string) => Promise<void>;
} {
  const jar = ['sent=1'];
  return {
    getCookieString: async (url) => {
      note('get', url);
      return jar.join('; ');
    },
    setCookie: async (cookie, url) => {
      note('set', cookie, url);
      jar.push(cookie.replace(/;.*/, ''));
    },
  };
}

const refuse = async (): Promise<void> => {
  throw new Error('no more cookies');
};

/** Cookie jars. */
export const gotCookies: readonly GotScenario[] = [
  {
    name: 'a cookie jar',
    run: async (stage) => stage.client()(`${stage.origin.url}/cookies`, { cookieJar: keepAll(stage) }),
  },
  {
    name: 'a cookie jar, and a redirect that fills it',
    run: async (stage) =>
      stage.client()(`${stage.origin.url}/set-cookie-and-go`, { cookieJar: keepAll(stage) }),
  },
  {
    name: 'a cookie jar of one instance for two requests',
    async run(stage) {
      const instance = stage.client({ before: { cookieJar: keepAll(stage) } });
      return [await instance(`${stage.origin.url}/cookies`), await instance(`${stage.origin.url}/echo`)];
    },
  },
  {
    name: 'a cookie jar with callbacks',
    run: async ({ client, origin, note }) => {
      type Done = (error: Error | null, value: unknown) => void;
      const cookieJar: object = {
        getCookieString: (url: string, _options: object, done: Done) => {
          note('get', url);
          done(null, 'a=1');
        },
        setCookie: (cookie: unknown, url: string, _options: object, done: Done) => {
          note('set', cookie, url);
          done(null, undefined);
        },
      };
      return client()(`${origin.url}/cookies`, { cookieJar: cookieJar as never });
    },
  },
  {
    name: 'a cookie jar that refuses',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/cookies`, {
        cookieJar: { getCookieString: async () => '', setCookie: refuse },
      }),
  },
  {
    name: 'a cookie jar whose refusal is ignored',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/cookies`, {
        ignoreInvalidCookies: true,
        cookieJar: { getCookieString: async () => '', setCookie: refuse },
      }),
  },
];
