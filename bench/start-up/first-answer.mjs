// @ts-check
// Asks for one document as the first that this process does, and tells the parent how long it took. Arguments: who asks,
// the URL, the folder of the store.

const [who = '', url = '', folder = ''] = process.argv.slice(2);

/** @typedef {'axios-alone' | 'axios-disk' | 'got-alone' | 'got-disk' | 'make-fetch-happen'} Who */

/** @type {Readonly<Record<Who, () => Promise<unknown>>>} */
const ways = {
  async 'axios-alone'() {
    const { default: axios } = await import('axios');
    return (await axios.get(url)).data;
  },
  async 'axios-disk'() {
    const [{ default: axios }, { installCache }, { StreamingManager }] = await Promise.all([
      import('axios'),
      import('http-larder/axios'),
      import('http-larder/disk'),
    ]);
    const client = axios.create();
    installCache(client, { manager: new StreamingManager({ path: folder }) });
    return (await client.get(url)).data;
  },
  async 'got-alone'() {
    const { default: got } = await import('got');
    return await got(url).json();
  },
  async 'got-disk'() {
    const [{ default: got }, { gotCache }, { StreamingManager }] = await Promise.all([
      import('got'),
      import('http-larder/got'),
      import('http-larder/disk'),
    ]);
    const client = got.extend(gotCache({ manager: new StreamingManager({ path: folder }) }));
    return await client(url).json();
  },
  async 'make-fetch-happen'() {
    const { default: fetch } = await import('make-fetch-happen');
    return await (await fetch.defaults({ cachePath: folder })(url)).json();
  },
};

const start = performance.now();
const found = Object.entries(ways).find(([name]) => name === who)?.[1];
if ((await found?.()) === undefined) throw new Error(`${who} got nothing`);
const milliseconds = performance.now() - start;
// What was asked first is to be stored before the process ends.
setTimeout(() => process.send?.({ milliseconds }, () => process.exit()), 200);
