import { expect, test } from '@jest/globals';
import { createTurns } from '../../faults/turns.ts';
import { breathe } from '../../faults/virtual-time.ts';

/** What three callers do, one after another, when their works take so many turns of Node's loop. */
async function storyOf(turns: readonly number[]): Promise<readonly string[]> {
  const inTurn = createTurns();
  const story: string[] = [];
  await Promise.all(
    turns.map(async (count, caller) => {
      await inTurn(async () => {
        for (let turn = 0; turn < count; turn += 1) await breathe();
        if (caller === 1) throw new Error('refused');
      }).catch(() => undefined);
      story.push(`${caller} gets on`);
      for (let step = 0; step < 10; step += 1) await Promise.resolve();
      story.push(`${caller} is done`);
    }),
  );
  return story;
}

test.each([[[0, 0, 0]], [[5, 0, 0]], [[0, 5, 0]], [[3, 2, 1]]])(
  'callers get on in the order of asking, each when the one before is done: %j',
  async (turns) => {
    expect(await storyOf(turns)).toEqual(
      [0, 1, 2].flatMap((caller) => [`${caller} gets on`, `${caller} is done`]),
    );
  },
);
