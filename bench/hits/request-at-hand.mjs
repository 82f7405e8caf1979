// @ts-check
import { EventEmitter } from 'node:events';
import { MessageAtHand } from './message-at-hand.mjs';

/** The least that axios takes for a request of Node: it is answered by what is at hand as soon as it is sent. */
export class RequestAtHand extends EventEmitter {
  destroyed = false;
  #response;
  #answer;

  /**
   * @param {import('./known-response.mjs').KnownResponse} response
   * @param {(message: MessageAtHand) => void} answer
   */
  constructor(response, answer) {
    super();
    this.#response = response;
    this.#answer = answer;
  }

  /** No time passes. */
  setTimeout() {
    return this;
  }

  end() {
    process.nextTick(this.#answer, new MessageAtHand(this.#response));
  }

  destroy() {
    this.destroyed = true;
  }
}
