import process from 'node:process';
import timers from 'node:timers';

// Not the globals: tests that fake timers replace these, and with them in their hands no request would come to its end.
// Under jest the module of Node's process has them too, except for who asks for it like this.
const real = process.getBuiltinModule?.('node:process') ?? process;

/** Does something when what runs now is done, before anything else. */
export const nextTick: typeof process.nextTick = real.nextTick.bind(real);

/** Does something in the next turn of the event loop. */
export const nextTurn: typeof timers.setImmediate = timers.setImmediate;
