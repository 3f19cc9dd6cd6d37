import { expect, test } from '@jest/globals';
import { useColor } from '../../../src/cli/colors.ts';

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{}, {}, false],
  [{ isTTY: false }, { CI: 'true' }, false],
])('a stream %j with %j: %s', (stream, environment, expected) => {
  expect(useColor(stream, environment)).toBe(expected);
});
