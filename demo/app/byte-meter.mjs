// @ts-check
import http from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';

/** Agents that count what arrives on their connections. */
export class ByteMeter {
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  http = this.#counting(new http.Agent({ keepAlive: true }));
  https = this.#counting(new https.Agent({ keepAlive: true }));

  /** All bytes that arrived. */
  bytesReceived() {
    return [...this.#sockets].reduce((sum, socket) => sum + socket.bytesRead, 0);
  }

  /** @template {http.Agent} A @param {A} agent @returns {A} */
  #counting(agent) {
    const createConnection = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) => {
      const socket = createConnection(options, callback);
      if (socket instanceof Socket) this.#sockets.add(socket);
      return socket;
    };
    return agent;
  }
}
