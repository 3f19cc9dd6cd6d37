/**
 * `@jest/globals` for test files that scripts/test-runner.mjs runs. The runner sets `globals` anew
 * for each test file, whose bundle holds a copy of this module of its own.
 */
const globals = globalThis[Symbol.for('smpl.test-globals')];

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals;

/** The part of jest's object that works outside its virtual machine: the limit for a test of the file. */
export const jest = {
  setTimeout(milliseconds) {
    globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = milliseconds;
  },
};
