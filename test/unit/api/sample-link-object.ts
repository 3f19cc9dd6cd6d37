import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';

/** A link as the API server gives it, whose endpoint policy has about so many characters. */
export function sampleLinkObject(policyLength: number): SageMakerPrivateLink {
  const statement = (length: number) => ({
    Effect: 'Allow' as const,
    Principal: '*',
    Action: '*',
    Resource: 'x'.repeat(length),
  });
  const longest = 2_000;
  const Statement = Array.from({ length: Math.ceil(policyLength / longest) }, () =>
    statement(Math.min(policyLength, longest)),
  );
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: {
      name: 'ml',
      uid: '5f8b6d7c-0000-4000-8000-000000000000',
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      region: 'eu-west-1',
      vpc: { id: 'vpc-0a1b2c3d4e5f67890' },
      subnets: { ids: ['subnet-0a1b2c3d4e5f67890'], unsupportedZones: 'Fail' },
      ipAddressType: 'ipv4',
      privateDNSAt: 'Available',
      endpoints: [{ service: 'api', privateDNS: true, policy: { Statement } }],
      deletionPolicy: 'Delete',
      driftPolicy: 'Repair',
      adoption: 'Never',
      suspend: false,
      sweepInterval: '60s',
    },
  };
}
