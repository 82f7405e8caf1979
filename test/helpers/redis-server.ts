import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { tempDir } from './temp-dir.ts';

/** Programs that serve Redis's protocol, the first of which there is one is taken. */
const programs = ['redis-server', 'valkey-server'];

const program = programs.find((name) => spawnSync(name, ['--version']).status === 0);

/** A server that somebody else runs, for tests that keep to a prefix of their own. */
const given = process.env['REDIS_URL'];

/** Whether servers can be started, to be set up and killed as tests need it. */
export const canStartRedis: boolean = program !== undefined;

/** Whether there is a server to test with. */
export const hasRedis: boolean = canStartRedis || given !== undefined;

if (!canStartRedis) {
  const left = hasRedis
    ? 'nothing is tested that needs a server of its own'
    : 'nothing of the Redis manager is tested';
  process.stderr.write(
    `SKIPPED: neither redis-server nor valkey-server is installed, so ${left} (Debian: apt-get install redis-server)\n`,
  );
}

/** The server that `REDIS_URL` names, or else one of its own. */
export async function anyRedis(): Promise<Pick<RedisServer, 'url'> & AsyncDisposable> {
  if (given === undefined) return startRedis();
  return { url: given, [Symbol.asyncDispose]: async () => undefined };
}

/** A server of its own on a free port of 127.0.0.1, without a file on disk. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** Sends it a command by a connection of its own, and gives the first part of what it answers. */
  readonly tell: (command: string) => Promise<string>;
  /** Kills it as by `kill -9`. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port, with what it saved; waits until it serves, or only until it listens. */
  readonly restart: (until?: 'serves' | 'listens') => Promise<void>;
}

/** Starts a server; `args` are further settings. */
export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  const folder = await tempDir();
  const port = await freePort();
  const launch = async (isUp: (answer: string) => boolean): Promise<ChildProcess> => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(program ?? 'redis-server', [...settings, '--dir', folder.path, ...args], {
      stdio: 'ignore',
    });
    await accepts(port, child, isUp);
    return child;
  };
  let child = await launch(serves);
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get process() {
      return child;
    },
    tell: (command) => ask(port, command),
    kill: end,
    restart: async (until = 'serves') => {
      await end();
      child = await launch(until === 'serves' ? serves : () => true);
    },
    [Symbol.asyncDispose]: async () => {
      await end();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number, child: ChildProcess, isUp: (answer: string) => boolean): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} as it started`);
    const answer = await ping(port);
    if (answer !== undefined && isUp(answer)) return;
    await delay(10);
  }
}

/** Whether it has loaded what it saved. */
function serves(answer: string): boolean {
  return answer.startsWith('+PONG');
}

/** What a server answers to `PING`; `undefined` while there is none. */
async function ping(port: number): Promise<string | undefined> {
  try {
    return await ask(port, 'PING');
  } catch {
    return undefined;
  }
}

async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(`${command}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  } finally {
    socket.destroy();
  }
}
