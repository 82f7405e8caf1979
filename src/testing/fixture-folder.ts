import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fieldValue } from '../core/fields.ts';
import { isError } from '../core/is-error.ts';
import type { FieldLines } from '../core/message.ts';
import { decoded, encoded, endingOf } from './fixture-body.ts';
import { readText, writeText, type FixtureText } from './fixture-text.ts';
import { slotOf, type Fixture } from './fixture.ts';

/** The name of a fixture's text, by which it is told from that of a body. */
const textName = /\.[0-9a-f]{12}\.json$/;

/** A folder of fixtures: of each a file with its text, and one with its body, if it has one. */
export class FixtureFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads all fixtures; none when there is no folder. Bodies are read when they are asked for.
   *
   * @throws TypeError naming the file that cannot be read.
   */
  read(): readonly Fixture[] {
    if (!existsSync(this.#path)) return [];
    return readdirSync(this.#path)
      .filter((name) => textName.test(name))
      .toSorted()
      .map((name) => this.#readOne(name));
  }

  /** Makes the folder, so that a place that cannot be written to is known at once. */
  make(): void {
    mkdirSync(this.#path, { recursive: true });
  }

  /** Writes a fixture, in place of an earlier one for the same requests. */
  write(fixture: Fixture): void {
    const { method, url, selecting, head, body } = fixture;
    const stem = stemOf(fixture);
    const plain = decoded(head.headers, body);
    const bodyFile = body.byteLength === 0 ? undefined : `${stem}.body.${endingOf(head.headers)}`;
    const isEncoded = plain === undefined && fieldValue(head.headers, 'content-encoding') !== undefined;
    if (bodyFile !== undefined) this.#replace(bodyFile, plain ?? body);
    this.#replace(`${stem}.json`, writeText({ method, url, selecting, head, bodyFile, isEncoded }));
  }

  /** Several processes may record into one folder: none reads half a file of another's. */
  #replace(name: string, content: string | Uint8Array): void {
    this.make();
    const unfinished = join(this.#path, `${name}.${process.pid}.part`);
    writeFileSync(unfinished, content);
    renameSync(unfinished, join(this.#path, name));
  }

  #readOne(name: string): Fixture {
    const file = join(this.#path, name);
    try {
      const { bodyFile, isEncoded, head, ...text } = readText(readFileSync(file, 'utf8'));
      const content = this.#bodyIn(bodyFile);
      const body = isEncoded || content.byteLength === 0 ? content : encoded(head.headers, content);
      const size = text.method === 'HEAD' ? undefined : body.byteLength;
      return { ...text, head: { ...head, headers: withLength(head.headers, size) }, body };
    } catch (error) {
      const why = isError(error) ? error.message : String(error);
      throw new TypeError(`The fixture ${file} cannot be used: ${why}`, { cause: error });
    }
  }

  #bodyIn(name: FixtureText['bodyFile']): Uint8Array {
    if (name === undefined) return new Uint8Array();
    if (basename(name) !== name) {
      throw new TypeError(`response.body is ${JSON.stringify(name)}: give the name of a file beside it`);
    }
    return readFileSync(join(this.#path, name));
  }
}

/** People change bodies, and not their lengths. */
function withLength(headers: FieldLines, size: number | undefined): FieldLines {
  if (size === undefined) return headers;
  return headers.map(([name, value]) =>
    name.toLowerCase() === 'content-length' ? [name, String(size)] : [name, value],
  );
}

/** What tells people what is in a file, and what tells fixtures apart. */
function stemOf(fixture: Fixture): string {
  const { host, pathname, search } = new URL(fixture.url);
  const words = `${host} ${fixture.method} ${pathname}${search}`
    .replaceAll(/[^A-Za-z0-9._]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  const identity = JSON.stringify([slotOf(fixture), fixture.selecting]);
  return `${words}.${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;
}
