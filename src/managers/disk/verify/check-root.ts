import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import { removeTrash } from '../folder/trash.ts';
import { makeSecret, readSecret } from '../folder/secret.ts';
import { FORMAT_NAME, generationTime, isGeneration, parseTrashName } from '../format/layout.ts';
import { checkFolder } from './check-folder.ts';
import { checkUnpublished, plainFile } from './check-leftovers.ts';
import { checkMode } from './check-mode.ts';
import { isLongAgo } from '../limits/is-long-ago.ts';
import type { Verification } from './verification.ts';

/** What else than entries lies in the folder of the store, and who looks at it. */
const ROOT_NAME =
  /^(?:(metadata|content|incoming|leases)|(secret(?:-\d+)?|format\.json|CACHEDIR\.TAG|ledger)|(secret\.)(.*))$/;

/** Looks at what lies in the folder of the store beside the groups, and for the stores of other formats beside it. */
export async function checkRoot(run: Verification): Promise<void> {
  const { layout, options } = run.parts;
  const beside = (await fs.readdir(options.path).catch(absentAsUndefined)) ?? [];
  run.besides(beside.filter((name) => /^cache-v\d+$/.test(name) && name !== FORMAT_NAME).toSorted());
  for (const name of await checkFolder(run, layout.root)) {
    await run.look(`${layout.root}/${name}`, async () => await checkName(run, name));
  }
  for (const name of await checkFolder(run, layout.unpublished)) {
    if (!isGeneration(name)) run.foreign();
    else
      await run.look(
        layout.incoming(name),
        async () => await checkUnpublished(run, layout.incoming(name), name),
      );
  }
}

async function checkName(run: Verification, name: string): Promise<void> {
  const path = `${run.parts.layout.root}/${name}`;
  const trash = parseTrashName(name);
  if (trash !== undefined) {
    await checkTrash(run, path, trash.generation);
    return;
  }
  const [known, folder, file, prefix, generation] = ROOT_NAME.exec(name) ?? [];
  if (folder !== undefined) return;
  if (known === undefined || (prefix !== undefined && !isGeneration(generation))) run.foreign();
  else if (file !== undefined) await checkFile(run, path, file);
  else await checkUnpublished(run, path, generation ?? '');
}

async function checkFile(run: Verification, path: string, name: string): Promise<void> {
  const stats = await plainFile(run, path);
  if (stats === undefined) return;
  await checkMode(run, path, stats);
  if (!name.startsWith('secret')) return;
  const { layout, options } = run.parts;
  const stands = async (): Promise<boolean> => await Promise.resolve(readSecret(layout) === undefined);
  if (!(await stands())) return;
  await run.found(
    { kind: 'damaged-secret', path },
    {
      stands,
      async mend() {
        if (!(await stands())) return false;
        makeSecret(layout, options.clock.now());
        return true;
      },
    },
  );
}

/** Looks at what was cleared away; who clears is still at it as long as it is young. */
async function checkTrash(run: Verification, path: string, generation: string): Promise<void> {
  if (!isLongAgo(generationTime(generation), run.parts.options.clock.now())) return;
  const stands = async (): Promise<boolean> => (await asyncAccess.stat(path)) !== undefined;
  await run.found(
    { kind: 'abandoned-trash', path },
    {
      stands,
      async mend() {
        if (!(await stands())) return false;
        await removeTrash(run.parts.layout);
        // What somebody else put there, and cannot go back, stays: then this says so.
        await fs.rmdir(path).catch(absentAsUndefined);
        return true;
      },
    },
  );
}
