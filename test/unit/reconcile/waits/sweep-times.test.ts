import { expect, test } from '@jest/globals';
import { ReconciledLink } from '../reconciled-link.ts';

async function sweptAt({ metrics }: ReconciledLink): Promise<readonly (readonly unknown[])[]> {
  const { values } = await metrics.lastSweep.get();
  return values.map(({ labels, value }) => [labels, value]);
}

test('looks that find nothing new write no status for hours, and show in the metric', async () => {
  const one = new ReconciledLink();
  await one.passes(30);
  expect(one.condition('Ready')).toMatchObject({ status: 'True' });
  const written = one.statuses.length;
  const firstSweep = one.link?.status?.lastSweepTime;
  const before = await sweptAt(one);
  const hour = 3600 / 5;
  await one.passes(3 * hour);
  expect(one.statuses).toHaveLength(written);
  expect(one.link?.status?.lastSweepTime).toBe(firstSweep);
  const [[labels, seconds] = []] = before;
  expect(labels).toEqual({ account: expect.stringMatching(/^\d{12}$/), region: 'eu-west-1' });
  expect(await sweptAt(one)).toEqual([[labels, Number(seconds) + 3 * 3600]]);
});

test('news has the time of the look with it', async () => {
  const one = new ReconciledLink();
  await one.passes(30);
  const former = one.link?.status?.lastSweepTime;
  one.edit({ tags: { team: 'other' } });
  await one.passes(5);
  expect(one.link?.status?.lastSweepTime).not.toBe(former);
});
