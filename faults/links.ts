import { schema } from '../src/api/generated/sagemaker-private-link-schema.ts';
import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import { applyDefaults } from '../src/api/validation/defaults.ts';
import type { OwnerIdentity } from '../src/plan/looks.ts';
import { clusterId, region, type Surroundings } from './world/foreign.ts';

/** An object with the defaults that the API server fills in. */
export function defaultedLink(object: object): object {
  return applyDefaults(schema, object) as object;
}

/** A link with two endpoints, of which one has private DNS. */
export function plainSpec({ vpcId }: Surroundings): Record<string, unknown> {
  return {
    region,
    vpc: { id: vpcId },
    subnets: { tags: { ml: 'private' } },
    endpoints: [{ service: 'api' }, { service: 'runtime', privateDNS: false }],
    tags: { team: 'ml' },
  };
}

/** The owner that the ownership tags of a link name. */
export function ownerOf({ metadata }: Pick<SageMakerPrivateLink, 'metadata'>): OwnerIdentity {
  return { clusterId, uid: metadata.uid, name: metadata.name };
}

/** Whether a spec selects namespaces with these labels. */
export function isNamed(
  { clients }: SageMakerPrivateLink['spec'],
  labels: Readonly<Record<string, string>>,
): boolean {
  if (clients === undefined) return false;
  // The scenarios select by labels alone.
  const { matchLabels = {} } = clients.namespaceSelector;
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}
