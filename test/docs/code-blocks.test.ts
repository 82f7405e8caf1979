import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, type Installation } from '../package/installed-package.ts';
import { codeBlocks } from './code-blocks.ts';
import { compileFaults } from './compile-blocks.ts';
import { runBlock } from './run-block.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const blocks = codeBlocks(root);
const compileTimeoutMs = 60_000;

describe('the code blocks of the documentation', () => {
  it('compile', () => expect(compileFaults(root, blocks)).toEqual([]), compileTimeoutMs);

  it(
    'are named by file and line when they do not',
    () => {
      const block = {
        file: 'docs/planted.md',
        line: 7,
        code: `const port: number = url;\nport;`,
        run: false,
      };
      expect(compileFaults(root, [block])).toEqual([
        `docs/planted.md:8 Type 'string' is not assignable to type 'number'.`,
      ]);
    },
    compileTimeoutMs,
  );
});

describe('the code blocks marked `ts run`', () => {
  let installation: Installation;
  let origin: Server;
  let url = '';

  beforeAll(async () => {
    installation = installPackage([
      'axios',
      'got',
      'axios-cache-interceptor',
      'cacache',
      'redis',
      'ioredis',
      'cacheable-request',
      'keyv',
      'make-fetch-happen',
      'prom-client',
      'rate-limiter-flexible',
      '@opentelemetry/api',
      '@opentelemetry/sdk-metrics',
    ]);
    origin = createServer((request, response) => {
      const head = { 'Cache-Control': 'max-age=60', 'Content-Type': 'application/json', ETag: '"1"' };
      const confirmed = request.headers['if-none-match'] === head.ETag;
      response.writeHead(confirmed ? 304 : 200, head).end(confirmed ? '' : '{"name":"larder"}');
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const address = origin.address();
    if (address === null || typeof address === 'string') throw new Error('The origin listens on no port.');
    url = `http://127.0.0.1:${address.port}/`;
  });
  afterAll(() => {
    installation[Symbol.dispose]();
    origin.closeAllConnections();
    origin.close();
  });

  it.each(blocks.filter((block) => block.run))(
    'run: $file, line $line',
    async (block) => {
      await expect(runBlock(installation, block, url)).resolves.toBeTypeOf('string');
    },
    compileTimeoutMs,
  );

  it('fail with what they threw', async () => {
    const block = { file: 'docs/planted.md', line: 1, code: `throw new Error(\`no \${url}\`);`, run: true };
    await expect(runBlock(installation, block, url)).rejects.toThrow(`no ${url}`);
  });
});
