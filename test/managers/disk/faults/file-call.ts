import { constants } from 'node:os';

/** One call of a function of `node:fs` on a file of a watched store. */
export interface FileCall {
  /** The function without its form: `open` for `open`, `openSync` and `promises.open`. */
  readonly name: string;
  /** The file, from the folder of the store on. A rename and a link have the new name. */
  readonly path: string;
  /** Which call on the store it is, from 1. */
  readonly number: number;
}

/** What happens to a call instead of what the file system does. */
export type FileFault =
  /** It does nothing and fails. A close does close, as it does on Linux. */
  | { readonly kind: 'fail'; readonly code: string }
  /** It does its work and says that it failed, as when the answer of a file server is lost. */
  | { readonly kind: 'deny'; readonly code: string }
  /** It reads or writes only so many of the bytes it was asked to. */
  | { readonly kind: 'cut'; readonly bytes: (asked: number) => number }
  /** It begins once the promise has resolved. A synchronous one begins at once. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }
  /** It does nothing and never returns, as after the death of the process. A synchronous one throws instead. */
  | { readonly kind: 'freeze' }
  /** It does its work, and then the process is killed. */
  | { readonly kind: 'kill' };

/** Says what happens to a call; `undefined` lets it be. */
export type FileRule = (call: FileCall) => FileFault | undefined;

/** Errors that file systems give. */
export const ERROR_CODES = [
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'EIO',
  'EACCES',
  'EPERM',
  'EROFS',
  'ESTALE',
  'EXDEV',
  'EMLINK',
  'EBUSY',
  'ENOENT',
  'ENOTSUP',
] as const;

/** An error as Node makes it of what the system says. */
export function systemError(code: string, { name, path }: FileCall): Error {
  const errno = new Map<string, number>(Object.entries(constants.errno)).get(code) ?? 0;
  const error = new Error(`${code}: injected, ${name} '${path}'`);
  return Object.assign(error, { errno: -errno, code, syscall: name, path });
}
