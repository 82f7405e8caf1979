import { describe, expect, it } from 'vitest';
import { asyncAccess, syncAccess } from '../../../src/managers/disk/files/file-access.ts';
import { ReadMode } from '../../../src/managers/disk/files/read-mode.ts';
import { temporaryFolder } from './temporary-folder.ts';

function failing(code: string, syscall: string = 'open'): Error {
  return Object.assign(new Error(code), { code, syscall });
}

/** Takes as long as a slow disk does. */
function slow(): void {
  const end = performance.now() + 6;
  while (performance.now() < end);
}

describe('how files are read', () => {
  it('is synchronous on a local file system, and never with io: async', () => {
    const folder = temporaryFolder();
    expect(new ReadMode(folder, 'auto').run((files) => files)).toBe(syncAccess);
    expect(new ReadMode(folder, 'async').run((files) => files)).toBe(asyncAccess);
  });

  it.runIf(process.platform === 'linux')(
    'is not synchronous on a file system that is not known to be local',
    () => {
      expect(new ReadMode('/proc', 'auto').run((files) => files)).toBe(asyncAccess);
    },
  );

  it('is not synchronous for a while after three slow look-ups in a row', () => {
    const mode = new ReadMode(temporaryFolder(), 'auto');
    for (let n = 0; n < 2; n++) mode.run(slow);
    expect(mode.run((files) => files)).toBe(syncAccess);
    for (let n = 0; n < 3; n++) mode.run(slow);
    expect(mode.run((files) => files)).toBe(asyncAccess);
  });

  it('waits for a descriptor when there is none, and passes other errors on', () => {
    const mode = new ReadMode(temporaryFolder(), 'auto');
    const without = (code: string): unknown =>
      mode.run((files) => {
        if (files === syncAccess) throw failing(code);
        return files;
      });
    expect(without('EMFILE')).toBe(asyncAccess);
    expect(without('ENFILE')).toBe(asyncAccess);
    expect(() => without('EIO')).toThrow('EIO');
  });

  it('does nothing twice but opening: a number that was closed may be that of another file', () => {
    const mode = new ReadMode(temporaryFolder(), 'auto');
    let closings = 0;
    const close = (): never => {
      closings++;
      throw failing('EMFILE', 'close');
    };
    expect(() => mode.run(close)).toThrow('EMFILE');
    expect(closings).toBe(1);
  });
});
