import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';

/** What stands beside a body, as the metadata of its line in cacache's index. */
export interface Metadata {
  readonly httpLarder: 1;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
}

/** A line of cacache's index. */
export interface Line {
  readonly key: string;
  readonly integrity: string;
  /** Length of the content in bytes. */
  readonly size: number;
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
  readonly metadata: unknown;
}

/** A line of the index that is ours. */
export interface OurLine extends Line {
  readonly metadata: Metadata;
}

/** Whether something is a line of the index. */
export function isLine(value: unknown): value is Line {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    typeof value.key === 'string' &&
    'integrity' in value &&
    typeof value.integrity === 'string' &&
    'size' in value &&
    typeof value.size === 'number' &&
    'time' in value &&
    typeof value.time === 'number' &&
    'metadata' in value
  );
}

/** Whether metadata is ours: the folder may be used by others too. */
export function isMetadata(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && 'httpLarder' in value && value.httpLarder === 1;
}

/** Whether a line is ours. */
export function isOurLine(line: Line): line is OurLine {
  return isMetadata(line.metadata);
}
