import fs from 'node:fs';
import promises from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import axios from 'axios';
// Replaces functions of node:fs when it is loaded, so that it must be loaded by now.
import extraFs from 'fs-extra';
import got from 'got';
import { afterAll } from 'vitest';

// This is set up in each file of tests that shares a process with others: none may change what the next one finds.

/** What code listens for that wants to know of everything in its process. */
const watchedEvents = ['SIGINT', 'SIGTERM', 'uncaughtException', 'unhandledRejection', 'warning'];
/** Whose functions tests have reason to replace. */
const watchedObjects = { globalThis, process, fs, promises, extraFs, http, https, axios, got, performance };
/** Stands for a function that Node loads only when it is used: then it replaces the getter by what this gives. */
const notLoaded = Symbol('not loaded');

type Traces = ReadonlyMap<string, unknown>;

const before = traces();

// The first to be registered is called last: whatever the file clears up, it has by then.
afterAll(() => {
  const changed = differingNames(before, traces());
  if (changed.length > 0)
    throw new Error(
      `The next file finds ${changed.join(', ')} changed: restore it, or let this file run alone.`,
    );
});

function traces(): Traces {
  return new Map([
    ['process.cwd()', process.cwd()],
    ...Object.entries(process.env).map(([name, value]) => [`process.env.${name}`, value] as const),
    ['axios.defaults', JSON.stringify(axios.defaults)],
    ['axios.defaults.adapter', axios.defaults.adapter],
    ['axios.interceptors', JSON.stringify(axios.interceptors)],
    ['got.defaults', JSON.stringify(got.defaults)],
    ['http.globalAgent', http.globalAgent],
    ['https.globalAgent', https.globalAgent],
    ...watchedEvents.map((name) => [`listeners for ${name}`, process.listenerCount(name)] as const),
    ...Object.entries(watchedObjects).flatMap(([name, object]) => functionsOf(name, object)),
  ]);
}

function functionsOf(name: string, object: object): readonly (readonly [string, unknown])[] {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(object));
  return properties.flatMap(([key, property]) => {
    if ('get' in property) return [[`${name}.${key}`, notLoaded] as const];
    const { value } = property;
    return typeof value === 'function' ? [[`${name}.${key}`, value] as const] : [];
  });
}

function differingNames(one: Traces, other: Traces): readonly string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return names.filter((name) => one.get(name) !== notLoaded && one.get(name) !== other.get(name));
}
