import { Agent, type ClientRequest } from 'node:http';

/** What the cookies of a request are, now. */
export interface CookieSource {
  readonly cookie: string;
}

/** An agent that sends the cookies of a jar, as those of http-cookie-agent and axios-cookiejar-support do. */
export class JarAgent extends Agent {
  readonly #jar: CookieSource;

  constructor(jar: CookieSource) {
    super();
    this.#jar = jar;
  }

  addRequest(request: ClientRequest, options: object): void {
    if (this.#jar.cookie !== '') request.setHeader('Cookie', this.#jar.cookie);
    Reflect.apply(Reflect.get(Agent.prototype, 'addRequest'), this, [request, options]);
  }
}
