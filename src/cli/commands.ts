import type { Command } from './command.ts';
import { clear } from './commands/clear.ts';
import { ls } from './commands/ls.ts';
import { rm } from './commands/rm.ts';
import { show } from './commands/show.ts';
import { stats } from './commands/stats.ts';
import { verify } from './commands/verify.ts';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [ls, show, rm, clear, stats, verify];
