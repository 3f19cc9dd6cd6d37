import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overtakes } from '../../../../src/aws/apply-action.ts';
import { createRecentWrites } from '../../../../src/aws/consistency/recent-writes.ts';
import { createPolicyMerges } from '../../../../src/aws/notebook-policy/merge-policies.ts';
import type { ActionResults } from '../../../../src/plan/actions.ts';
import type { ManagedPolicy, Principal } from '../../../../src/plan/facts.ts';
import type { PolicyAction } from '../../../../src/plan/notebook-policy/actions.ts';
import { arn, documentOf, managedPolicy } from './policy-values.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

function recorder() {
  const clock = createVirtualClock();
  const writes = createRecentWrites(clock, 60_000, overtakes);
  return { clock, writes: Object.assign(writes, createPolicyMerges(writes)) };
}

const named = { reason: 'r', arn } as const;
const creation = {
  kind: 'CreatePolicy',
  reason: 'r',
  name: 'p',
  path: '/sagemaker-privatelink/',
  description: '',
  document: documentOf('v1'),
  tags: {},
} as const;
const deletion = { kind: 'DeletePolicy', ...named } as const;
const lead = { kind: 'role', name: 'Lead' } as const;

function versionMade(versionId: string): [PolicyAction, ActionResults['CreatePolicyVersion']] {
  return [
    { kind: 'CreatePolicyVersion', ...named, document: documentOf(versionId) },
    { versionId },
  ];
}

test('a policy that was just made is there for a minute although the read lacks it', async () => {
  const { clock, writes } = recorder();
  writes.record(creation, { policy: managedPolicy(), existed: false });
  expect(writes.mergePolicy(arn, undefined)).toEqual(managedPolicy({ settling: true }));
  expect(writes.mergeNames(creation.path, ['q'])).toEqual(['q', 'p']);
  expect(writes.mergeNames('/elsewhere/', ['q'])).toEqual(['q']);
  expect(writes.mergePolicy(`${arn}2`, undefined)).toBeUndefined();
  await clock.advance(60_000);
  expect(writes.mergePolicy(arn, undefined)).toBeUndefined();
  expect(writes.mergeNames(creation.path, ['q'])).toEqual(['q']);
});

test('a policy that was there already is not claimed', () => {
  const { writes } = recorder();
  writes.record(creation, { policy: managedPolicy(), existed: true });
  expect(writes.mergePolicy(arn, undefined)).toBeUndefined();
});

test('once a read has shown a policy, a read without it means that it is gone', () => {
  const { writes } = recorder();
  writes.record(creation, { policy: managedPolicy(), existed: false });
  expect(writes.mergePolicy(arn, managedPolicy())).toEqual(managedPolicy());
  expect(writes.mergePolicy(arn, undefined)).toBeUndefined();
});

test('a version that somebody made after ours is not hidden by ours', () => {
  const { writes } = recorder();
  writes.record(...versionMade('v9'));
  const later = managedPolicy({ defaultVersionId: 'v10', document: documentOf('v10') });
  expect(writes.mergePolicy(arn, later)).toEqual(later);
});

test('a change whose answer was lost takes back what was claimed before it', () => {
  const { writes } = recorder();
  const back = { kind: 'SetDefaultPolicyVersion', ...named, versionId: 'v1' } as const;
  writes.record({ ...back, document: documentOf('v1') }, {});
  const [lost] = versionMade('v3');
  const shown = managedPolicy({ defaultVersionId: 'v3', document: documentOf('v3') });
  writes.doubt(lost);
  expect(writes.mergePolicy(arn, shown)).toEqual(shown);
});

test('a policy made anew right after its deletion is there', () => {
  const { writes } = recorder();
  writes.record(deletion, {});
  writes.record(creation, { policy: managedPolicy(), existed: false });
  expect(writes.mergePolicy(arn, undefined)?.settling).toBe(true);
  writes.record(deletion, {});
  const versions = [{ id: 'v1', isDefault: true, document: documentOf('v1') }];
  expect(writes.mergeVersions(arn, versions)).toEqual([]);
  expect(writes.mergePolicy(arn, managedPolicy())).toBeUndefined();
});

test('names of principals are told apart without regard to case', () => {
  const { writes } = recorder();
  writes.record({ kind: 'DetachPolicy', ...named, principal: { ...lead, name: 'LEAD' } }, {});
  const shown = managedPolicy({ attachedTo: [lead, { kind: 'user', name: 'Lead' }] });
  expect(writes.mergePolicy(arn, shown)?.attachedTo).toEqual([{ kind: 'user', name: 'Lead' }]);
});

/** What IAM holds after each change: the truth that readers come to know late. */
interface Told {
  readonly action: PolicyAction;
  readonly result: ActionResults[keyof ActionResults];
  readonly after: ManagedPolicy | undefined;
}

type Step =
  | { readonly do: 'create' | 'delete' | 'version' }
  | { readonly do: 'default'; readonly pick: number }
  | { readonly do: 'attach' | 'detach'; readonly who: number }
  | { readonly do: 'tag'; readonly value: string };

const who = fc.integer({ min: 0, max: 2 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom('create' as const, 'delete' as const, 'version' as const) }),
    fc.record({ do: fc.constant('default' as const), pick: fc.nat(9) }),
    fc.record({ do: fc.constantFrom('attach' as const, 'detach' as const), who }),
    fc.record({ do: fc.constant('tag' as const), value: fc.constantFrom('a', 'b') }),
  ),
  { minLength: 1, maxLength: 12 },
);

function principalOf(index: number): Principal {
  return { kind: 'role', name: `role-${index}` };
}

/** Plays the steps on a true IAM; what makes no sense there is left out. */
function play(wanted: readonly Step[]): readonly Told[] {
  const told: Told[] = [];
  let now: ManagedPolicy | undefined;
  let made = 0;
  function did(action: PolicyAction, result: Told['result'], after: ManagedPolicy | undefined) {
    now = after;
    told.push({ action, result, after });
  }
  for (const step of wanted) {
    if (step.do === 'create' && now === undefined) {
      made = 1;
      did(creation, { policy: managedPolicy(), existed: false }, managedPolicy());
    }
    if (now === undefined) continue;
    if (step.do === 'delete') did(deletion, {}, undefined);
    if (step.do === 'version') {
      made += 1;
      const versionId = `v${made}`;
      const document = documentOf(versionId);
      did(...versionMade(versionId), { ...now, defaultVersionId: versionId, document });
    }
    if (step.do === 'default') {
      const versionId = `v${(step.pick % made) + 1}`;
      const change = { versionId, document: documentOf(versionId) };
      const after = { ...now, defaultVersionId: versionId, document: change.document };
      did({ kind: 'SetDefaultPolicyVersion', ...named, ...change }, {}, after);
    }
    if (step.do === 'attach' || step.do === 'detach') {
      const principal = principalOf(step.who);
      const others = now.attachedTo.filter(({ name }) => name !== principal.name);
      const kind = step.do === 'attach' ? 'AttachPolicy' : 'DetachPolicy';
      const attachedTo = step.do === 'attach' ? [...others, principal] : others;
      did({ kind, ...named, principal }, {}, { ...now, attachedTo });
    }
    if (step.do === 'tag') {
      const tags = { team: step.value };
      did({ kind: 'TagPolicy', ...named, tags }, {}, { ...now, tags });
    }
  }
  return told;
}

/** A policy without order and without what only says how sure we are. */
function substance(policy: ManagedPolicy | undefined): object | undefined {
  if (policy === undefined) return undefined;
  const { settling: _sureness, attachedTo, ...rest } = policy;
  return { ...rest, attachedTo: attachedTo.map(({ name }) => name).toSorted() };
}

test('however late a read is, it tells what we left; and what is not enforced yet is settling', () => {
  fc.assert(
    fc.property(steps, fc.nat(), (wanted, lateness) => {
      const told = play(wanted);
      const last = told.at(-1);
      if (last === undefined) return;
      // A policy made anew has the old one's ARN: reads of before that are another matter.
      const anew = told.findLastIndex(({ action }) => action.kind === 'CreatePolicy');
      const seen = anew + (lateness % (told.length - anew + 1)) - 1;
      const read = seen < anew ? undefined : told[seen]?.after;
      const { writes } = recorder();
      for (const { action, result } of told) writes.record(action, result);
      const merged = writes.mergePolicy(arn, read);
      expect(substance(merged)).toEqual(substance(last.after));
      const isInForce =
        read?.defaultVersionId === last.after?.defaultVersionId &&
        (last.after?.attachedTo ?? []).every(({ name }) =>
          read?.attachedTo.some((one) => one.name === name),
        );
      expect(merged === undefined || isInForce || merged.settling === true).toBe(true);
      expect(substance(writes.mergePolicy(arn, last.after))).toEqual(substance(last.after));
      expect(writes.mergePolicy(arn, last.after)).toEqual(last.after);
    }),
    { numRuns: 2000 },
  );
});
