/** The pods that verify: what they may, what they are told, and that the policy selects them. */
import { expect, test } from '@jest/globals';
import { type PodImage, podsOfRun } from '../../../../src/plan/verification/verification-pod.ts';
import { plainPolicy } from '../clients/client-links.ts';
import { verifiedLink } from './verification-world.ts';

const run = { id: 'abc', namespace: 'team-a', basis: 'b', request: '' };

interface Spec {
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly affinity?: object;
  readonly topologySpreadConstraints?: readonly object[];
}

function podOf(
  link: ReturnType<typeof verifiedLink>,
  image: PodImage = { reference: 'operator:1' },
) {
  const { verify } = link.spec;
  if (verify === undefined) throw new Error('not verified');
  const [pod] = podsOfRun(link, verify, run, image);
  if (pod === undefined) throw new Error('no pod');
  const spec = pod.spec as Spec;
  return { pod, spec, args: spec.containers[0]?.args ?? [] };
}

function withPolicy(policy: Partial<typeof plainPolicy>) {
  return verifiedLink({}, { clients: { networkPolicy: { ...plainPolicy, ...policy } } });
}

test('the enforced policy selects the pod, which then tries what must be shut', () => {
  const { pod, args } = podOf(withPolicy({ podSelector: { matchLabels: { role: 'training' } } }));
  expect(pod.metadata.labels).toMatchObject({ role: 'training' });
  expect(args).toEqual([
    'verify',
    '--report=/dev/termination-log',
    '--selected',
    '--delay=10s',
    '--must-not-answer=169.254.169.254:80',
  ]);
});

test.each([
  ['that is not enforced', withPolicy({ enforcement: 'Audit' })],
  [
    'that asks for a label of the operator',
    withPolicy({ podSelector: { matchLabels: { 'app.kubernetes.io/managed-by': 'helm' } } }),
  ],
  ['that there is not', verifiedLink({}, { clients: { configMap: { name: 'x' } } })],
])('a policy %s selects nothing, so nothing has to be shut', (_, link) => {
  const { pod, args } = podOf(link);
  expect(args).toEqual(['verify', '--report=/dev/termination-log']);
  expect(pod.metadata.labels['app.kubernetes.io/managed-by']).toBe(
    'sagemaker-privatelink-operator',
  );
});

test('addresses that must not answer are told in the form of the command, or that there are none', () => {
  const v6 = verifiedLink({ mustNotAnswer: [{ address: 'fd00:ec2::254', port: 80 }] });
  expect(podOf(v6).args).toContain('--must-not-answer=[fd00:ec2::254]:80');
  expect(podOf(verifiedLink({ mustNotAnswer: [] })).args).toContain('--no-must-not-answer');
});

test('the pod is told names and addresses, and nothing else of the link', () => {
  const link = verifiedLink({}, { spec: { account: 'secret-account' } });
  const { pod, spec } = podOf(link);
  const [variable] = spec.containers[0]?.env ?? [];
  expect(variable?.name).toBe('SAGEMAKER_PRIVATELINK_LINK');
  expect(JSON.parse(variable?.value ?? '')).toMatchObject({
    name: 'ml',
    status: { endpoints: [{ networkInterfaces: [{ ipv4: '10.0.2.17' }, { ipv4: '10.0.1.17' }] }] },
  });
  expect(JSON.stringify(pod)).not.toContain('secret-account');
});

test('several pods are spread over zones, where the spec lets them run', () => {
  const { spec } = podOf(verifiedLink({ podsPerNamespace: 3, nodeSelector: { pool: 'ml' } }));
  expect(spec.nodeSelector).toEqual({ pool: 'ml', 'kubernetes.io/os': 'linux' });
  expect(spec.topologySpreadConstraints).toHaveLength(1);
  expect(podOf(verifiedLink()).spec.topologySpreadConstraints).toBeUndefined();
});

test('nodes of other architectures than the image has do not get the pod', () => {
  const { spec } = podOf(verifiedLink(), {
    reference: 'operator:1',
    architectures: ['amd64', 'arm64'],
  });
  const ours = { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64', 'arm64'] };
  expect(spec.affinity).toEqual({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [ours] }],
      },
    },
  });
  expect(podOf(verifiedLink()).spec).not.toHaveProperty('affinity');
});
