/** Pods of the API server in the planner's form. */
import { expect, test } from '@jest/globals';
import {
  keptPod,
  type StoredPod,
  verificationPod,
} from '../../../../src/cluster/verification/stored-pod.ts';

const metadata: StoredPod['metadata'] = {
  name: 'verify-0',
  namespace: 'team-a',
  uid: 'uid-of-the-pod',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { 'sagemaker.privatelink.dev/verify': 'ml' },
  annotations: {
    'sagemaker.privatelink.dev/verify-run': 'abc',
    'sagemaker.privatelink.dev/verify-pods': '2',
    'sagemaker.privatelink.dev/verify-basis': 'b',
    'kubectl.kubernetes.io/restartedAt': 'now',
  },
  ownerReferences: [
    {
      apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
      kind: 'SageMakerPrivateLink',
      name: 'ml',
      uid: 'uid-of-the-link',
      controller: true,
    },
  ],
};

function podWith(
  status: NonNullable<StoredPod['status']>,
  given: Partial<StoredPod['metadata']> = {},
) {
  const stored = { metadata: { ...metadata, ...given }, spec: { containers: [] }, status };
  return verificationPod(keptPod(stored));
}

function container(state: object, name = 'verify') {
  return {
    containerStatuses: [
      { name: 'sidecar', state: {} },
      { name, state },
    ],
  };
}

test('a pod is known by its annotations and by the link that controls it', () => {
  expect(podWith({ phase: 'Pending' })).toEqual({
    name: 'verify-0',
    namespace: 'team-a',
    uid: 'uid-of-the-pod',
    linkUid: 'uid-of-the-link',
    run: 'abc',
    pods: 2,
    basis: 'b',
    request: '',
    createdAt: '2026-01-01T00:00:00Z',
    deleting: false,
  });
});

test.each<[string, Partial<StoredPod['metadata']>]>([
  ['of nobody', { ownerReferences: [] }],
  [
    'of a ReplicaSet',
    {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'x', uid: 'y', controller: true },
      ],
    },
  ],
  [
    'of another kind of the group',
    {
      ownerReferences: (metadata.ownerReferences ?? []).map((one) => ({ ...one, kind: 'Other' })),
    },
  ],
  ['without a run', { annotations: {} }],
])("a pod %s that has the label is not the operator's", (_, given) => {
  expect(podWith({}, given)).toBeUndefined();
});

test.each<[string, NonNullable<StoredPod['status']>, object]>([
  [
    'that told',
    { phase: 'Succeeded', ...container({ terminated: { message: '{}', finishedAt: 't' } }) },
    { ended: { at: 't', message: '{}' } },
  ],
  [
    'that was killed without a word',
    { phase: 'Failed', ...container({ terminated: { reason: 'OOMKilled', finishedAt: 't' } }) },
    { ended: { at: 't', message: 'OOMKilled' } },
  ],
  [
    'that was evicted',
    { phase: 'Failed', reason: 'Evicted', message: 'No memory.' },
    { ended: { at: '', message: 'Evicted: No memory.' } },
  ],
  [
    'whose image cannot be had',
    { phase: 'Pending', ...container({ waiting: { reason: 'ErrImagePull', message: 'denied' } }) },
    { obstacle: 'ErrImagePull: denied' },
  ],
  [
    'that no node takes',
    {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3' },
      ],
    },
    { obstacle: 'Unschedulable: 0/3' },
  ],
])('a pod %s', (_, status, expected) => {
  expect(podWith(status)).toMatchObject(expected);
});

test.each<[string, NonNullable<StoredPod['status']>]>([
  ['is being made', container({ waiting: { reason: 'ContainerCreating' } })],
  ['runs', { phase: 'Running', ...container({ running: {} }) }],
  [
    'has a sidecar that ended',
    { phase: 'Running', ...container({ terminated: { message: 'x' } }, 'other') },
  ],
])('a pod that %s has neither ended nor an obstacle', (_, status) => {
  const pod = podWith(status);
  expect(pod).not.toHaveProperty('ended');
  expect(pod).not.toHaveProperty('obstacle');
});
