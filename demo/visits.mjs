// @ts-check

/**
 * One request that both clients send.
 *
 * @typedef {object} Visit
 * @property {string} name What the table calls it.
 * @property {string} url
 * @property {'GET' | 'POST'} method
 * @property {Readonly<Record<string, string>>} headers
 * @property {string} [body]
 * @property {boolean} stream Whether the body is read as a stream.
 */

/**
 * What an application asks of the demo's origin, in this order.
 *
 * @param {string} origin Its URL, without a slash at the end.
 * @returns {readonly Visit[]}
 */
export function visits(origin) {
  /** @type {(path: string, more?: Partial<Visit>) => Visit} */
  const get = (path, more = {}) => ({
    name: path,
    url: origin + path,
    method: 'GET',
    headers: {},
    stream: false,
    ...more,
  });
  return [
    get('/api/users'),
    get('/pages/about'),
    get('/data/measurements.csv', { headers: { 'Accept-Encoding': 'gzip' }, stream: true }),
    get('/latest', { name: '/latest -> /releases/2' }),
    get('/greeting', { name: '/greeting (en)', headers: { 'Accept-Language': 'en' } }),
    get('/greeting', { name: '/greeting (de)', headers: { 'Accept-Language': 'de' } }),
    get('/time'),
    get('/api/me', { name: '/api/me (anna)', headers: { Authorization: 'Bearer anna' } }),
    get('/api/me', { name: '/api/me (ben)', headers: { Authorization: 'Bearer ben' } }),
    get('/api/cart'),
    get('/api/cart', { name: 'POST /api/cart', method: 'POST', body: 'item=tea' }),
    get('/api/cart', { name: '/api/cart (changed)' }),
  ];
}

/**
 * A visit to a real site.
 *
 * @param {URL} url
 * @returns {Visit}
 */
export function siteVisit(url) {
  return {
    name: url.href,
    url: url.href,
    method: 'GET',
    headers: {},
    stream: true,
  };
}
