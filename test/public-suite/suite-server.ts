import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import handleConfig from 'http-cache-tests/server/handle-config.mjs';
import handleState from 'http-cache-tests/server/handle-state.mjs';
import handleTest from 'http-cache-tests/server/handle-test.mjs';
import { stash } from 'http-cache-tests/server/utils.mjs';

/** The origin that the suite asks. */
export interface SuiteServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts the suite's own origin on a free port. */
export async function startSuiteServer(): Promise<SuiteServer> {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  const [, kind, ...path] = new URL(request.url ?? '', 'http://127.0.0.1').pathname.split('/');
  if (kind === 'config') handleConfig(path, request, response);
  else if (kind === 'test') handleTest(path, request, dated(response));
  // The suite's handler answers 404 too, and prints a warning: a test may end without a request to the origin.
  else if (kind === 'state' && stash.has(path[0] ?? '')) handleState(path, request, response);
  else response.writeHead(404).end();
}

/** Sets the `Date` that a test does not set: Node's own is by the machine's clock, which may not be that of the process. */
function dated(response: ServerResponse): ServerResponse {
  response.sendDate = false;
  const end = response.end.bind(response);
  response.end = (content?: unknown) => {
    if (!response.hasHeader('date')) response.setHeader('Date', new Date(Date.now()).toUTCString());
    return end(content);
  };
  return response;
}
