import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { drain } from '../helpers/drain.ts';
import { startOrigin } from '../helpers/origin.ts';

/** Fields about the server's own connection and clock. */
const ofTheServer = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

/** What reaches the user of a server that answers with what this sends it. */
export async function behindAServer(
  answer: (response: ServerResponse, request: IncomingMessage) => void | Promise<void>,
): Promise<unknown> {
  await using front = await startOrigin({ '/': ({ request, response }) => answer(response, request) });
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    get(front.url, { agent: false }, resolve).once('error', reject);
  });
  const body = await drain(message);
  const headers = Object.entries(message.headers).filter(([name]) => !ofTheServer.has(name));
  return { status: message.statusCode, headers, body };
}
