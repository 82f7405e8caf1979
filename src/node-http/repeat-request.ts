import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Repeat } from './followed-body.ts';
import { isRequest, type RequestSeam } from './request-seam.ts';

/** Makes the function that asks the origin for the same again. */
export function repeatRequest(open: RequestSeam['open'], setUp: (inner: ClientRequest) => void): Repeat {
  return (signal) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const send = async (): Promise<void> => {
        const opened = await open(resolve);
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
