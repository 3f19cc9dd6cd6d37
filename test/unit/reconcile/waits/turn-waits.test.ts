import { expect, test } from '@jest/globals';
import type { OwnHoldings } from '../../../../src/plan/facts.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { ReconciledLink } from '../reconciled-link.ts';

const minute = 60_000;

function heldBack(estimate: string, retryAfterMs = 5 * minute): CloudError {
  return new CloudError({
    kind: 'Throttled',
    action: 'ec2:CreateVpcEndpoint',
    code: 'CallBudgetSpent',
    message: `ec2:CreateVpcEndpoint waits for the call budget, its turn comes in ${estimate}`,
    retryAfterMs,
  });
}

/** A link whose endpoint has to wait for its turn, after its first pass. */
async function waitingLink(): Promise<ReconciledLink> {
  const one = new ReconciledLink();
  one.failures.push({ action: 'CreateVpcEndpoint', error: heldBack('about 20 minutes') });
  await one.passes(1);
  one.statuses.length = 0;
  one.delays.length = 0;
  one.calls = 0;
  return one;
}

test('a link whose turn is far asks nothing and writes nothing', async () => {
  const one = await waitingLink();
  one.stillWaits = () => heldBack('about 20 minutes');
  for (let count = 0; count < 2; count += 1) await one.comeBack(5 * minute);
  expect(one.calls).toBe(0);
  expect(one.statuses).toEqual([]);
  expect(one.delays).toEqual(Array.from({ length: 2 }, () => 5 * minute));
});

/** The minutes at which a link looked at AWS that was asked each five of them whether it still waits. */
async function looksWithin(one: ReconciledLink, minutes: number): Promise<readonly number[]> {
  one.stillWaits = () => heldBack('about 5 hours');
  const looks: number[] = [];
  for (let at = 5; at <= minutes; at += 5) {
    one.failures.push({ action: 'CreateVpcEndpoint', error: heldBack('about 5 hours') });
    one.calls = 0;
    await one.comeBack(5 * minute);
    if (one.calls > 0) looks.push(at);
    one.failures.length = 0;
  }
  return looks;
}

/** A new link that waits, and what reads show that are made for others. */
async function watchedLink() {
  const one = new ReconciledLink();
  const shown: { holdings: OwnHoldings | undefined; since: number } = {
    holdings: undefined,
    since: 0,
  };
  one.knownHoldings = (_owner, since) => {
    shown.since = since;
    return shown.holdings;
  };
  one.failures.push({ action: 'CreateVpcEndpoint', error: heldBack('about 5 hours') });
  await one.passes(1);
  const isOwn = ({ name }: { readonly name: string }): boolean => name.startsWith('sagemaker');
  const securityGroups = [...one.world.groups.values()].filter(isOwn);
  expect(securityGroups).toHaveLength(1);
  shown.holdings = { endpoints: [], securityGroups };
  return { one, shown };
}

test('a new link in a line of hours is compared with reads for others, and looked at after eight hours', async () => {
  const { one, shown } = await watchedLink();
  expect(await looksWithin(one, 500)).toEqual([480]);
  expect([...one.world.endpoints.values()]).toEqual([]);
  // AWS may not have shown by then what the first pass made.
  expect(shown.since).toBeGreaterThanOrEqual(60_000);
});

test('a new link in line is looked at when a read for others lacks what it had, or shows it otherwise', async () => {
  const lost = await watchedLink();
  lost.shown.holdings = { endpoints: [], securityGroups: [] };
  expect(await looksWithin(lost.one, 10)).toContain(5);
  const changed = await watchedLink();
  expect(await looksWithin(changed.one, 10)).toEqual([]);
  const { securityGroups = [] } = changed.shown.holdings ?? {};
  const opened = securityGroups.map((group) => ({ ...group, rules: [] }));
  changed.shown.holdings = { endpoints: [], securityGroups: opened };
  expect(await looksWithin(changed.one, 10)).toContain(5);
});

test('a new link in line of which no read can tell is looked at every quarter of an hour', async () => {
  const one = await waitingLink();
  expect(await looksWithin(one, 60)).toEqual([15, 30, 45, 60]);
});

test('a link with an endpoint that waits for another one is looked at every quarter of an hour', async () => {
  const one = new ReconciledLink();
  await one.passes(20);
  expect([...one.world.endpoints.values()]).toHaveLength(1);
  one.failures.push({ action: 'CreateVpcEndpoint', error: heldBack('about 5 hours') });
  one.edit({
    endpoints: [
      { service: 'api', privateDNS: false },
      { service: 'metrics', privateDNS: false },
    ],
  });
  await one.passes(1);
  expect(one.condition('Ready')?.reason).toBe('WaitingForCallBudget');
  expect(await looksWithin(one, 60)).toEqual([15, 30, 45, 60]);
});

test('a new estimate is written where the link says what it waits for, and nothing else changes', async () => {
  const one = await waitingLink();
  const before = one.link?.status;
  one.stillWaits = () => heldBack('about 10 minutes');
  await one.comeBack(5 * minute);
  expect(one.calls).toBe(0);
  expect(one.statuses).toHaveLength(1);
  for (const type of ['Ready', 'EndpointsAvailable']) {
    expect(one.condition(type)).toMatchObject({
      status: 'False',
      reason: 'WaitingForCallBudget',
      message: expect.stringContaining('about 10 minutes'),
    });
  }
  const worded = JSON.stringify(one.link?.status).replaceAll('about 10', 'about 20');
  expect(JSON.parse(worded)).toEqual(before);
});

test('the estimate is not written anew at every look at the line', async () => {
  const one = await waitingLink();
  let estimate = 0;
  one.stillWaits = () => heldBack(`${(estimate += 1)} minutes`, 10_000);
  for (let count = 0; count < 60; count += 1) await one.comeBack(10_000);
  // In ten minutes.
  expect(one.statuses.length).toBeLessThanOrEqual(3);
});

test('an estimate that the status has lost is written again, although it is the same', async () => {
  const one = await waitingLink();
  const before = one.link;
  one.stillWaits = () => heldBack('about 10 minutes');
  await one.comeBack(5 * minute);
  await one.comeBack(5 * minute);
  expect(one.statuses).toHaveLength(1);
  one.link = before;
  await one.comeBack(4 * minute);
  expect(one.statuses).toHaveLength(2);
  expect(one.condition('Ready')?.message).toContain('about 10 minutes');
});

test('a pass follows when the turn is near', async () => {
  const one = await waitingLink();
  await one.comeBack(5 * minute);
  expect(one.calls).toBeGreaterThan(0);
  expect([...one.world.endpoints.values()]).toHaveLength(1);
});

test('an edit is not put off by a turn that is far', async () => {
  const one = await waitingLink();
  one.stillWaits = () => heldBack('about 20 minutes');
  one.edit({ tags: { team: 'ml' } });
  await one.comeBack(5 * minute);
  expect(one.calls).toBeGreaterThan(0);
});

test('a link that waits for more than turns has its pass', async () => {
  const one = new ReconciledLink();
  const refusal = new CloudError({
    kind: 'Unavailable',
    action: 'ec2:CreateSecurityGroup',
    code: 'InternalError',
    message: 'm',
  });
  one.failures.push({ action: 'CreateSecurityGroup', error: refusal });
  await one.passes(1);
  one.calls = 0;
  one.stillWaits = () => heldBack('about 20 minutes');
  await one.comeBack(minute);
  expect(one.calls).toBeGreaterThan(0);
});
