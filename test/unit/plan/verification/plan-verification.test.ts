/** When pods verify a link, where, and what they have told. */
import { describe, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import type { ClientsView } from '../../../../src/plan/clients/status/clients-view.ts';
import {
  planVerification,
  type VerificationInput,
  type VerificationPlan,
} from '../../../../src/plan/verification/plan-verification.ts';
import { refusedPod, type VerificationPod } from '../../../../src/plan/verification/run-outcome.ts';
import { withRefusal } from '../../../../src/plan/verification/verification-memory.ts';
import type { PodManifest } from '../../../../src/plan/verification/verification-pod.ts';
import {
  allWell,
  configured,
  inputWith,
  minute,
  podOf,
  publicName,
  told,
  verifiedLink,
} from './verification-world.ts';

const link = verifiedLink();

function created({ actions }: VerificationPlan): readonly PodManifest[] {
  return actions.flatMap((action) => (action.kind === 'Create' ? [action.pod] : []));
}

function deleted({ actions }: VerificationPlan): readonly VerificationPod[] {
  return actions.flatMap((action) => (action.kind === 'Delete' ? [action.pod] : []));
}

function seen({ view }: VerificationPlan) {
  if (view?.kind !== 'Known') throw new Error(`nothing is known: ${view?.kind}`);
  return view.namespaces.map(({ namespace, state, reason }) => `${namespace} ${state} ${reason}`);
}

/** The plan after the pods of a first one have ended, or stand as `given`, at a later time. */
function later(
  given: Partial<VerificationPod>,
  {
    at,
    of = link,
    ...more
  }: { at: number; of?: SageMakerPrivateLink } & Partial<VerificationInput>,
) {
  const first = planVerification(inputWith({ link: of }));
  const pods = created(first).map((pod) => podOf(pod, 0, given));
  const { memory } = first;
  return { pods, plan: planVerification(inputWith({ link: of, now: at, pods, memory, ...more })) };
}

test.each([
  ['exceeded quota: small, used: pods=5, limited: pods=5', /Make room in the quota/],
  ['failed quota: small: must specify limits.cpu for: verify', /Make room in the quota/],
  ['minimum memory usage per Container is 1Gi, but request is 64Mi', /or the limit range/],
  ['violates PodSecurity "restricted:latest": host namespaces', /a webhook that changes pods/],
  ['admission webhook "x.example.com" denied the request: no', /Let the policy admit pods/],
  ['pods is forbidden: User "x" cannot create resource "pods"', /component verify/],
  ['failed calling webhook: no answer', /It is tried again; leave the namespace out/],
])('a pod that is refused with "%s" is told with what to do', (words, remedy) => {
  const outcome = refusedPod(words);
  expect(outcome).toMatchObject({ reason: 'PodRefused', message: expect.stringMatching(remedy) });
});

describe('a run', () => {
  test('begins at once, in every chosen namespace, once the namespace has what it should', () => {
    const clients = configured(link, 'team-b', 'team-a');
    const plan = planVerification(inputWith({ link, clients }));
    expect(created(plan).map(({ metadata }) => metadata.namespace)).toEqual(['team-a', 'team-b']);
    expect(seen(plan)).toEqual(['team-a Unknown Verifying', 'team-b Unknown Verifying']);
  });

  test.each<[string, ClientsView, string]>([
    ['has not been looked at', withResult(undefined), 'Verifying'],
    ['waits', withResult({ basis: '', state: 'Waiting', message: '' }), 'NamespaceNotConfigured'],
    [
      'has former content',
      withResult({ basis: 'x', state: 'Ready', message: '' }),
      'NamespaceNotConfigured',
    ],
  ])('does not begin where the namespace %s', (_, clients, reason) => {
    const plan = planVerification(inputWith({ link, clients }));
    expect(plan.actions).toEqual([]);
    expect(seen(plan)).toEqual([`team-a Unknown ${reason}`]);
  });

  test('does not begin while AWS is not done with an endpoint, which may not answer yet', () => {
    const endpoints = (link.status?.endpoints ?? []).map((one) => ({ ...one, state: 'pending' }));
    const busy = verifiedLink({}, { status: { endpoints } });
    const plan = planVerification(inputWith({ link: busy }));
    expect(plan.actions).toEqual([]);
    expect(seen(plan)).toEqual(['team-a Unknown EndpointsNotAvailable']);
    const done = planVerification(inputWith({ link, memory: plan.memory }));
    expect(created(done)).toHaveLength(1);
  });

  describe('of which a process died before it had made all pods', () => {
    const two = verifiedLink({ podsPerNamespace: 2 });
    const [first, second] = created(planVerification(inputWith({ link: two })));
    if (first === undefined || second === undefined) throw new Error('two pods make a run');
    const alone = podOf(first, 0);
    const ended = podOf(first, 0, { ended: told(allWell, 0) });

    test.each([
      ['runs', alone],
      ['has ended', ended],
    ])('gets the one that is missing while the other one %s', (_, pod) => {
      const plan = planVerification(inputWith({ link: two, pods: [pod] }));
      expect(plan.actions).toEqual([{ kind: 'Create', pod: second }]);
      expect(seen(plan)).toEqual(['team-a Unknown Verifying']);
      const pods = [pod, podOf(second, 0)];
      const next = planVerification(inputWith({ link: two, pods, memory: plan.memory }));
      expect(next.actions).toEqual([]);
    });

    test('gets it once the namespace has been looked at', () => {
      const clients = withResult(undefined);
      const early = planVerification(inputWith({ link: two, pods: [ended], clients }));
      expect(early.actions).toEqual([]);
      const { memory } = early;
      const plan = planVerification(inputWith({ link: two, pods: [ended], memory }));
      expect(plan.actions).toEqual([{ kind: 'Create', pod: second }]);
    });

    test('is told from one of which somebody deletes a pod', () => {
      const begun = planVerification(inputWith({ link: two }));
      const { memory } = begun;
      const plan = planVerification(inputWith({ link: two, pods: [ended], memory, now: minute }));
      expect(created(plan)).toEqual([]);
      expect(seen(plan)).toEqual(['team-a Unknown NoVerdict']);
    });

    test('is over after five minutes like any other', () => {
      const pods = [alone];
      const { memory } = planVerification(inputWith({ link: two, pods }));
      const plan = planVerification(inputWith({ link: two, pods, memory, now: 5 * minute }));
      expect(deleted(plan)).toEqual(pods);
      expect(created(plan)).toEqual([]);
    });
  });

  test('is not repeated while it goes on, and its first obstacle is told', () => {
    const going = later({}, { at: minute });
    expect(going.plan.actions).toEqual([]);
    const stuck = later({ obstacle: 'ImagePullBackOff: no such image' }, { at: minute });
    expect(stuck.plan.actions).toEqual([]);
    expect(seen(stuck.plan)).toEqual(['team-a Unknown PodNotStarted']);
    const other = planVerification(
      inputWith({
        link,
        now: 2 * minute,
        pods: stuck.pods.map((pod) => ({ ...pod, obstacle: 'ErrImagePull: port 4711' })),
        memory: stuck.plan.memory,
      }),
    );
    expect(other.view).toEqual(stuck.plan.view);
  });

  test('that is well is repeated after the interval, and the former pod stays until then', () => {
    const { plan, pods } = later({ ended: told(allWell, minute) }, { at: minute });
    expect(plan).toMatchObject({ actions: [], againInMs: 30 * minute });
    expect(seen(plan)).toEqual(['team-a Reachable Succeeded']);
    const { memory } = plan;
    const again = planVerification(inputWith({ link, now: 31 * minute, pods, memory }));
    expect(created(again)).toHaveLength(1);
    expect(deleted(again)).toEqual([]);
    expect(created(again)[0]?.metadata.name).not.toBe(pods[0]?.name);
    expect(seen(again)).toEqual(['team-a Reachable Succeeded']);
  });

  test.each([
    ['saw a fault', { ended: told(publicName, minute) }, 'Unreachable PublicAddresses'],
    ['told no verdict', { ended: { at: '', message: 'error: x' } }, 'Unknown NoVerdict'],
  ])('that %s is repeated after five minutes', (_, given, state) => {
    const { plan } = later(given, { at: minute });
    expect(plan).toMatchObject({ actions: [], againInMs: 5 * minute });
    expect(seen(plan)).toEqual([`team-a ${state}`]);
  });

  test('that does not end in five minutes is over, and its pod goes', () => {
    const { plan, pods } = later({ obstacle: 'Unschedulable: no node' }, { at: 5 * minute });
    expect(deleted(plan)).toEqual(pods);
    expect(created(plan)).toEqual([]);
    expect(seen(plan)).toEqual(['team-a Unknown PodNotStarted']);
  });

  test('whose pod somebody deleted is over half a minute later', () => {
    const early = later({}, { at: 29_000, pods: [] });
    expect(seen(early.plan)).toEqual(['team-a Unknown Verifying']);
    const { plan } = later({}, { at: 30_000, pods: [] });
    expect(seen(plan)).toEqual(['team-a Unknown NoVerdict']);
    expect(plan).toMatchObject({ actions: [], againInMs: 5 * minute });
  });

  test('follows at once after one for other addresses, and its verdict is none on these', () => {
    const moved = verifiedLink({}, { status: { endpoints: [] } });
    const { pods, plan } = later({ ended: told(allWell, minute) }, { at: minute });
    const next = planVerification(
      inputWith({ link: moved, now: 2 * minute, pods, memory: plan.memory }),
    );
    expect(created(next)).toHaveLength(1);
    expect(seen(next)).toEqual(['team-a Unknown Verifying']);
  });

  test('follows when somebody asks for a look, and no sooner than ten seconds later', () => {
    const annotations = { 'sagemaker.privatelink.dev/reconcile-requested-at': 'now' };
    const asked = { ...link, metadata: { ...link.metadata, annotations } };
    const { pods, plan } = later({ ended: told(allWell, minute) }, { at: minute });
    const { memory } = plan;
    const soon = planVerification(inputWith({ link: asked, now: minute + 1_000, pods, memory }));
    expect(soon).toMatchObject({ actions: [], againInMs: 9_000 });
    const next = planVerification(inputWith({ link: asked, now: minute + 10_000, pods, memory }));
    expect(created(next)).toHaveLength(1);
    expect(seen(next)).toEqual(['team-a Reachable Succeeded']);
  });
});

function withResult(result: object | undefined): ClientsView {
  const known = configured(link) as Extract<ClientsView, { kind: 'Known' }>;
  const one = { name: 'team-a', ...(result === undefined ? {} : { result }) };
  return { ...known, namespaces: [one as never] };
}

describe('a pod that the API server refuses', () => {
  const first = planVerification(inputWith({ link }));
  const words =
    'pods "sagemaker-privatelink-verify-x-0" is forbidden: exceeded quota: none, used: 5';
  const refused = withRefusal(first.memory, { namespace: 'team-a', words, at: 0 });

  test('is told in its words, and tried again after five minutes under another name', () => {
    const plan = planVerification(inputWith({ link, memory: refused }));
    expect(plan).toMatchObject({ actions: [], againInMs: 5 * minute });
    expect(seen(plan)).toEqual(['team-a Unknown PodRefused']);
    expect(JSON.stringify(plan.view)).toContain('refuses the pod: exceeded quota: none, used: 5.');
    const again = planVerification(inputWith({ link, memory: plan.memory, now: 5 * minute }));
    expect(created(again)).toHaveLength(1);
    expect(created(again)[0]?.metadata.name).not.toBe(created(first)[0]?.metadata.name);
  });

  test('and is refused again with other counts, is no news', () => {
    const plan = planVerification(inputWith({ link, memory: refused }));
    const again = planVerification(inputWith({ link, memory: plan.memory, now: 5 * minute }));
    const other = { namespace: 'team-a', words: 'exceeded quota: none, used: 6', at: 5 * minute };
    const memory = withRefusal(again.memory, other);
    const after = planVerification(inputWith({ link, memory, now: 5 * minute }));
    expect(after.view).toEqual(plan.view);
  });

  test('stops nothing in another namespace', () => {
    const clients = configured(link, 'team-a', 'team-b');
    const plan = planVerification(inputWith({ link, clients, memory: refused }));
    expect(created(plan).map(({ metadata }) => metadata.namespace)).toEqual(['team-b']);
  });
});

describe('an operator that begins anew', () => {
  test('knows from the pods what they told, and when', () => {
    const { pods } = later({ ended: told(publicName, minute) }, { at: minute });
    const plan = planVerification(inputWith({ link, pods, now: 3 * minute }));
    expect(seen(plan)).toEqual(['team-a Unreachable PublicAddresses']);
    expect(plan).toMatchObject({ actions: [], againInMs: 3 * minute });
  });

  test('makes the same pod again where it does not see that it made it', () => {
    const [first] = created(planVerification(inputWith({ link })));
    const [again] = created(planVerification(inputWith({ link, now: 7_000 })));
    expect(again).toEqual(first);
  });

  test('is led astray by no clock that is wrong', () => {
    const { pods } = later({ ended: told(allWell, minute) }, { at: minute });
    for (const wallTime of [0, Number.MAX_SAFE_INTEGER]) {
      const plan = planVerification(inputWith({ link, pods, now: minute, wallTime }));
      expect(plan.againInMs ?? 0).toBeLessThanOrEqual(30 * minute);
      expect(seen(plan)).toEqual(['team-a Reachable Succeeded']);
    }
  });
});

describe('pods go', () => {
  const { pods } = later({ ended: told(allWell, minute) }, { at: minute });
  const gone = {
    ...link,
    metadata: { ...link.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
  };
  const { verify: _, ...unverified } = link.spec;
  test.each<[string, SageMakerPrivateLink | undefined]>([
    ['with the link', undefined],
    ['with a link that is deleted', gone],
    ['when verification is turned off', { ...link, spec: unverified }],
    ['with an earlier link of the name', { ...link, metadata: { ...link.metadata, uid: 'other' } }],
  ])('%s', (_words, now) => {
    const plan = planVerification(inputWith({ link: now, pods, now: minute }));
    expect(deleted(plan)).toEqual(pods);
  });

  test('with their namespace, when it is not chosen any more', () => {
    const clients = configured(link, 'team-b');
    const plan = planVerification(inputWith({ link, clients, pods, now: minute }));
    expect(deleted(plan)).toEqual(pods);
  });

  test('not of a link that is suspended, and none are made for it', () => {
    const suspended = { ...link, spec: { ...link.spec, suspend: true } };
    expect(planVerification(inputWith({ link: suspended, pods })).actions).toEqual([]);
    expect(planVerification(inputWith({ link: suspended })).actions).toEqual([]);
  });
});

describe('several pods of a run', () => {
  const three = verifiedLink({ podsPerNamespace: 3 });
  const first = planVerification(inputWith({ link: three }));
  const pods = created(first).map((pod) => podOf(pod, 0, { ended: told(allWell, minute) }));
  const planOf = (some: readonly VerificationPod[]) =>
    planVerification(inputWith({ link: three, pods: some, memory: first.memory, now: minute }));

  test('are well together, and one of them is enough for a fault', () => {
    expect(pods).toHaveLength(3);
    expect(seen(planOf(pods))).toEqual(['team-a Reachable Succeeded']);
    const [one, ...others] = pods;
    const bad = { ...one, ended: told(publicName, minute) } as VerificationPod;
    expect(seen(planOf([bad, ...others]))).toEqual(['team-a Unreachable PublicAddresses']);
  });

  test('tell nothing for one that is missing', () => {
    expect(seen(planOf(pods.slice(1)))).toEqual(['team-a Unknown NoVerdict']);
  });
});
