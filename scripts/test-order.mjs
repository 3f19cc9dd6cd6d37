import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

const root = resolve(import.meta.dirname, '..');

/** Seconds of the test files that take long, by path; `npm test -- --keep-durations` writes it. */
export const durationsFile = resolve(root, 'test/durations.json');

/** Test files in the order that jest runs them: longest first, so that none runs alone at the end. */
// Jest takes a sequencer by its default export.
export default class LongestFirst extends TestSequencer {
  #durations = existsSync(durationsFile) ? JSON.parse(readFileSync(durationsFile, 'utf8')) : {};

  /** The files without a duration are short: they come last, as jest orders them. */
  async sort(tests) {
    const seconds = ({ path }) => this.#durations[relative(root, path)] ?? 0;
    return (await super.sort(tests)).toSorted((one, other) => seconds(other) - seconds(one));
  }
}
