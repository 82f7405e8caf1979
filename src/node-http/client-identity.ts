import type { RequestOptions } from 'node:https';

/** Options that say which certificate a client shows. */
interface CertificateOptions {
  readonly cert?: unknown;
  readonly pfx?: unknown;
}

/**
 * Who asks, as far as TLS says it: the client certificate of the request or of its agent, as a text that is different
 * for different certificates. `undefined` without one.
 */
export function clientIdentity(options: RequestOptions): string | undefined {
  const { agent } = options;
  const own: CertificateOptions = options;
  const shared: CertificateOptions | undefined =
    typeof agent === 'object' && agent !== null ? Reflect.get(agent, 'options') : undefined;
  const cert = own.cert ?? shared?.cert;
  const pfx = own.pfx ?? shared?.pfx;
  if (cert === undefined && pfx === undefined) return undefined;
  return `${certificateText(cert)}\n${certificateText(pfx)}`;
}

function certificateText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (Array.isArray(value)) return value.map(certificateText).join('\n');
  if (typeof value === 'object' && value !== null)
    return Object.values(value).map(certificateText).join('\n');
  return typeof value === 'string' ? value : '';
}
