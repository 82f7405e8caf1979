import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands between a client and a server, and takes its time. */
export interface SlowProxy extends AsyncDisposable {
  readonly port: number;
  /** For how many milliseconds what is sent is held up from now on, on its way to the server and back. */
  hold: { there: number; back: number };
  /** Cuts all connections, with what is held up on them. */
  readonly cut: () => void;
}

/** Starts one before a server; at first it holds nothing up. */
export async function startSlowProxy(port: number, host: string = '127.0.0.1'): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    passOn(near, far, () => proxy.hold.there);
    passOn(far, near, () => proxy.hold.back);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: SlowProxy = {
    port: (server.address() as AddressInfo).port,
    hold: { there: 0, back: 0 },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

/** In order, also where what comes later is held up for less. */
function passOn(from: Socket, to: Socket, holdMs: () => number): void {
  let before: Promise<unknown> = Promise.resolve();
  from.on('data', (chunk) => {
    const held = new Promise((resolve) => {
      setTimeout(resolve, holdMs()).unref();
    });
    before = Promise.all([before, held]).then(() => to.write(chunk));
  });
}
