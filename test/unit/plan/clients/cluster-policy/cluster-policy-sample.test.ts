/** deploy/samples/cluster-policy.yaml is one that every flavor can say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { schema } from '../../../../../src/api/generated/sagemaker-private-link-schema.ts';
import type { SageMakerPrivateLink } from '../../../../../src/api/sagemaker-private-link.ts';
import { applyDefaults } from '../../../../../src/api/validation/defaults.ts';
import { planClusterPolicy } from '../../../../../src/plan/clients/cluster-policy/plan-cluster-policy.ts';

const file = join(import.meta.dirname, '../../../../../deploy/samples/cluster-policy.yaml');
const sample = applyDefaults(schema, parse(readFileSync(file, 'utf8'))) as SageMakerPrivateLink;

/** The sample once its endpoints have addresses. */
const link: SageMakerPrivateLink = {
  ...sample,
  status: {
    clients: { namespaces: 0, ready: 0, availableOnce: true },
    endpoints: (['api', 'runtime'] as const).map((service, index) => ({
      service,
      serviceName: `com.amazonaws.eu-west-1.sagemaker.${service}`,
      networkInterfaces: [{ id: `eni-${index}`, subnetId: 'subnet-a', ipv4: `10.0.1.${index}` }],
    })),
  },
};

test.each([
  ['Cilium', [{ group: 'cilium.io', version: 'v2', kind: 'CiliumClusterwideNetworkPolicy' }]],
  [
    'Calico',
    [
      { group: 'projectcalico.org', version: 'v3', kind: 'GlobalNetworkPolicy' },
      { group: 'projectcalico.org', version: 'v3', kind: 'Tier' },
    ],
  ],
  ['EKS', [{ group: 'networking.k8s.aws', version: 'v1alpha1', kind: 'ClusterNetworkPolicy' }]],
  [
    'NetworkPolicyAPI',
    [{ group: 'policy.networking.k8s.io', version: 'v1beta1', kind: 'ClusterNetworkPolicy' }],
  ],
])('the sample of a cluster policy is written as %s says it', (flavor, served) => {
  const plan = planClusterPolicy(link, {
    served,
    existing: [],
    cluster: { kubernetesAPI: [] },
    areNamespacesHeld: false,
  });
  expect(plan).toMatchObject({ flavor, problems: [], waits: [] });
  const parts = plan.steps.map(
    ({ object }) => object.metadata.labels['sagemaker.privatelink.dev/policy-part'],
  );
  expect(parts).toEqual(expect.arrayContaining(['allow', 'others']));
});
