import { expect, test } from '@jest/globals';
import {
  createNamespaceReconciler,
  type NamespaceReconcilerOptions,
} from '../../../src/cluster/namespace-reconciler.ts';
import { createNamespaceResults } from '../../../src/cluster/namespace-results.ts';
import { createRewritePace } from '../../../src/cluster/rewrite-pace.ts';
import { NotLeading, type WriteOutcome } from '../../../src/cluster/write-objects.ts';
import { ApiStatusError } from '../../../src/kubernetes/client/api-error.ts';
import type { ExistingObject } from '../../../src/plan/clients/client-object.ts';
import type { NamespaceAction } from '../../../src/plan/clients/plan-namespace.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';
import { clientLink } from '../plan/clients/client-links.ts';

type Answer = (action: NamespaceAction) => WriteOutcome | Error;

function written(action: NamespaceAction): WriteOutcome {
  if (action.kind === 'Delete') return { kind: 'deleted' };
  const { object } = action;
  return { kind: 'written', object: { ...object, metadata: { ...object.metadata, uid: 'u' } } };
}

function refused(code: number, reason: string, causes: object[] = []): ApiStatusError {
  const status = { code, reason, message: `${reason}: no`, details: { causes } };
  return new ApiStatusError({ verb: 'patch', path: '/x', code, status });
}

/** Passes over the namespace `team`, which one link selects, against answers to its writes. */
function setUp(answer: Answer) {
  const clock = createVirtualClock();
  const metrics = createMetrics({ processMetrics: false });
  const actions: NamespaceAction[] = [];
  const woken: string[] = [];
  const asked: (string | number)[] = [];
  const existing: ExistingObject[] = [];
  const results = createNamespaceResults((link) => woken.push(link), metrics);
  const link = clientLink({
    status: { clients: { namespaces: 0, ready: 0, availableOnce: true } },
  });
  const options: NamespaceReconcilerOptions = {
    namespace: (name) =>
      name === 'team' ? { name, labels: { ml: 'true' }, deleting: false } : undefined,
    links: () => [link],
    existing: () => existing,
    cluster: () => ({ kubernetesAPI: [] }),
    clusterPolicies: () => new Set(),
    write: async (action) => {
      actions.push(action);
      const outcome = answer(action);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    pace: createRewritePace(clock),
    results,
    queue: {
      addAfter: (_key, delayMs) => void asked.push(delayMs),
      addRateLimited: () => {
        asked.push('backoff');
        return 0;
      },
      forget: () => undefined,
    },
    logger: silentLogger(),
  };
  const reconcile = createNamespaceReconciler(options);
  const pass = (key = 'team') =>
    reconcile(
      { key, priority: 'high', reasons: [], enqueuedAt: 0, failures: 0 },
      new AbortController().signal,
    );
  const result = () => results.of('team', 'ml');
  return { metrics, pass, actions, woken, asked, existing, result };
}

test('a namespace that has what it should is ready, and its link is told once', async () => {
  const { pass, actions, woken, result, metrics } = setUp(written);
  expect(await pass()).toBe('success');
  expect(await metrics.registry.metrics()).toContain(
    'sagemaker_privatelink_namespaces{state="Ready"} 1',
  );
  expect(actions.map(({ kind, object }) => `${kind} ${object.kind}`)).toContain(
    'Create NetworkPolicy',
  );
  expect(result()).toMatchObject({ state: 'Ready' });
  await pass();
  expect(woken).toEqual(['ml']);
});

test('a refused write is a failure with the server’s words, and is tried again', async () => {
  const { pass, asked, result } = setUp(() => refused(403, 'exceeded quota'));
  expect(await pass()).toBe('requeue');
  expect(asked).toEqual(['backoff']);
  expect(result()).toMatchObject({
    state: 'Failing',
    reason: 'WriteRefused',
    message: expect.stringContaining('exceeded quota: no'),
  });
});

test('a server that does not answer is waited for', async () => {
  const { pass, asked, result } = setUp(() => refused(503, 'ServiceUnavailable'));
  await pass();
  expect(asked).toEqual(['backoff']);
  expect(result()).toMatchObject({ state: 'Waiting', reason: 'ClusterUnavailable' });
});

test('a namespace that goes away while it is written to is no failure', async () => {
  const causes = [{ reason: 'NamespaceTerminating' }];
  const { pass, asked } = setUp(() => refused(403, 'Forbidden', causes));
  expect(await pass()).toBe('success');
  expect(asked).toEqual([]);
});

test('an object of somebody else that was met is named, and not written', async () => {
  const theirs = (action: NamespaceAction): WriteOutcome => {
    if (action.kind === 'Delete' || action.object.kind !== 'NetworkPolicy') return written(action);
    const { name, namespace } = action.object.metadata;
    const metadata = { name, namespace, uid: 'theirs', managers: ['kubectl'] };
    return { kind: 'met', object: { ...action.object, metadata } };
  };
  const { pass, actions, result } = setUp(theirs);
  await pass();
  expect(result()).toMatchObject({
    reason: 'OwnedByAnother',
    message: expect.stringMatching(/kubectl/),
  });
  const policies = actions.filter(({ object }) => object.kind === 'NetworkPolicy');
  expect(policies).toHaveLength(1);
});

test('an own object that the watch had not shown is no obstacle', async () => {
  const { pass, result } = setUp((action) => {
    const outcome = written(action);
    return outcome.kind === 'written' ? { kind: 'met', object: outcome.object } : outcome;
  });
  expect(await pass()).toBe('success');
  expect(result()).toMatchObject({ state: 'Ready' });
});

test('a part that another tool applies is left to it', async () => {
  const { pass, result } = setUp(() => ({ kind: 'shared', owners: ['flux'] }));
  await pass();
  expect(result()).toMatchObject({
    reason: 'OwnedByAnother',
    message: expect.stringMatching(/flux/),
  });
});

test('what somebody undoes each time is written more and more seldom, and said', async () => {
  const { pass, actions, asked, result } = setUp(written);
  for (let time = 0; time < 8; time += 1) await pass();
  const policies = actions.filter(({ object }) => object.kind === 'NetworkPolicy');
  expect(policies.length).toBe(4);
  expect(result()).toMatchObject({ state: 'Failing', reason: 'UndoneAgain' });
  expect(asked.every((delay) => delay === 2_000)).toBe(true);
});

test('a process that does not lead writes nothing and notes nothing', async () => {
  const { pass, asked, result } = setUp(() => new NotLeading());
  expect(await pass()).toBe('requeue');
  expect(asked).toEqual(['backoff']);
  expect(result()).toBeUndefined();
});

test('a namespace that is gone is forgotten', async () => {
  const { pass, woken } = setUp(written);
  await pass();
  expect(await pass('another')).toBe('success');
  expect(woken).toEqual(['ml']);
});
