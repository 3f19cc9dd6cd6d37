import { expect, test } from '@jest/globals';
import {
  annotations,
  finalizer,
  type SageMakerPrivateLink,
} from '../../../src/api/sagemaker-private-link.ts';
import { CloudError } from '../../../src/plan/cloud.ts';
import { fingerprint } from '../../model/aws-world.ts';
import { fluxViolations } from '../../status/flux-conformance.ts';
import { kstatusOf } from '../../status/kstatus.ts';
import { statusViolations } from '../../status/status-schema.ts';
import { ReconciledLink } from './reconciled-link.ts';

async function readyLink({ quietMs = 1 } = {}): Promise<ReconciledLink> {
  const one = new ReconciledLink(quietMs);
  await one.passes(4);
  expect(one.condition('Ready')?.status).toBe('True');
  return one;
}

/** What kstatus says; the rules of Flux hold as well. */
function kstatus({ link }: ReconciledLink): string {
  const object = { metadata: link?.metadata ?? {}, status: link?.status ?? {} };
  expect(fluxViolations(object)).toEqual([]);
  return kstatusOf(object);
}

test('the finalizer is there before anything is at AWS', async () => {
  const one = new ReconciledLink();
  await one.passes(1);
  expect(one.link?.metadata.finalizers).toEqual([finalizer]);
});

test("which tags are about to be the link's is in the status before they are at AWS", async () => {
  const one = await readyLink();
  const tagsAtAws = () => [...one.world.endpoints.values()].map(({ tags }) => tags['stage']);
  const statuses = one.statuses.length;
  one.edit({ tags: { stage: 'test' } });
  await one.passes(1);
  const [first] = one.statuses.slice(statuses);
  expect(first?.status.appliedTagKeys).toContain('stage');
  expect(first?.tagsAtAws.some((tags) => 'stage' in tags)).toBe(false);
  expect(kstatusOf({ metadata: one.link?.metadata ?? {}, status: first?.status ?? {} })).toBe(
    'InProgress',
  );
  await one.passes(3);
  expect(tagsAtAws()).toContain('test');
  expect(one.condition('Ready')?.status).toBe('True');

  // As if the process had died, or the spec been replaced, before any other status was written.
  one.link = { ...(one.link as SageMakerPrivateLink), status: first?.status ?? {} };
  one.edit({ tags: {} });
  await one.passes(4);
  expect(tagsAtAws()).not.toContain('test');
  expect(one.link?.status?.appliedTagKeys).toBeUndefined();
});

test('a suspended link makes no call, keeps what was seen and says that nobody looks', async () => {
  const one = await readyLink();
  const { calls, link } = one;
  const endpoints = link?.status?.endpoints;
  one.edit({ suspend: true, endpoints: [] });
  await one.passes(3);
  expect(one.calls).toBe(calls);
  expect(one.condition('Ready')).toMatchObject({ status: 'Unknown', reason: 'Suspended' });
  expect(one.condition('Available')?.status).toBe('True');
  expect(one.link?.status?.endpoints).toEqual(endpoints);
  expect(kstatus(one)).toBe('InProgress');
});

test('a link that was suspended goes on where it was', async () => {
  const one = await readyLink();
  const before = fingerprint(one.world);
  one.edit({ suspend: true });
  await one.passes(1);
  one.edit({ suspend: false });
  await one.passes(2);
  expect(fingerprint(one.world)).toBe(before);
  expect(one.condition('Ready')?.status).toBe('True');
  expect(kstatus(one)).toBe('Current');
});

test('a link that is deleted while it is suspended is taken away', async () => {
  const one = await readyLink();
  one.edit({ suspend: true });
  await one.passes(1);
  one.remove();
  await one.passes(8);
  expect(one.link).toBeUndefined();
  expect([...one.world.endpoints, ...one.world.groups.keys()]).toEqual(['sg-user']);
});

test('a deleted link of which nothing is left is looked at once more, when it has been quiet', async () => {
  const one = await readyLink({ quietMs: 31_000 });
  one.remove();
  const isLeft = () => one.condition('Ready')?.message.includes('once more') !== true;
  for (let pass = 0; pass < 20 && isLeft(); pass += 1) await one.passes(1);
  expect(isLeft()).toBe(false);
  expect(one.nextPassInMs).toBe(35_000);
  // Five seconds of the wait are over.
  await one.comeBack(20_000, 'Poll');
  expect(one.link).toBeDefined();
  await one.comeBack(one.nextPassInMs ?? 0, 'Poll');
  expect(one.link).toBeUndefined();
});

test.each(['before', 'after'])(
  'a link that was let go is told of as one nowhere, where its end is seen %s the answer',
  async (when) => {
    const one = await readyLink();
    one.isWatchFirst = when === 'before';
    // The pass that deletes the group lets the link go, so the last status names the group.
    one.remove();
    for (let pass = 0; pass < 20 && one.link !== undefined; pass += 1) {
      const { link } = one;
      await one.passes(1);
      if (when === 'after' && one.link === undefined) one.tellOfEnd(link);
    }
    expect(one.link).toBeUndefined();
    expect(one.events.map(({ reason }) => reason)).not.toContain('ResourcesLeftBehind');
    expect(one.log.map(({ message }) => message)).not.toContain(
      'a link vanished without its finalizer',
    );
  },
);

test('a link whose finalizer somebody takes off before anything is deleted is told of', async () => {
  const one = await readyLink();
  one.vanish();
  expect(one.events.map(({ reason }) => reason)).toContain('ResourcesLeftBehind');
});

test('a wish to be looked at is answered after a pass, while suspended and when refused', async () => {
  const one = await readyLink();
  const handled = () => one.link?.status?.lastHandledReconcileAt;
  one.annotate({ [annotations.reconcileRequestedAt]: 'first' });
  await one.passes(1);
  expect(handled()).toBe('first');
  one.annotate({ [annotations.reconcileRequestedAt]: 'second' });
  one.edit({ suspend: true });
  await one.passes(1);
  expect(handled()).toBe('second');
  one.annotate({ [annotations.reconcileRequestedAt]: 'third' });
  one.edit({ suspend: false });
  one.refusal = unknownAccount;
  await one.passes(1);
  expect(handled()).toBe('third');
});

test('a wish of 2,000 characters is answered as far as the status has room for it', async () => {
  const one = await readyLink();
  one.annotate({ [annotations.reconcileRequestedAt]: 'x'.repeat(2_000) });
  for (const suspend of [false, true]) {
    one.edit({ suspend });
    await one.passes(1);
    expect(statusViolations(one.link?.status)).toEqual([]);
    expect(one.link?.status?.lastHandledReconcileAt).toMatch(/^x{900,}.*left out\)$/);
  }
});

const unknownAccount = new CloudError({
  kind: 'Invalid',
  action: 'sts:AssumeRole',
  code: 'UnknownAccount',
  message: 'no account ml-prod in the map',
});

test('a link whose account is refused is stalled, keeps what was seen, and recovers', async () => {
  const one = await readyLink();
  const { calls } = one;
  one.refusal = unknownAccount;
  await one.passes(2);
  expect(one.calls).toBe(calls);
  expect(one.condition('Stalled')).toMatchObject({ status: 'True', reason: 'UnknownAccount' });
  expect(one.condition('NetworkResolved')?.status).toBe('False');
  expect(one.condition('Available')?.status).toBe('True');
  expect(kstatus(one)).toBe('Failed');
  one.refusal = undefined;
  await one.passes(2);
  expect(kstatus(one)).toBe('Current');
});

test('a refused link that is deleted keeps its finalizer and says what to do', async () => {
  const one = await readyLink();
  one.remove();
  one.refusal = unknownAccount;
  await one.passes(2);
  expect(one.link?.metadata.finalizers).toEqual([finalizer]);
  expect(one.condition('Ready')?.message).toContain('remove the finalizer');
  expect(kstatus(one)).toBe('Terminating');
});

test('events tell what was changed and when the link became ready, once', async () => {
  const one = await readyLink();
  const reasons = one.events.map(({ reason }) => reason);
  expect(reasons).toEqual(expect.arrayContaining(['SecurityGroupCreated', 'EndpointCreated']));
  expect(reasons.filter((one) => one === 'Succeeded')).toHaveLength(1);
  one.events.length = 0;
  await one.passes(3);
  expect(one.events).toEqual([]);
});

test("the loss of an endpoint is told, and the steps of its successor are nobody else's", async () => {
  const one = await readyLink();
  one.events.length = 0;
  const [lost = ''] = [...one.world.endpoints.keys()];
  one.world.endpoints.delete(lost);
  await one.passes(8);
  expect(one.condition('Ready')?.status).toBe('True');
  const drift = one.events.filter(({ reason }) => reason === 'DriftDetected');
  expect(drift.map(({ note }) => note)).toEqual([expect.stringContaining('endpoint is missing')]);
  const changes = one.events.map(({ reason }) => reason);
  expect(changes).toEqual(expect.arrayContaining(['EndpointCreated', 'EndpointModified']));
});

test('an endpoint that somebody changed is told as drift and as a change, as a warning and not', async () => {
  const one = await readyLink();
  one.events.length = 0;
  for (const [id, endpoint] of one.world.endpoints) {
    one.world.endpoints.set(id, { ...endpoint, privateDnsEnabled: false });
  }
  await one.passes(1);
  expect(one.events.map(({ type, reason }) => `${type} ${reason}`)).toEqual(
    expect.arrayContaining(['Warning DriftDetected', 'Normal EndpointModified']),
  );
  expect(one.events[0]?.regarding).toMatchObject({ name: 'ml', uid: 'uid-1' });
});
