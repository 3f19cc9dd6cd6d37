import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import type { Look } from '../../../src/plan/looks.ts';
import { nothingObserved, type Observation } from '../../../src/plan/observation.ts';
import type { PassEnd } from '../../../src/plan/pass-end.ts';
import { defaultPatience } from '../../../src/plan/sightings.ts';
import { createRests, type RestBasis, type RestEnd } from '../../../src/reconcile/rests.ts';
import { sampleLinkObject } from '../api/sample-link-object.ts';
import { ReconciledLink } from './reconciled-link.ts';

const link = sampleLinkObject(10) as unknown as SageMakerPrivateLink;
const owner = { clusterId: 'cluster-1', uid: link.metadata.uid, name: link.metadata.name };
const basis: RestBasis = {
  link,
  state: {},
  owner,
  clients: { kind: 'Disabled', written: 0, policies: 0 },
  rivals: [],
  elapsed: { sightings: {}, patience: defaultPatience },
};
const told: RestEnd = {
  isTold: true,
  open: { problems: [], waits: [] },
};

function observed(answer: unknown): Observation {
  const look = { kind: 'Caller' };
  return { ...nothingObserved, answers: { Caller: [{ look, answer }] } } as Observation;
}

function ended(observation: Observation, seen = {}): PassEnd {
  const nothing = { looks: [], actions: [], waits: [], problems: [], differences: [], notes: [] };
  const plan = { ...nothing, desired: [], subnets: [], skippedSubnets: [], reached: [] };
  return {
    plan: { ...plan, gone: false, seen, settledNames: {} },
    observation,
    done: [],
    found: [],
    notes: [],
    failed: [],
    withheld: [],
    findings: { problems: [], waits: [] },
  };
}

/** Whether a pass that ended so is known again when AWS gives the same answers. */
function isKnown(end: PassEnd, how: RestEnd = told, now: RestBasis = basis): boolean {
  const rests = createRests();
  rests.note(basis, end, how);
  return rests.formerPass(now)?.isAsBefore(end.observation) ?? false;
}

test('a pass that found everything as it should be is known by its answers', () => {
  expect(isKnown(ended(observed({ a: 1 })))).toBe(true);
  expect(createRests().formerPass(basis)).toBeUndefined();
});

test('the looks of the former pass are known, to be asked at once', () => {
  const rests = createRests();
  rests.note(basis, ended(observed({ a: 1 })), told);
  expect(rests.formerPass(basis)?.looks).toEqual([{ kind: 'Caller' }]);
});

test('looks about the link itself, about others and about tags come back as they were', () => {
  const tags = { owner: 'own' };
  const looks: readonly Look[] = [
    { kind: 'Owned', owner },
    { kind: 'PoliciesByARN', arns: ['arn:a'], owner: { ...owner, uid: 'other' } },
    { kind: 'Vpcs', selector: { tags } },
  ];
  const answers = Object.fromEntries(looks.map((look) => [look.kind, [{ look, answer: [] }]]));
  const rests = createRests();
  rests.note(basis, ended({ ...nothingObserved, answers } as Observation), told);
  expect(rests.formerPass(basis)?.looks).toEqual(looks);
});

test('with any other answer nothing is known', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const answer = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.array(leaf, { maxLength: 3 }));
  fc.assert(
    fc.property(answer, answer, (one, other) => {
      const rests = createRests();
      rests.note(basis, ended(observed(one)), told);
      expect(rests.formerPass(basis)?.isAsBefore(observed(other))).toBe(
        JSON.stringify(one) === JSON.stringify(other),
      );
    }),
  );
});

test('another state of the link is another pass, and another copy of it is not', () => {
  const end = ended(observed({ a: 1 }));
  expect(isKnown(end, told, { ...basis, link: structuredClone(link) })).toBe(true);
  expect(isKnown(end, told, { ...basis, state: {} })).toBe(false);
});

test('nothing is known of a link that is not as the cache has it', () => {
  const end = ended(observed({ a: 1 }));
  expect(isKnown(end, told, { ...basis, state: undefined })).toBe(false);
});

test('other namespaces and other rivals are other passes', () => {
  const end = ended(observed({ a: 1 }));
  const clients = { kind: 'Disabled', written: 1, policies: 0 } as const;
  const rival = { name: 'b', uid: 'b', subjects: [] } as unknown as RestBasis['rivals'][number];
  expect(isKnown(end, told, { ...basis, clients })).toBe(false);
  expect(isKnown(end, told, { ...basis, rivals: [rival] })).toBe(false);
});

test('nobody is at rest for whom something is open, was done, or has yet to be told', () => {
  const end = ended(observed({ a: 1 }));
  const one = [{}] as never;
  for (const part of ['done', 'found', 'notes', 'failed', 'withheld'] as const) {
    expect(isKnown({ ...end, [part]: one })).toBe(false);
  }
  for (const part of ['looks', 'actions', 'differences'] as const) {
    expect(isKnown({ ...end, plan: { ...end.plan, [part]: one } })).toBe(false);
  }
  for (const part of ['problems', 'waits'] as const) {
    expect(isKnown({ ...end, findings: { ...end.findings, [part]: one } })).toBe(false);
    expect(isKnown(end, { ...told, open: { ...told.open, [part]: one } })).toBe(false);
  }
  expect(isKnown(end, { ...told, isTold: false })).toBe(false);
});

test('a wait that is over for a state may change the plan', () => {
  const { dnsSettleMs, iamSettleMs, wayDeadlineMs } = defaultPatience;
  const end = ended(observed({ a: 1 }));
  const after = (forMs: number, state = 'on'): RestBasis => {
    const sightings = { topic: { state, forMs } };
    return { ...basis, elapsed: { sightings, patience: defaultPatience } };
  };
  for (const waitMs of [dnsSettleMs, iamSettleMs, wayDeadlineMs]) {
    const rests = createRests();
    rests.note(after(waitMs - 1), end, told);
    const isKnownAfter = (now: RestBasis): boolean | undefined =>
      rests.formerPass(now)?.isAsBefore(end.observation);
    expect(isKnownAfter(after(waitMs))).toBe(false);
    expect(isKnownAfter(after(waitMs - 2))).toBe(true);
    expect(isKnownAfter(after(waitMs - 2, 'off'))).toBe(false);
  }
});

test('a link at rest is repaired at the sweep after somebody has changed it at AWS', async () => {
  const one = new ReconciledLink();
  await one.passes(20);
  expect(one.condition('Ready')?.status).toBe('True');
  const written = one.statuses.length;
  await one.passes(5, 'Sweep');
  expect(one.statuses).toHaveLength(written);
  const { endpoints } = one.world;
  const foreign = { securityGroupIds: ['sg-foreign'] };
  for (const [id, endpoint] of endpoints) endpoints.set(id, { ...endpoint, ...foreign });
  await one.passes(10, 'Sweep');
  expect(endpoints.size).toBeGreaterThan(0);
  for (const each of endpoints.values()) {
    expect(each.securityGroupIds).not.toContain('sg-foreign');
  }
});
