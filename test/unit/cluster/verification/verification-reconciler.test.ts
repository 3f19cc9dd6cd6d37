/** Passes over verifications against an API server that does not do as it is told. */
import { beforeEach, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import type { StoredPod } from '../../../../src/cluster/verification/stored-pod.ts';
import { verificationPod } from '../../../../src/cluster/verification/stored-pod.ts';
import { createVerificationReconciler } from '../../../../src/cluster/verification/verification-reconciler.ts';
import { createVerificationResults } from '../../../../src/cluster/verification/verification-results.ts';
import { ApiConnectionError, ApiStatusError } from '../../../../src/kubernetes/client/api-error.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { createMetrics } from '../../../../src/telemetry/metrics.ts';
import { configured, verifiedLink } from '../../plan/verification/verification-world.ts';

const item = { key: 'ml', priority: 'normal', reasons: [], enqueuedAt: 0, failures: 0 } as const;
const { signal } = new AbortController();

let link: SageMakerPrivateLink | undefined;
let stored: StoredPod[];
let refusal: ((verb: 'create' | 'delete', namespace: string) => Error | undefined) | undefined;
let isLeading: boolean;
let asked: string[];
let requeued: string[];
let tried: string[];
let results: ReturnType<typeof createVerificationResults>;

beforeEach(() => {
  link = verifiedLink();
  stored = [];
  refusal = undefined;
  isLeading = true;
  asked = [];
  requeued = [];
  tried = [];
  results = createVerificationResults(() => undefined, createMetrics({ processMetrics: false }));
});

function answer(verb: 'create' | 'delete', namespace: string): void {
  asked.push(`${verb} ${namespace}`);
  const error = refusal?.(verb, namespace);
  if (error !== undefined) throw error;
}

function reconcile() {
  const nobody = (): void => undefined;
  return createVerificationReconciler({
    links: { get: () => link },
    clientsOf: (one) => configured(one, 'team-a', 'team-b'),
    labelsOf: () => ({}),
    pods: {
      watch: { absorb: (pod: StoredPod) => stored.push(pod) } as never,
      of: () => stored.flatMap((pod) => verificationPod(pod) ?? []),
    },
    resource: {
      async create(pod) {
        tried.push(pod.metadata.name);
        answer('create', pod.metadata.namespace ?? '');
        return { ...pod, metadata: { ...pod.metadata, uid: pod.metadata.name } };
      },
      async delete({ name, namespace = '' }) {
        answer('delete', namespace);
        stored = stored.filter(({ metadata }) => metadata.name !== name);
      },
    },
    image: async () => ({ reference: 'operator:1' }),
    mayAct: () => isLeading,
    results,
    queue: {
      addAfter: () => requeued.push('after'),
      addRateLimited: () => requeued.push('backoff'),
      forget: nobody,
    },
    clock: systemClock(),
    logger: { debug: nobody, info: nobody, warn: nobody } as never,
  })(item, signal);
}

function refused(code: number, message: string): ApiStatusError {
  return new ApiStatusError({ verb: 'create', path: '/pods', code, status: { message } });
}

function reasons() {
  const view = results.viewOf('ml');
  if (view?.kind !== 'Known') throw new Error(`nothing is known: ${view?.kind}`);
  return view.namespaces.map(({ namespace, reason }) => `${namespace} ${reason}`);
}

test.each([
  ['a quota', 403, 'exceeded quota: small'],
  ['a webhook that fails', 500, 'failed calling webhook: no answer'],
  ['a schema', 422, 'spec.nodeSelector: Invalid value'],
])('%s in one namespace is told, and stops no other', async (_, code, words) => {
  refusal = (_verb, namespace) => (namespace === 'team-a' ? refused(code, words) : undefined);
  expect(await reconcile()).toBe('requeue_after');
  expect(asked).toEqual(['create team-a', 'create team-b']);
  expect(reasons()).toEqual(['team-a PodRefused', 'team-b Verifying']);
  expect(JSON.stringify(results.viewOf('ml'))).toContain(words);
});

test.each([
  [
    'no answer',
    new ApiConnectionError({ verb: 'create', path: '/', code: 'ECONNRESET', detail: 'x' }),
  ],
  ['an API server that is busy', refused(429, 'slow down')],
])('%s is no refusal: the same pod is tried again', async (_, error) => {
  refusal = () => error;
  await expect(reconcile()).rejects.toBe(error);
  expect(results.viewOf('ml')).toBeUndefined();
  refusal = undefined;
  await reconcile();
  expect(tried[1]).toBe(tried[0]);
  expect(reasons()).toEqual(['team-a Verifying', 'team-b Verifying']);
});

test('a pod that is there already was made by the process before', async () => {
  const there = { verb: 'create', path: '/', code: 409, status: { reason: 'AlreadyExists' } };
  refusal = () => new ApiStatusError(there);
  expect(await reconcile()).toBe('requeue_after');
  expect(reasons()).toEqual(['team-a Verifying', 'team-b Verifying']);
});

test('a process that does not lead makes and deletes nothing', async () => {
  isLeading = false;
  expect(await reconcile()).toBe('requeue');
  expect({ asked, requeued }).toEqual({ asked: [], requeued: ['backoff'] });
});

test('pods that could not be deleted are deleted by a pass soon after', async () => {
  await reconcile();
  link = undefined;
  refusal = (verb, namespace) =>
    verb === 'delete' && namespace === 'team-a' ? refused(500, 'x') : undefined;
  requeued = [];
  expect(await reconcile()).toBe('requeue');
  expect(requeued).toEqual(['backoff']);
  expect(stored.map(({ metadata }) => metadata.namespace)).toEqual(['team-a']);
  refusal = undefined;
  expect(await reconcile()).toBe('success');
  expect(stored).toEqual([]);
});
