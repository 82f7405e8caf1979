import type { JsonValue } from '../../core/message.ts';
import { MASK, maskText, maskUrl } from './mask-url.ts';
import { secretNamesWith } from './secret-names.ts';

/** Takes secrets out of what is printed. */
export interface Masker {
  /** A URL: its userinfo, and the values of secret query parameters. */
  url(url: string): string;
  /** Any text, in which there may be URLs. */
  text(text: string): string;
  /** The value of a header field, or of a request field that selects. */
  field(name: string, value: string): string;
  /** Metadata. */
  json(value: JsonValue): JsonValue;
}

const unchanged: Masker = {
  url: (url) => url,
  text: (text) => text,
  field: (_name, value) => value,
  json: (value) => value,
};

/** Makes what takes secrets out, by the names of {@link secretNamesWith} and `more`. With `showSecrets` all stays as it is. */
export function makeMasker(options: {
  readonly more: readonly string[];
  readonly showSecrets: boolean;
}): Masker {
  if (options.showSecrets) return unchanged;
  const { isSecret, isSecretField } = secretNamesWith(options.more);
  const text = (text: string): string => maskText(text, isSecret);
  const json = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return value.map(json);
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, isSecret(name) ? MASK : json(member)]),
    );
  };
  return {
    url: (url) => maskUrl(url, isSecret),
    text,
    field: (name, value) => {
      if (/^set-cookie2?$/i.test(name)) return value.replace(/^([^=;]*=)?[^;]*/, `$1${MASK}`);
      return isSecretField(name) ? MASK : text(value);
    },
    json,
  };
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
