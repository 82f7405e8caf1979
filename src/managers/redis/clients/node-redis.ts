import type { RedisArgument, RedisNode, RedisPort, SubscriptionEvents } from '../redis-port.ts';

/** How commands are sent: bulk strings (`$`, 36) come back as buffers. */
export interface NodeRedisCommandOptions {
  /** Which class the replies of a type are given as. */
  readonly typeMapping?: Readonly<Record<number, typeof Buffer>>;
}

/** What is used of a client that `createClient()` of the package `redis` gives. */
export interface NodeRedisClient {
  /** Whether commands go out at once. */
  readonly isReady: boolean;
  /** Whether it was connected, or is about to be, and was not closed. */
  readonly isOpen: boolean;
  /** Sends any command. */
  sendCommand(args: readonly RedisArgument[], options?: NodeRedisCommandOptions): Promise<unknown>;
  /** Another client with the same options. */
  duplicate(): NodeRedisClient;
  /** Connects it. */
  connect(): Promise<unknown>;
  /** Subscribes it to channels. */
  subscribe(channels: string[], listener: (message: string, channel: string) => unknown): Promise<void>;
  /** Listens to it. */
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  /** How many listen to it. */
  listenerCount(event: string): number;
  /** Ends it at once. */
  destroy(): void;
}

/** What is used of a client that `createCluster()` of the package `redis` gives. */
export interface NodeRedisCluster {
  /** Whether it was connected, and was not closed. */
  readonly isOpen: boolean;
  /** Its masters. */
  readonly masters: readonly object[];
  /** The client of one of its servers. */
  nodeClient(node: object): Promise<NodeRedisClient>;
  /** Sends any command to the server that has a key. */
  sendCommand(
    firstKey: RedisArgument | undefined,
    isReadonly: boolean | undefined,
    args: RedisArgument[],
    options?: NodeRedisCommandOptions,
  ): Promise<unknown>;
  /** Listens to it. */
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  /** How many listen to it. */
  listenerCount(event: string): number;
}

const BUFFERS: NodeRedisCommandOptions = { typeMapping: { 36: Buffer } };

/** A client of the package `redis`. */
export class NodeRedisPort implements RedisPort {
  readonly #client: NodeRedisClient;
  #wasReady: boolean;
  #wasOpen: boolean;

  constructor(client: NodeRedisClient) {
    this.#client = client;
    this.#wasReady = client.isReady;
    this.#wasOpen = client.isOpen;
  }

  get isClosed(): boolean {
    const { isOpen } = this.#client;
    this.#wasOpen ||= isOpen;
    return this.#wasOpen && !isOpen;
  }

  get isDown(): boolean {
    const { isReady } = this.#client;
    this.#wasReady ||= isReady;
    return this.#wasReady && !isReady;
  }

  send(_key: string, args: readonly RedisArgument[]): Promise<unknown> {
    return this.#client.sendCommand(args, BUFFERS);
  }

  async nodes(): Promise<readonly RedisNode[]> {
    return [nodeOf(this.#client)];
  }

  subscribe(channels: readonly string[], events: SubscriptionEvents, signal: AbortSignal): Promise<void> {
    return subscribe(this.#client, channels, events, signal);
  }
}

/** A cluster's client of the package `redis`. */
export class NodeRedisClusterPort implements RedisPort {
  /** Each server has a connection and a queue of its own: which of them is down shows when it is asked. */
  readonly isDown = false;
  readonly #cluster: NodeRedisCluster;
  #wasOpen: boolean;

  constructor(cluster: NodeRedisCluster) {
    this.#cluster = cluster;
    this.#wasOpen = cluster.isOpen;
  }

  get isClosed(): boolean {
    const { isOpen } = this.#cluster;
    this.#wasOpen ||= isOpen;
    return this.#wasOpen && !isOpen;
  }

  send(key: string, args: readonly RedisArgument[]): Promise<unknown> {
    // Not as a read: a replica may lag behind an invalidation.
    return this.#cluster.sendCommand(key, false, [...args], BUFFERS);
  }

  async nodes(): Promise<readonly RedisNode[]> {
    const clients = await Promise.all(this.#cluster.masters.map((node) => this.#cluster.nodeClient(node)));
    return clients.map(nodeOf);
  }

  async subscribe(
    channels: readonly string[],
    events: SubscriptionEvents,
    signal: AbortSignal,
  ): Promise<void> {
    const { masters } = this.#cluster;
    // Any of them hears what is published on any other; another one each time, as this one may be gone.
    const node = masters[Math.floor(Math.random() * masters.length)];
    if (node === undefined) throw new Error('The cluster has no masters yet: connect the client first');
    await subscribe(await this.#cluster.nodeClient(node), channels, events, signal);
  }
}

function nodeOf(client: NodeRedisClient): RedisNode {
  return { send: (args) => client.sendCommand(args, BUFFERS) };
}

async function subscribe(
  client: NodeRedisClient,
  channels: readonly string[],
  events: SubscriptionEvents,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const own = client.duplicate();
  // A client that is ended while its socket is being connected forgets the socket, which stays open when it is.
  let isConnecting = true;
  const ended = (): void => {
    if (signal.aborted && !isConnecting) end(own);
  };
  own.on('reconnecting', () => {
    isConnecting = true;
  });
  own.on('connect', () => {
    isConnecting = false;
    ended();
  });
  own.on('error', () => {
    isConnecting = false;
    events.lost();
    ended();
  });
  own.on('end', () => events.lost());
  // It goes on trying to connect for as long as its strategy says: for ever, as a rule.
  signal.addEventListener('abort', ended, { once: true });
  try {
    await own.connect();
    await own.subscribe([...channels], (message, channel) => events.message(channel, message));
  } catch (error) {
    end(own);
    throw error;
  }
}

function end(client: NodeRedisClient): void {
  try {
    client.destroy();
  } catch {
    // Version 5 throws where it has given up by itself.
  }
}
