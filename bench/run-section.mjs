// @ts-check
import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a section in a process of its own: its figures are the same whether others ran before it or not.
 *
 * @param {string} name
 * @param {Omit<import('./sections.mjs').Setting, 'folder'>} setting
 * @returns {AsyncGenerator<import('./result.mjs').Comparison>}
 */
export async function* runSection(name, setting) {
  const script = fileURLToPath(new URL('section-process.mjs', import.meta.url));
  const child = fork(script, [name], { serialization: 'advanced' });
  const ended = once(child, 'exit');
  child.send(setting);
  // Not when it exits: what it sent before may come after that.
  for await (const [comparison] of on(child, 'message', { close: ['disconnect'] })) yield comparison;
  const [code] = await ended;
  if (code !== 0) throw new Error(`The section '${name}' failed; see above`);
}
