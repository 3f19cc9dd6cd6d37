import type { RegionControl } from '../../../src/simulator/control/region-control.ts';

/** A link to the simulated default VPC; fields of the spec may be replaced. */
export function sampleLink(
  region: RegionControl,
  name: string,
  spec: Record<string, unknown> = {},
): Record<string, unknown> {
  const vpc = region.defaultVpc();
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name },
    spec: {
      region: 'us-east-1',
      vpc: { id: vpc.id },
      subnets: { ids: region.subnets(vpc.id).map(({ id }) => id) },
      endpoints: [{ service: 'api' }, { service: 'runtime' }],
      sweepInterval: '10s',
      ...spec,
    },
  };
}
