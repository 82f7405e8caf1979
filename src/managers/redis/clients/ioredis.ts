import type { RedisArgument, RedisNode, RedisPort, SubscriptionEvents } from '../redis-port.ts';

/** What is used of a `Redis` of the package `ioredis`. */
export interface IoredisClient {
  /** How far its connection is. */
  readonly status: string;
  /** How it was made. */
  readonly options: object;
  /** Sends any command, and gives strings as buffers. */
  callBuffer(command: string, args: RedisArgument[]): Promise<unknown>;
  /** Another client with the same options, but for these. */
  duplicate(override?: {
    readonly enableOfflineQueue?: boolean;
    readonly lazyConnect?: boolean;
    readonly readOnly?: boolean;
  }): IoredisClient;
  /** Connects it. */
  connect(): Promise<unknown>;
  /** Subscribes it to channels. */
  subscribe(...channels: string[]): Promise<unknown>;
  /** Listens to it. */
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  /** How many listen to it. */
  listenerCount(event: string): number;
  /** Ends it at once. */
  disconnect(): void;
}

/** What is used of a `Cluster` of the package `ioredis`. */
export interface IoredisCluster {
  /** How far its connections are. */
  readonly status: string;
  /** How it was made. */
  readonly options: object;
  /** Sends any command to the server that has its key, and gives strings as buffers. */
  callBuffer(command: string, args: RedisArgument[]): Promise<unknown>;
  /** The clients of its servers. */
  nodes(role?: 'master'): readonly IoredisClient[];
  /** Listens to it. */
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  /** How many listen to it. */
  listenerCount(event: string): number;
}

const DOWN: ReadonlySet<string> = new Set(['close', 'reconnecting', 'end', 'disconnecting']);

/** A client of the package `ioredis`, for one server or a cluster. */
export class IoredisPort implements RedisPort {
  readonly #client: IoredisClient | IoredisCluster;
  #wasReady: boolean;

  constructor(client: IoredisClient | IoredisCluster) {
    this.#client = client;
    this.#wasReady = client.status === 'ready';
  }

  get isClosed(): boolean {
    return this.#client.status === 'end';
  }

  get isDown(): boolean {
    const { status } = this.#client;
    this.#wasReady ||= status === 'ready';
    return DOWN.has(status) || (this.#wasReady && status !== 'ready');
  }

  send(_key: string, args: readonly RedisArgument[]): Promise<unknown> {
    return call(this.#client, args);
  }

  async nodes(): Promise<readonly RedisNode[]> {
    return this.#servers().map((client) => ({ send: (args) => call(client, args) }));
  }

  async subscribe(
    channels: readonly string[],
    events: SubscriptionEvents,
    signal: AbortSignal,
  ): Promise<void> {
    const servers = this.#servers();
    // In a cluster any of them hears what is published on any other; another one each time, as this one may be gone.
    const server = servers[Math.floor(Math.random() * servers.length)];
    if (server === undefined) throw new Error('The cluster has no masters yet: connect the client first');
    const own = server.duplicate({ enableOfflineQueue: true, lazyConnect: true, readOnly: false });
    own.on('error', () => events.lost());
    own.on('close', () => events.lost());
    own.on('message', (channel, message) => events.message(String(channel), String(message)));
    signal.addEventListener('abort', () => own.disconnect(), { once: true });
    try {
      await own.connect();
      await own.subscribe(...channels);
    } catch (error) {
      own.disconnect();
      throw error;
    }
  }

  #servers(): readonly IoredisClient[] {
    return 'nodes' in this.#client ? this.#client.nodes('master') : [this.#client];
  }
}

/**
 * By the method of the command's name, which there is for each: `callBuffer` takes none where the client pipelines by itself
 * (`enableAutoPipelining`).
 */
async function call(
  client: IoredisClient | IoredisCluster,
  [command, ...args]: readonly RedisArgument[],
): Promise<unknown> {
  const method: unknown = Reflect.get(client, `${String(command).toLowerCase()}Buffer`);
  if (typeof method !== 'function') return client.callBuffer(String(command), args);
  const reply: unknown = await Reflect.apply(method, client, args);
  return reply;
}
