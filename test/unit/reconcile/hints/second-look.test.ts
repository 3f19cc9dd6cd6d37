import { expect, test } from '@jest/globals';
import { ReconciledLink } from '../reconciled-link.ts';

const hour = 3_600_000;

test('a link with a long sweep interval is looked at a second time after a hint, and then at its own pace', async () => {
  const one = new ReconciledLink();
  one.edit({ sweepInterval: '1h' });
  await one.passes(30);
  expect(one.condition('Ready')).toMatchObject({ status: 'True' });
  await one.passes(1, 'Sweep');
  expect(one.nextPassInMs).toBeGreaterThanOrEqual(hour / 2);
  await one.passes(1, 'Hint');
  expect(one.nextPassInMs).toBeGreaterThanOrEqual(60_000);
  expect(one.nextPassInMs).toBeLessThanOrEqual(180_000);
  await one.passes(1, 'Sweep');
  expect(one.nextPassInMs).toBeGreaterThanOrEqual(hour / 2);
});
