/** Notes on the resources that stay at AWS when a link goes: none stays unnamed. */
import type { Endpoint, Holdings, SecurityGroup } from '../facts.ts';
import type { Note } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import { foreignOwnerOf, ownershipPrefix } from '../ownership/ownership.ts';

/**
 * The resources that `deletionPolicy: Retain` leaves. Changes made by an adoption stay: nobody
 * knows any more what was there before.
 */
export function retainedNote(
  endpoints: readonly Endpoint[],
  groups: readonly SecurityGroup[],
): Note {
  const left = [
    ...endpoints.map(
      ({ id, serviceName, privateDnsEnabled }) =>
        `${id} for ${serviceName}${privateDnsEnabled ? ' with private DNS' : ''}`,
    ),
    ...groups.map(({ id, name }) => `${id} (security group ${name})`),
  ];
  const keys = [...endpoints, ...groups].flatMap(({ tags }) => Object.keys(tags));
  const kept = [...new Set(keys)].filter((key) => !key.startsWith(ownershipPrefix)).sort();
  const tagWords = kept.length === 0 ? 'without tags' : `with the tags ${kept.join(', ')}`;
  return {
    subject: 'EndpointsAvailable',
    reason: 'ResourcesLeft',
    message: `deletionPolicy is Retain, so this stays as it is, ${tagWords}, with its subnets, rules and endpoint policies, and costs what it costs: ${left.join('; ')}. Nothing is put back to what it was before this link.`,
  };
}

/** The resources of former selves, which are not the link's to delete. Undefined: none. */
export function formerSelfNote(
  former: Holdings | undefined,
  owner: OwnerIdentity,
): Note | undefined {
  const left = [
    ...(former?.endpoints ?? []).filter(({ state }) => state !== 'deleting' && state !== 'deleted'),
    ...(former?.securityGroups ?? []),
  ];
  const [first] = left;
  if (first === undefined) return undefined;
  const ids = left.map(({ id }) => id).sort();
  return {
    subject: 'EndpointsAvailable',
    reason: 'ResourcesLeft',
    message: `${ids.join(', ')} belong to ${foreignOwnerOf(first.tags, owner)} and stay. To delete them, take them back first (spec.adoption: IfUnowned), or use sagemaker-privatelink prune.`,
  };
}
