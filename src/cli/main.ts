#!/usr/bin/env node
import process from 'node:process';
import { run } from './run.ts';

const interruption = new AbortController();
// Once only: the second Ctrl-C ends the process at once, which the store survives.
process.once('SIGINT', () => interruption.abort());

const { stdin, stdout, stderr, env } = process;
const { signal } = interruption;
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, env, signal, now: Date.now });
