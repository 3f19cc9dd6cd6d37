/** Pods that verify, before the admission of a real API server. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { refusedPod } from '../../../src/plan/verification/run-outcome.ts';
import { podsOfRun } from '../../../src/plan/verification/verification-pod.ts';
import { eventually } from '../../environment/eventually.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { verifiedLink } from '../../unit/plan/verification/verification-world.ts';

const server = sharedApiServer('kubernetes');
const restricted = 'verify-restricted';
const guarded = 'verify-guarded';

interface Answer {
  readonly status: number;
  readonly message: string;
}

async function post(path: string, body: object): Promise<Answer> {
  const { status, body: answer } = await server.request({ method: 'POST', path, body });
  return { status, message: (answer as { readonly message?: string }).message ?? '' };
}

async function makeNamespace(name: string, labels: Record<string, string>): Promise<void> {
  const metadata = { name, labels };
  expect(
    await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }),
  ).toMatchObject({ status: 201 });
  // Kubernetes makes it, in a cluster with all of its controllers.
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  await post(`/api/v1/namespaces/${name}/serviceaccounts`, account);
}

/** A pod as the operator makes it. */
function podIn(namespace: string) {
  const link = verifiedLink({
    podsPerNamespace: 2,
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
  });
  const run = { id: '0123456789ab', namespace, basis: 'b', request: '' };
  const [pod] = podsOfRun(link, link.spec.verify as never, run, {
    reference: 'registry.example.com/operator:1',
    architectures: ['amd64'],
  });
  if (pod === undefined) throw new Error('a run has a pod');
  return pod;
}

function submit(namespace: string, pod: object): Promise<Answer> {
  return post(`/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod);
}

function told({ message }: Answer): string {
  const outcome = refusedPod(message);
  return outcome.kind === 'Untold' ? outcome.message : '';
}

beforeAll(async () => {
  await makeNamespace(restricted, { 'pod-security.kubernetes.io/enforce': 'restricted' });
  await makeNamespace(guarded, { guarded: 'true' });
});

describe('a namespace that takes restricted pods alone', () => {
  test('takes the pod', async () => {
    expect(await submit(restricted, podIn(restricted))).toMatchObject({ status: 201, message: '' });
  });

  test('refuses one that somebody has changed on the way, and the condition says so', async () => {
    const pod = podIn(restricted);
    const spec = { ...pod.spec, hostNetwork: true };
    const answer = await submit(restricted, { ...pod, spec });
    expect(answer).toMatchObject({ status: 403 });
    expect(told(answer)).toMatch(
      /^The API server refuses the pod: violates PodSecurity "restricted:latest": host namespaces .*\. Look for a webhook that changes pods/,
    );
  });
});

test('a policy of the cluster refuses the pod in words that lead to it, and the condition says how to admit it', async () => {
  const policies = '/apis/admissionregistration.k8s.io/v1';
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: 'no-strangers' };
  const pods = {
    apiGroups: [''],
    apiVersions: ['v1'],
    resources: ['pods'],
    operations: ['CREATE'],
  };
  await post(`${policies}/validatingadmissionpolicies`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: [pods] },
      validations: [{ expression: 'false', message: 'images come from our registry' }],
    },
  });
  await post(`${policies}/validatingadmissionpolicybindings`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata,
    spec: {
      policyName: 'no-strangers',
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { guarded: 'true' } } },
    },
  });
  try {
    await eventually(async () => {
      const answer = await submit(guarded, podIn(guarded));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(told(answer)).toContain('images come from our registry');
      expect(told(answer)).toContain(
        'Let the policy admit pods with the label app.kubernetes.io/managed-by',
      );
    });
  } finally {
    for (const kind of ['validatingadmissionpolicybindings', 'validatingadmissionpolicies']) {
      await server.request({ method: 'DELETE', path: `${policies}/${kind}/no-strangers` });
    }
  }
});
