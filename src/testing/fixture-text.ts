import { validateHeaderName, validateHeaderValue } from 'node:http';
import { suffixName } from '../core/cache-key.ts';
import type { FieldLine, FieldLines, JsonValue } from '../core/message.ts';
import type { SelectingField } from '../core/policy-types.ts';
import { targetUri } from '../core/target-uri.ts';
import type { Fixture } from './fixture.ts';

/** All of a fixture but its body, which has a file of its own. */
export interface FixtureText extends Omit<Fixture, 'body'> {
  /** The name of the file with the body; `undefined` for none. */
  readonly bodyFile: string | undefined;
  /** Whether the body has its content coding in the file. */
  readonly isEncoded: boolean;
}

/** Writes the text of a fixture: JSON, a line for each header field. */
export function writeText(fixture: FixtureText): string {
  const { method, url, selecting, head, bodyFile, isEncoded } = fixture;
  const { status, statusText, httpVersion, headers, trailers, metadata } = head;
  const fields = selecting.filter(([name]) => name !== suffixName);
  const key = selecting.find(([name]) => name === suffixName)?.[1];
  const content = {
    request: { method, url, ...(fields.length > 0 ? { fields: Object.fromEntries(fields) } : {}), key },
    response: {
      status,
      statusText,
      ...(httpVersion === '1.1' ? {} : { httpVersion }),
      headers: headers.map(lineOf),
      body: bodyFile,
      ...(isEncoded ? { isEncoded } : {}),
      ...(trailers.length > 0 ? { trailers: trailers.map(lineOf) } : {}),
      metadata,
    },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * Reads the text of a fixture, which people may have changed.
 *
 * @throws SyntaxError for what is not JSON, TypeError for JSON that is no fixture; they say what is wrong.
 */
export function readText(text: string): FixtureText {
  const { request, response } = asObject(JSON.parse(text), 'it');
  const { method, url, fields = {}, key } = asObject(request, 'request');
  const { status, statusText = '', httpVersion = '1.1', ...rest } = asObject(response, 'response');
  const { headers, trailers = [], body, isEncoded = false, metadata } = rest;
  if (!Number.isInteger(status) || Number(status) < 200 || Number(status) > 999) {
    throw new TypeError(`response.status is ${JSON.stringify(status)}: give a number from 200 to 999`);
  }
  const primary = targetUri(asText(url, 'request.url'));
  return {
    method: asText(method, 'request.method'),
    url: primary,
    selecting: selectingOf(asObject(fields, 'request.fields'), key),
    head: {
      url: primary,
      status: Number(status),
      statusText: asText(statusText, 'response.statusText'),
      httpVersion: asText(httpVersion, 'response.httpVersion'),
      headers: asLines(headers, 'response.headers'),
      trailers: asLines(trailers, 'response.trailers'),
      ...(metadata === undefined ? {} : { metadata: asJson(metadata) }),
    },
    bodyFile: body === undefined ? undefined : asText(body, 'response.body'),
    isEncoded: isEncoded === true,
  };
}

function selectingOf(fields: Record<string, unknown>, key: unknown): readonly SelectingField[] {
  const selecting = Object.entries(fields).map(([name, value]): SelectingField => [
    name.toLowerCase(),
    value === null ? null : asText(value, `request.fields.${name}`),
  ]);
  // By name, with the suffix in its place behind them, as the engine puts them together.
  selecting.sort(([one], [other]) => (one < other ? -1 : 1));
  return key === undefined ? selecting : [...selecting, [suffixName, asText(key, 'request.key')]];
}

function lineOf([name, value]: FieldLine): string {
  return `${name}: ${value}`;
}

function asLines(value: unknown, what: string): FieldLines {
  if (!Array.isArray(value)) throw new TypeError(`${what} is no list: give header lines, "Name: value"`);
  const lines: readonly unknown[] = value;
  return lines.map((each): FieldLine => {
    const line = asText(each, what);
    const at = line.indexOf(':');
    const field: FieldLine = [line.slice(0, Math.max(at, 0)), line.slice(at + 1).trim()];
    validateHeaderName(field[0]);
    validateHeaderValue(...field);
    return field;
  });
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new TypeError(`${what} is ${JSON.stringify(value)}: give an object`);
}

function asText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${what} is ${JSON.stringify(value)}: give a string`);
}

/** What JSON was read from is data that JSON can carry. */
function asJson(value: unknown): JsonValue {
  const copy: JsonValue = JSON.parse(JSON.stringify(value));
  return copy;
}
