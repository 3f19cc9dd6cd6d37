import { expect, test } from '@jest/globals';
import { createWaitingLine } from '../../../../src/aws/rate-limit/waiting-line.ts';

const serve = () => undefined;

test('the first that is present is served first', () => {
  const line = createWaitingLine();
  const first = line.join('a', 0);
  first.serve = serve;
  const second = line.join('b', 0);
  second.serve = serve;
  expect(line.firstPresent()).toBe(first);
  line.leave(first);
  expect(line.firstPresent()).toBe(second);
});

test('a caller that was sent away stands where it stood when it comes back in time', () => {
  const line = createWaitingLine();
  const away = line.join('a', 0);
  away.forgetAtMs = 100;
  line.join('b', 0).serve = serve;
  expect(line.firstPresent()).not.toBe(away);
  const back = line.join('a', 99);
  expect(back).toBe(away);
  expect(line.ahead(back)).toBe(0);
});

test('a caller that stayed away for too long stands at the end', () => {
  const line = createWaitingLine();
  line.join('a', 0).forgetAtMs = 100;
  line.join('b', 0).serve = serve;
  const back = line.join('a', 100);
  expect(line.ahead(back)).toBe(1);
});

test('two callers that wait have a place each, also under one name', () => {
  const line = createWaitingLine();
  const first = line.join('a', 0);
  first.serve = serve;
  expect(line.join('a', 0)).not.toBe(first);
  const nameless = line.join(undefined, 0);
  expect(line.join(undefined, 0)).not.toBe(nameless);
});

test('a caller whom AWS throttled goes first', () => {
  const line = createWaitingLine();
  line.join('a', 0).serve = serve;
  expect(line.ahead(line.joinFirst('b'))).toBe(0);
});
