import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report, Row } from '../../demo/report.mjs';
import { startOrigin } from '../helpers/origin.ts';

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const main = fileURLToPath(new URL('../../demo/main.mjs', import.meta.url));

function runDemo(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

function reportOf(run: Run): Report {
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(run.stdout);
}

describe('the demo against its own origin', () => {
  let report: Report;
  const rowsOf = (request: string): Row[] => report.rows.filter((row) => row.request === request);

  beforeAll(async () => {
    report = reportOf(await runDemo('--json'));
  });

  it('finds nothing wrong', () => {
    expect(report.faults).toEqual([]);
  });

  it('drives both clients with both managers, and with the disk manager in a second process', () => {
    const seen = report.rows.map((row) => `${row.client} ${row.manager} ${row.restarted}`);
    expect(new Set(seen)).toEqual(
      new Set([
        'axios memory false',
        'got memory false',
        'axios disk false',
        'got disk false',
        'axios disk true',
        'got disk true',
      ]),
    );
  });

  it.each([
    '/pages/about',
    '/data/measurements.csv',
    '/latest -> /releases/2',
    '/greeting (de)',
    '/api/me (ben)',
  ])('asks the origin for %s once for each store', (request) => {
    const rows = rowsOf(request);
    expect(rows.map((row) => row.outcome)).toEqual(['miss', 'hit', 'miss', 'hit', 'hit', 'hit']);
    for (const hit of rows.filter((row) => row.outcome === 'hit')) {
      expect(hit).toMatchObject({ originRequests: 0, originBytes: 0, sha256: rows[0]?.sha256 });
      expect(hit.cacheBytes).toBeGreaterThan(0);
    }
  });

  it('has what must be validated confirmed by the origin', () => {
    expect(rowsOf('/api/users').map((row) => row.outcome)).toEqual([
      'miss',
      'revalidated',
      'miss',
      'revalidated',
      'revalidated',
      'revalidated',
    ]);
  });

  it('asks anew for what is not stored and for what was changed', () => {
    expect(new Set(rowsOf('/time').map((row) => row.outcome))).toEqual(new Set(['miss']));
    expect(rowsOf('/api/cart (changed)').map((row) => row.outcome)).toEqual([
      'miss',
      'hit',
      'miss',
      'hit',
      'miss',
      'hit',
    ]);
  });

  it('says why a response is not stored', () => {
    expect(new Set(rowsOf('/time').map((row) => row.notStored))).toEqual(new Set(['response-no-store']));
    expect(new Set(rowsOf('/greeting (en)').map((row) => row.notStored))).toEqual(new Set([null]));
  });

  it('adds up what was saved', () => {
    const hits = report.rows.filter((row) => row.outcome === 'hit');
    expect(report.totals.requests).toBe(report.rows.length);
    expect(report.totals.requestsSaved).toBe(hits.length);
    expect(report.totals.bytesSaved).toBeGreaterThan(8 * 1024 * 1024);
  });
});

describe('the demo on a console', () => {
  it('prints a table of at most 100 columns, without colours where there is no terminal', async () => {
    const run = await runDemo();
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const lines = run.stdout.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(run.stdout).not.toContain('\u001B');
    expect(run.stdout).toMatch(/^axios +\/time +miss \(uri-miss\), no-store +\d/m);
    expect(lines.at(-2)).toBe(
      'Every body is what the origin sent (SHA-256), and nothing fresh was asked for again.',
    );
  });

  it('explains itself', async () => {
    expect(await runDemo('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: npm run demo'),
    });
  });

  it.each([
    ['--jsn', 'Unknown option --jsn: give --json, --timeout, --help or URLs.\n'],
    ['--timeout=soon', '--timeout soon is not a time to wait: give a number of seconds, at most 3600.\n'],
    ['--json=yes', 'The option --json takes no value.\n'],
    [
      'file:///etc/hosts',
      'file:///etc/hosts is not a URL to visit: give one that starts with http:// or https://.\n',
    ],
  ])('refuses %s in one sentence', async (argument, stderr) => {
    expect(await runDemo(argument)).toEqual({ code: 2, stdout: '', stderr });
  });
});

describe('the demo against sites', () => {
  it('visits each URL twice through each client and manager', async () => {
    await using origin = await startOrigin({
      '/fresh': ({ response, date }) => {
        response.writeHead(200, { Date: date, 'Cache-Control': 'max-age=3600' }).end('fresh');
      },
      '/changing': ({ response, date, nth }) => {
        response.writeHead(200, { Date: date, 'Cache-Control': 'no-store' }).end(String(nth));
      },
    });
    const report = reportOf(await runDemo('--json', `${origin.url}/fresh`, `${origin.url}/changing`));
    expect(report.faults).toEqual([]);
    expect(report.rows).toHaveLength(2 * 2 * 2 * 2);
    expect(origin.count('/fresh')).toBe(2);
    expect(origin.count('/changing')).toBe(8);
    expect(report.totals).toMatchObject({ requests: 16, requestsSaved: 6, bytesSaved: 6 * 'fresh'.length });
  });

  it('tells long URLs of one site apart in 100 columns', async () => {
    await using origin = await startOrigin();
    const path = `${origin.url}/a/rather/long/path/of/many/segments`;
    const urls = [
      `${path}/one?page=1`,
      `${path}/two?page=1`,
      `${path}/${'same/'.repeat(9)}`,
      `${path}/same/`,
    ];
    const { stdout } = await runDemo(...urls, `${path}/${'same/'.repeat(8)}`);
    const lines = stdout.split('\n').filter((line) => /^(axios|got) /.test(line));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    const labels = new Set(lines.map((line) => line.slice(7, 37).trimEnd()));
    expect([...labels]).toEqual([
      expect.stringMatching(/^http:.*….*\/one\?page=1$/),
      expect.stringMatching(/^http:.*….*\/two\?page=1$/),
      expect.stringMatching(/^http:.*….*\/same\/$/),
      expect.stringMatching(/^http:.*….*\/same\/$/),
      expect.stringMatching(/^http:.*….*\/same\/ #2$/),
    ]);
  });

  it('goes on without the URLs that cannot be reached, names them at the end, and fails', async () => {
    const closed = await startOrigin();
    await closed.close();
    await using origin = await startOrigin({
      '/silent': ({ toldToGoOn }) => toldToGoOn,
      '/endless': ({ response, date }) => void response.writeHead(200, { Date: date }).write('no end'),
      '/fresh': ({ response, date }) => {
        response.writeHead(200, { Date: date, 'Cache-Control': 'max-age=3600' }).end('fresh');
      },
    });
    const urls = [closed.url, `${origin.url}/silent`, `${origin.url}/endless`, `${origin.url}/fresh`];

    const run = await runDemo('--timeout', '1', ...urls);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout.split('\n').slice(-5)).toEqual([
      `NOT REACHED: ${closed.url}/: connect ECONNREFUSED ${new URL(closed.url).host}`,
      `NOT REACHED: ${origin.url}/silent: no complete answer within 1 s`,
      `NOT REACHED: ${origin.url}/endless: no complete answer within 1 s`,
      'Every body is what the origin sent (SHA-256), and nothing fresh was asked for again.',
      '',
    ]);
    expect(run.stdout.match(/not reached/g)).toHaveLength(3);
    expect(run.stdout.match(/^(axios|got) .*\/fresh .*hit/gm)).toHaveLength(6);
  });

  it('names the URLs that cannot be reached in the JSON too', async () => {
    const origin = await startOrigin();
    await origin.close();
    const run = await runDemo('--json', origin.url);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      rows: [],
      faults: [],
      unreachable: [{ url: `${origin.url}/`, reason: `connect ECONNREFUSED ${new URL(origin.url).host}` }],
    });
  });
});
