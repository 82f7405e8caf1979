import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Repeat } from './followed-body.ts';
import type { Opening } from './open-within-limits.ts';
import { isRequest, type Opened } from './request-seam.ts';
import type { MaybePromise } from '../managers/manager.ts';

/** Makes the function that asks the origin for the same again. */
export function repeatRequest(
  open: (opening: Opening) => MaybePromise<Opened>,
  setUp: (inner: ClientRequest) => void,
): Repeat {
  return (signal) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const send = async (): Promise<void> => {
        const opened = await open({
          onResponse: resolve,
          onHeldBack: (held) => signal.addEventListener('abort', () => held.cancel(), { once: true }),
        });
        if (!isRequest(opened)) {
          resolve(opened);
          return;
        }
        opened.on('response', resolve);
        opened.on('error', reject);
        signal.addEventListener('abort', () => opened.destroy(), { once: true });
        if (signal.aborted) opened.destroy();
        setUp(opened);
        opened.end();
      };
      send().catch(reject);
    });
}
