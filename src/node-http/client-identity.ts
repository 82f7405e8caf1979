import { randomUUID } from 'node:crypto';
import type { RequestOptions } from 'node:https';

/** Options that say which certificate a client shows. */
interface CertificateOptions {
  readonly cert?: unknown;
  readonly pfx?: unknown;
  readonly secureContext?: unknown;
  /** The connection that got is to use. */
  readonly h2session?: unknown;
}

/** An agent, or what got gives for HTTP/2 in its place: an object of agents. */
interface AgentLike {
  readonly options?: CertificateOptions;
  readonly https?: AgentLike;
  readonly http2?: AgentLike;
}

/** Names for objects that do not tell which certificate they hold. Only this process knows them. */
const namesOfOpaque = new WeakMap<object, string>();

/**
 * Who asks, as far as TLS says it: the client certificates of the request and of its agent, as a text that is different
 * for different certificates. `undefined` without one.
 */
export function clientIdentity(options: RequestOptions): string | undefined {
  const text = certificatesIn(options) + certificatesOf(options.agent as AgentLike | boolean | undefined);
  return text === '' ? undefined : text;
}

function certificatesOf(agent: AgentLike | boolean | null | undefined): string {
  if (typeof agent !== 'object' || agent === null) return '';
  return certificatesIn(agent.options) + certificatesOf(agent.https) + certificatesOf(agent.http2);
}

function certificatesIn(options: CertificateOptions | undefined): string {
  if (options === undefined) return '';
  const { cert, pfx, secureContext, h2session } = options;
  const text = nameOfOpaque(secureContext) + nameOfOpaque(h2session);
  if (cert === undefined && pfx === undefined) return text;
  return `${text}${certificateText(cert)}\n${certificateText(pfx)}`;
}

function nameOfOpaque(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const known = namesOfOpaque.get(value);
  if (known !== undefined) return known;
  const name = `${randomUUID()}\n`;
  namesOfOpaque.set(value, name);
  return name;
}

function certificateText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (Array.isArray(value)) return value.map(certificateText).join('\n');
  if (typeof value === 'object' && value !== null)
    return Object.values(value).map(certificateText).join('\n');
  return typeof value === 'string' ? value : '';
}
