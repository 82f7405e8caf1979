import { Gate } from '../helpers/gate.ts';
import type { OriginCall, Route } from '../helpers/origin.ts';
import { send, writeHead } from '../helpers/reply.ts';

/** Where an answer waits until the origin is told to go on: before its head, or in its body. */
export type Place = 'head' | 'body';

/** A resource that each POST changes. */
export class ChangingResource {
  /** What the next GET is answered with. */
  version = 1;
  #hold: { readonly at: Place; readonly came: Gate } | undefined;
  readonly #cacheControl: string;
  readonly #cacheControlOf304: string;

  constructor(cacheControl = 'max-age=60', cacheControlOf304: string = cacheControl) {
    this.#cacheControl = cacheControl;
    this.#cacheControlOf304 = cacheControlOf304;
  }

  /** Holds the answer to the next GET until the origin is told to go on; resolves once that GET has come. */
  holdNext(at: Place): Promise<void> {
    const came = new Gate();
    this.#hold = { at, came };
    return came.opened;
  }

  /** A GET is answered with the version at the time that it came, however long its answer is held. */
  readonly route: Route = async (call: OriginCall) => {
    if (call.request.method === 'POST') {
      this.version += 1;
      send(call, { status: 204 });
      return;
    }
    const { version } = this;
    const at = this.#hold?.at;
    this.#hold?.came.open();
    this.#hold = undefined;
    const etag = ['ETag', `"${version}"`] as const;
    if (at === 'head') await call.toldToGoOn;
    if (call.request.headers['if-none-match'] === `"${version}"`) {
      send(call, { status: 304, headers: [['Cache-Control', this.#cacheControlOf304], etag] });
      return;
    }
    writeHead(call, { headers: [['Cache-Control', this.#cacheControl], etag] });
    call.response.write('version ');
    if (at === 'body') await call.toldToGoOn;
    call.response.end(String(version));
  };
}
