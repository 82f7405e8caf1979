// @ts-check
// Runs a section and tells its comparisons to the parent. Argument: the name of the section. The rest of its setting comes
// as a message.
import { once } from 'node:events';
import { sections } from './sections.mjs';
import { withTemporaryFolder } from './temporary-folder.mjs';

const section = sections.find(({ name }) => name === process.argv[2]);
// The parent is gone: as if this process had been stopped, so that what it made is removed.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
const [setting] = await once(process, 'message');
for await (const comparison of section?.run({ ...setting, folder: withTemporaryFolder }) ?? []) {
  await new Promise((resolve) => process.send?.(comparison, resolve));
}
// Connections that are kept for later requests would keep it running.
process.exit();
