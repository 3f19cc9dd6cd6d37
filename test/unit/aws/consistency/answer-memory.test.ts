import { expect, test } from '@jest/globals';
import { createAnswerMemory } from '../../../../src/aws/consistency/answer-memory.ts';

test('an answer counts from the moment at which its read began', () => {
  const memory = createAnswerMemory<string>();
  memory.note(['a'], new Map([['a', 'one']]), 100);
  expect(memory.isFresh('a', 100)).toBe(true);
  expect(memory.isFresh('a', 101)).toBe(false);
  expect(memory.isFresh('b', 0)).toBe(false);
});

test('that AWS has nothing is an answer too', () => {
  const memory = createAnswerMemory<string>();
  memory.note(['a', 'gone'], new Map([['a', 'one']]), 100);
  expect(memory.isFresh('gone', 100)).toBe(true);
  expect(memory.answersTo(['a', 'gone'], 100)).toEqual(new Map([['a', 'one']]));
});

test('an answer that is to be forgotten is asked for anew, and its neighbours are not', () => {
  const memory = createAnswerMemory<string>();
  memory.note(['a', 'b'], new Map(Object.entries({ a: 'bad', b: 'good' })), 100);
  memory.forget(['a', 'b'], (answer) => answer === 'bad');
  expect(memory.isFresh('a', 0)).toBe(false);
  expect(memory.isFresh('b', 100)).toBe(true);
});

test('answers that nobody asks for again do not stay for ever', () => {
  const memory = createAnswerMemory<string>();
  memory.note(['old'], new Map([['old', 'one']]), 0);
  memory.note(['new'], new Map([['new', 'two']]), 600_001);
  expect(memory.answersTo(['old'], 600_001)).toEqual(new Map());
});

test('answers are kept new for those who ask rarely, and for nobody else', () => {
  const memory = createAnswerMemory<string>();
  const minute = 60_000;
  const read = (keys: readonly string[], atMs: number): void =>
    memory.note(keys, new Map(keys.map((key) => [key, key])), atMs);
  read(['asked', 'left'], 0);
  const hours = (count: number): number => count * 60;
  for (let at = 9; at <= hours(12); at += 9) {
    if (at === hours(3)) memory.answersTo(['asked'], at * minute);
    const ageing = memory.ageing(at * minute);
    expect(ageing.includes('asked')).toBe(true);
    expect(ageing.includes('left')).toBe(at <= hours(9));
    read(ageing, at * minute);
  }
  expect(memory.ageing(hours(13) * minute)).toEqual([]);
});
