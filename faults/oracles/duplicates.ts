import { ownershipTags } from '../../src/plan/ownership/ownership.ts';
import type { Holdings } from '../world/snapshot.ts';

/** Two resources of a link that do the same job; what is being deleted does none. */
export function duplicatesIn({ endpoints, groups, policies }: Holdings): readonly string[] {
  const standing = endpoints.filter(({ deletion }) => deletion === undefined);
  const ownGroups = groups.filter(({ tags }) => tags[ownershipTags.uid] !== undefined);
  return [
    ...repeated(standing.map(({ vpcId, serviceName }) => `${serviceName} in ${vpcId}`)),
    ...repeated(ownGroups.map(({ vpcId }) => `group in ${vpcId}`)),
    ...repeated(policies.map(() => 'policy')),
  ].map((what) => `two of a link's: ${what}`);
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
