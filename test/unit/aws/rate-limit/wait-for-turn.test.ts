import { expect, test } from '@jest/globals';
import { waitForTurn, type Waiter } from '../../../../src/aws/rate-limit/wait-for-turn.ts';

function waiting(signal: AbortSignal) {
  const line = new Set<Waiter>();
  const turn = waitForTurn({ action: 'ec2:DescribeVpcs', signal }, (waiter) => {
    line.add(waiter);
    return () => line.delete(waiter);
  });
  return { line, turn };
}

test('a wait ends when someone ends it', async () => {
  const { line, turn } = waiting(new AbortController().signal);
  for (const waiter of line) waiter.resolve();
  await expect(turn).resolves.toBeUndefined();
});

test('a wait that is given up leaves the line, and says that it was', async () => {
  const patience = new AbortController();
  const { line, turn } = waiting(patience.signal);
  expect(line.size).toBe(1);
  patience.abort();
  await expect(turn).rejects.toMatchObject({ kind: 'Aborted', action: 'ec2:DescribeVpcs' });
  expect(line.size).toBe(0);
});

test('who has given up before does not stand in line at all', async () => {
  const { line, turn } = waiting(AbortSignal.abort());
  await expect(turn).rejects.toMatchObject({ kind: 'Aborted' });
  expect(line.size).toBe(0);
});
