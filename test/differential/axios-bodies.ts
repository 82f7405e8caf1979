import { getting } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

/** Bodies, and what axios makes of them. */
export const axiosBodies: readonly AxiosScenario[] = [
  getting('json', '/json'),
  getting('json with responseType json', '/json', { responseType: 'json' }),
  getting('json with responseType text', '/json', { responseType: 'text' }),
  getting('text', '/text'),
  getting('a byte order mark', '/bom'),
  getting('a byte order mark in bytes', '/bom', { responseType: 'arraybuffer' }),
  getting('responseType arraybuffer', '/binary', { responseType: 'arraybuffer' }),
  getting('bytes taken for text', '/binary', { responseType: 'text' }),
  getting('responseEncoding latin1', '/latin1', { responseEncoding: 'latin1' }),
  ...(['ascii', 'base64', 'hex', 'utf16le', 'UTF-8'] as const).map((responseEncoding) =>
    getting(`responseEncoding ${responseEncoding}`, '/binary', { responseEncoding }),
  ),
  getting('responseEncoding of json', '/json', { responseEncoding: 'utf8' }),
  getting('responseType blob', '/binary', { responseType: 'blob' }),
  getting('responseType document', '/document', { responseType: 'document' }),
  getting('responseType formdata', '/form', { responseType: 'formdata' }),
  getting('json that does not parse', '/not-json'),
  getting('json that does not parse, strictly', '/not-json', {
    responseType: 'json',
    transitional: { silentJSONParsing: false },
  }),
  ...(['arraybuffer', 'blob', 'document', 'text', 'json', 'formdata'] as const).map((responseType) =>
    getting(`responseType ${responseType} of an error`, '/status?code=404', { responseType }),
  ),
  getting('a chunked body', '/chunked'),
  getting('a large body', '/large?bytes=3000000', { responseType: 'arraybuffer' }),
  getting('Connection: close', '/close'),
  getting('a body ended by the connection', '/close-delimited'),
];
