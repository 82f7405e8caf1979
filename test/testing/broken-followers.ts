import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { HttpResponseHead } from '../../src/core/message.ts';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import { HttpCacheError } from '../../src/errors.ts';
import type { CacheWriter } from '../../src/managers/manager.ts';
import { MapManager, type GrowingBody, type MapWriter } from './map-manager.ts';

function sizeOf({ chunks }: GrowingBody): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

async function untilEnded({ end, changed }: GrowingBody): Promise<void> {
  if (end === 'open') await once(changed, 'end');
}

/** Gives what comes, not what was there. */
export class StartsWhereItCame extends MapManager {
  protected override follow(body: GrowingBody, start: number): Readable {
    return super.follow(body, Math.max(start, sizeOf(body)));
  }
}

/** Gives all to everybody. */
export class StartIgnored extends MapManager {
  protected override follow(body: GrowingBody): Readable {
    return super.follow(body, 0);
  }
}

/** Gives nothing before it has all. */
export class ReaderWaitsForEnd extends MapManager {
  protected override follow(body: GrowingBody, start: number): Readable {
    const stream = super.follow(body, start);
    return Readable.from(
      (async function* () {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(Buffer.from(chunk));
        yield* chunks;
      })(),
      { objectMode: false },
    );
  }
}

/** Takes an abort for the end. */
export class AbortEndsReaders extends MapManager {
  protected override follow(body: GrowingBody, start: number): Readable {
    const asWhole: GrowingBody = {
      ...body,
      get end() {
        return body.end === 'aborted' ? 'whole' : body.end;
      },
    };
    return super.follow(asWhole, start);
  }
}

/** Fails at the abort, whatever was not read yet. */
export class AbortLosesBytes extends MapManager {
  protected override follow(body: GrowingBody, start: number): Readable {
    const stream = super.follow(body, start);
    const error = new HttpCacheError('ERR_HTTP_CACHE_INCOMPLETE_BODY', 'The writer was aborted');
    body.changed.on('change', () => {
      if (body.end === 'aborted') stream.destroy(error);
    });
    return stream;
  }
}

/** Gives everybody the very bytes that it keeps. */
export class ChunksSharedByReaders extends MapManager {
  protected override follow(body: GrowingBody): Readable {
    let given = 0;
    const read = function (this: Readable): void {
      const chunk = body.chunks[given];
      given += 1;
      if (chunk !== undefined) this.push(chunk);
      else void untilEnded(body).then(() => this.push(null));
    };
    return new Readable({ read });
  }
}

/** Forgets all who wait as one leaves. */
export class LeavingSilencesOthers extends MapManager {
  protected override follow(body: GrowingBody, start: number): Readable {
    const stream = super.follow(body, start);
    stream.once('close', () => body.changed.removeAllListeners());
    return stream;
  }
}

/** Gives all that there is, wanted or not. */
export class NoBackPressure extends MapManager {
  protected override follow(body: GrowingBody): Readable {
    let given = 0;
    const stream = new Readable({ read() {} });
    const giveAll = (): void => {
      for (const chunk of body.chunks.slice(given)) stream.push(Buffer.from(chunk));
      given = body.chunks.length;
      if (body.end === 'whole') stream.push(null);
      if (body.end === 'whole') body.changed.off('change', giveAll);
    };
    body.changed.on('change', giveAll);
    giveAll();
    return stream;
  }
}

/** Lets anything be followed. */
export class StrangerFollowed extends MapManager {
  override readWhileWriting(writer: CacheWriter, start?: number): Readable {
    return 'body' in writer ? super.readWhileWriting(writer, start) : Readable.from([]);
  }
}

/** Lets be followed what has ended. */
export class EndedWriterFollowed extends MapManager {
  override readWhileWriting(writer: MapWriter, start = 0): Readable {
    return 'body' in writer ? this.follow(writer.body, start) : super.readWhileWriting(writer, start);
  }
}

/** Tells readers of the end once the commit is done. */
export class EndWaitsForCommit extends MapManager {
  override async putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<MapWriter> {
    const writer = await super.putStream(cacheKey, head, policy);
    return {
      ...writer,
      commit: async ({ onlyIf, ...rest } = {}) => {
        if (onlyIf !== undefined && !(await onlyIf())) return await writer.commit({ onlyIf: () => false });
        return await writer.commit(rest);
      },
    };
  }
}

/** Takes a chunk only when nobody has bytes that he has not read. */
export class WriterWaitsForReaders extends MapManager {
  readonly #readers = new Set<Readable>();
  protected override follow(body: GrowingBody, start: number): Readable {
    const stream = super.follow(body, start);
    this.#readers.add(stream);
    stream.once('close', () => this.#readers.delete(stream));
    return stream;
  }
  override async putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<MapWriter> {
    const writer = await super.putStream(cacheKey, head, policy);
    return {
      ...writer,
      write: async (chunk) => {
        for (const reader of this.#readers) {
          if (reader.readableLength > 0) await once(reader, 'close');
        }
        await writer.write(chunk);
      },
    };
  }
}
