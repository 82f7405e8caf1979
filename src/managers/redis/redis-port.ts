/** An argument of a command. */
export type RedisArgument = string | Buffer;

/**
 * What comes back: bulk strings as buffers, the rest as the client gives it. Whoever asked looks at what it is, because clients
 * and versions of the protocol differ.
 */
export type RedisReply = unknown;

/** One server that keys can be listed on. */
export interface RedisNode {
  /** Sends one command to that server. */
  send(args: readonly RedisArgument[]): Promise<RedisReply>;
}

/** Told of what comes through a subscription. */
export interface SubscriptionEvents {
  /** A message, on which channel. */
  readonly message: (channel: string, text: string) => void;
  /** The connection is gone, or was. Messages may have been missed. */
  readonly lost: () => void;
}

/** What a manager asks of a Redis client, whichever that is. */
export interface RedisPort {
  /** Whether the client was connected, and is not now. Commands would wait in its queue. */
  readonly isDown: boolean;
  /** Whether the client was open, and its owner closed it, or it gave up. */
  readonly isClosed: boolean;
  /** Sends one command to the server that has the key. What is sent in one turn goes out together. */
  send(key: string, args: readonly RedisArgument[]): Promise<RedisReply>;
  /** Every server that has keys of its own. */
  nodes(): Promise<readonly RedisNode[]>;
  /** Subscribes by a connection of its own. The signal ends that, also while it is not connected yet. */
  subscribe(channels: readonly string[], events: SubscriptionEvents, signal: AbortSignal): Promise<void>;
}
