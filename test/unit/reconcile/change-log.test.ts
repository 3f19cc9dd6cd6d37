import { expect, test } from '@jest/globals';
import { CloudError } from '../../../src/plan/cloud.ts';
import { securityGroupName } from '../../../src/plan/ownership/ownership.ts';
import { ReconciledLink } from './reconciled-link.ts';

/** The log lines and the events about one kind of change. */
function toldAbout(one: ReconciledLink, kind: string) {
  const lines = one.log.filter(({ action }) => action === kind);
  const events = one.events.filter(({ action }) => action === kind);
  return { lines, events };
}

test('the log line and the event of a creation carry the new id', async () => {
  const one = new ReconciledLink();
  await one.passes(4);
  const [endpointId] = [...one.world.endpoints.keys()];
  const groupId = [...one.world.groups.keys()].at(-1);
  const endpoint = toldAbout(one, 'CreateVpcEndpoint');
  expect(endpoint.lines).toMatchObject([{ message: 'changed at AWS', id: endpointId }]);
  expect(endpoint.events.map(({ note }) => note)).toEqual([
    expect.stringContaining(` ${endpointId}: `),
  ]);
  const group = toldAbout(one, 'CreateSecurityGroup');
  expect(group.lines).toMatchObject([{ message: 'changed at AWS', id: groupId }]);
  expect(group.events.map(({ note }) => note)).toEqual([expect.stringContaining(` ${groupId}: `)]);
});

test('a group that was not made, for its name is taken, is told nowhere as made', async () => {
  const one = new ReconciledLink();
  const identity = { clusterId: 'cluster-1', uid: 'uid-1', name: 'ml' };
  const others = { id: 'sg-others', name: securityGroupName(identity), tags: {}, rules: [] };
  const place = { vpcId: 'vpc-main', ownerId: one.world.account };
  one.world.groups.set(others.id, { ...others, ...place });
  await one.passes(3);
  expect(one.condition('SecurityGroupReady')?.reason).toBe('OwnershipConflict');
  expect(toldAbout(one, 'CreateSecurityGroup')).toEqual({ lines: [], events: [] });
});

test('an action that fails pass after pass is in the log once, with the role that was used', async () => {
  const one = new ReconciledLink();
  const fail = (code: string): void => {
    const error = new CloudError({ kind: 'Denied', action: 'a', code, message: `no: ${code}` });
    one.failures.push({ action: 'CreateVpcEndpoint', error });
  };
  const said = () => one.log.filter(({ message }) => message === 'AWS refused');
  for (let pass = 0; pass < 3; pass += 1) {
    fail('UnauthorizedOperation');
    await one.passes(1);
  }
  const role = expect.stringMatching(/^arn:aws:/);
  expect(said()).toMatchObject([
    { level: 'warn', action: 'CreateVpcEndpoint', code: 'UnauthorizedOperation', role },
  ]);
  const notReady = one.log.filter(({ message }) => message === 'the link is not ready');
  expect(notReady).toMatchObject([{ reason: 'AccessDenied', role }]);
  fail('AccessDenied');
  await one.passes(1);
  expect(said().map(({ code }) => code)).toEqual(['UnauthorizedOperation', 'AccessDenied']);
  // A pass without it, and it is news again.
  await one.passes(1);
  one.edit({ endpoints: [{ service: 'metrics', privateDNS: false }] });
  fail('AccessDenied');
  await one.passes(1);
  expect(said()).toHaveLength(3);
});

test("the operator's own call budget is never a refusal of AWS", async () => {
  const one = new ReconciledLink();
  const error = new CloudError({
    kind: 'Throttled',
    action: 'ec2:CreateVpcEndpoint',
    code: 'CallBudgetSpent',
    message: 'ec2:CreateVpcEndpoint waits for the call budget',
    retryAfterMs: 3000,
  });
  one.failures.push({ action: 'CreateVpcEndpoint', error });
  await one.passes(1);
  const { lines } = toldAbout(one, 'CreateVpcEndpoint');
  expect(lines).toMatchObject([{ level: 'info', message: 'waits for the call budget' }]);
  expect(one.condition('Ready')).toMatchObject({ status: 'False', reason: 'WaitingForCallBudget' });
  expect(JSON.stringify([one.log, one.link?.status, one.events])).not.toMatch(/AWS refused/);
  expect(one.events.filter(({ reason }) => reason === 'WaitingForCallBudget')).toMatchObject([
    { type: 'Normal' },
  ]);
});

test.each([
  ['NoAnswer', 'Unavailable', 'AWS did not answer'],
  ['InternalError', 'Unavailable', 'AWS failed'],
  ['UnauthorizedOperation', 'Denied', 'AWS refused'],
  ['NoCredentials', 'Credentials', 'no credentials for AWS'],
] as const)('%s is logged as "%s: %s"', async (code, kind, words) => {
  const one = new ReconciledLink();
  const error = new CloudError({ kind, action: 'ec2:CreateVpcEndpoint', code, message: 'm' });
  one.failures.push({ action: 'CreateVpcEndpoint', error });
  await one.passes(1);
  const { lines } = toldAbout(one, 'CreateVpcEndpoint');
  expect(lines).toMatchObject([{ level: 'warn', code, message: words }]);
});

test('each change of a condition is one line, with what it was before', async () => {
  const one = new ReconciledLink();
  const changes = () => one.log.filter(({ message }) => message === 'condition changed');
  await one.passes(6);
  const shown = new Map<unknown, unknown>();
  for (const { condition, status, formerStatus } of changes()) {
    expect([condition, formerStatus]).toEqual([condition, shown.get(condition)]);
    shown.set(condition, status);
  }
  const inObject = one.link?.status?.conditions?.map(({ type, status }) => [type, status]);
  expect([...shown].filter(([, status]) => status !== undefined)).toEqual(
    expect.arrayContaining(inObject ?? ['no conditions']),
  );
  expect(shown.get('Ready')).toBe('True');
  // Present only while they are true: their end is a change too.
  expect(shown.has('Reconciling')).toBe(true);
  expect(shown.get('Reconciling')).toBeUndefined();
  const before = changes().length;
  await one.passes(3);
  expect(changes()).toHaveLength(before);
});
