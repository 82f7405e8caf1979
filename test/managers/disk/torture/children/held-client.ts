// First, as it changes what the others import.
import { holdCall, letGo } from '../held-calls.ts';
import { HttpCache } from '../../../../../src/http-cache.ts';
import { StreamingManager } from '../../../../../src/managers/disk/streaming-manager.ts';
import { clientRows } from '../../../../streams/clients.ts';
import type { HeldClientAnswer, HeldClientTask } from '../held-client-task.ts';

/** A client whose cache stops at one of its calls of the file system, until it is told to go on. */
const [folder = '', name = ''] = process.argv.slice(2);
const row = clientRows.find(({ client }) => client === name);
if (row === undefined) throw new Error(`There is no client ${name}.`);
// Asynchronously, as only such calls are held.
const cache = new HttpCache({ manager: new StreamingManager({ path: folder, minFree: 0, io: 'async' }) });
const client = row.connect(cache);

process.on('message', (message) => void perform(message as HeldClientTask));

async function perform(task: HeldClientTask): Promise<void> {
  if (task.kind === 'go-on') {
    letGo();
    return;
  }
  const { url, method, holdAfter } = task;
  if (holdAfter !== undefined) holdCall(holdAfter, (call) => tell({ kind: 'held', call }));
  const { headers } = await client.fetch(url, { method });
  await cache.idle();
  letGo();
  tell({ kind: 'answered', version: Number(headers['x-version']) });
}

function tell(answer: HeldClientAnswer): void {
  process.send?.(answer);
}
