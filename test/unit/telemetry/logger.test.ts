import { expect, test } from '@jest/globals';
import { createLogger, type LogLevel } from '../../../src/telemetry/logger.ts';

function capture(level: LogLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ level, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, parsed: () => lines.map((line) => JSON.parse(line) as object) };
}

test('a line is one JSON object with the level as a word, the time and the fields', () => {
  const { logger, lines, parsed } = capture();
  logger.info({ link: 'ml-prod', endpoints: 2 }, 'pass ended');
  expect(lines[0]?.endsWith('\n')).toBe(true);
  expect(parsed()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      link: 'ml-prod',
      endpoints: 2,
      message: 'pass ended',
    },
  ]);
});

test('lines below the level are not written', () => {
  const { logger, parsed } = capture('warn');
  logger.debug({}, 'a');
  logger.info({}, 'b');
  logger.warn({}, 'c');
  logger.error({}, 'd');
  expect(parsed()).toMatchObject([{ message: 'c' }, { message: 'd' }]);
});

test("a child's fields are on each of its lines", () => {
  const { logger, parsed } = capture();
  logger.child({ link: 'a' }).child({ pass: 7 }).info({ x: 1 }, 'm');
  expect(parsed()).toMatchObject([{ link: 'a', pass: 7, x: 1 }]);
});

test('an error has its own class as its type, and so have its causes', () => {
  const { logger, parsed } = capture();
  class OwnError extends Error {}
  const err = new OwnError('outer', { cause: new TypeError('inner') });
  logger.error({ err }, 'failed');
  logger.child({ err }).error({}, 'failed');
  const told = { type: 'OwnError', message: 'outer', cause: { type: 'TypeError' } };
  expect(parsed()).toMatchObject([{ err: told }, { err: told }]);
});

test('F26: no secret gets out: not in fields, children, errors or messages', () => {
  const { logger, lines } = capture();
  const key = 'AKIAIOSFODNN7EXAMPLE';
  const error = new Error(`denied for ${key}`, { cause: new Error(`Bearer ${key}abcdef`) });
  logger
    .child({ token: 'hunter2', note: key })
    .error({ err: error, headers: { cookie: key } }, key);
  expect(lines.join('')).not.toMatch(/AKIA|hunter2/);
  expect(lines.join('')).toContain('denied for');
});
