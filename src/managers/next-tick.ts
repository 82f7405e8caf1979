import process from 'node:process';

const real = process.getBuiltinModule?.('node:process') ?? process;

/** Does something when what runs now is done: also while a test fakes the timers, of which jest thinks this is one. */
export const nextTick: typeof process.nextTick = real.nextTick.bind(real);
