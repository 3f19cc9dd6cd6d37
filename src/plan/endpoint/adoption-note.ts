/** The changes that adoption makes to an endpoint, in words: plans show them beforehand. */
import type { DesiredEndpoint } from './desired-endpoint.ts';
import type { Endpoint } from '../facts.ts';
import type { Note } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import { foreignOwnerOf } from '../ownership/ownership.ts';
import { tagChanges, type TagPolicy } from '../tags/plan-tags.ts';
import { policiesAreEqual } from './policy-equality.ts';
import { isNarrower } from './policy-reach.ts';

/** The subject of the note. */
export interface AdoptionInput {
  readonly owner: OwnerIdentity;
  readonly desired: DesiredEndpoint;
  readonly groupIds: readonly string[] | undefined;
  readonly tagPolicy: TagPolicy;
}

/** Tags, security groups, subnets, private DNS and endpoint policy, before and after. */
export function adoptionNote(endpoint: Endpoint, input: AdoptionInput): Note {
  const former = foreignOwnerOf(endpoint.tags, input.owner) ?? 'nobody';
  const changes = [
    tagWords(endpoint, input),
    groupWords(endpoint, input),
    subnetWords(endpoint, input.desired),
    dnsWords(endpoint, input.desired),
    policyWords(endpoint, input.desired),
  ].filter((one) => one !== '');
  return {
    subject: 'EndpointsAvailable',
    reason: 'Adoption',
    about: endpoint.id,
    message: `${endpoint.id}, which belongs to ${former}, is taken over for ${input.desired.label}. ${changes.join('. ')}.`,
  };
}

function tagWords({ id, tags }: Endpoint, { tagPolicy }: AdoptionInput): string {
  const { set = {} } = tagChanges(id, tags, 'endpoint', tagPolicy);
  const changed = Object.entries(set).map(
    ([key, value]) => `${key} ${tags[key] ?? '(none)'} -> ${value}`,
  );
  const kept = Object.keys(tags).filter((key) => !(key in set));
  return [
    `Tags: ${changed.sort().join(', ')}`,
    ...(kept.length === 0 ? [] : [`kept: ${kept.sort().join(', ')}`]),
  ].join('; ');
}

function groupWords({ securityGroupIds }: Endpoint, { groupIds }: AdoptionInput): string {
  const next = groupIds === undefined ? "the link's own group" : idList(groupIds);
  const before = idList(securityGroupIds);
  return before === next ? '' : `Security groups: ${before} -> ${next}`;
}

function subnetWords({ subnetIds }: Endpoint, { subnets }: DesiredEndpoint): string {
  const [before, next] = [idList(subnetIds), idList(subnets.map(({ id }) => id))];
  return before === next ? '' : `Subnets: ${before} -> ${next}`;
}

function dnsWords({ privateDnsEnabled }: Endpoint, { privateDns }: DesiredEndpoint): string {
  if (privateDnsEnabled === privateDns) return '';
  return `Private DNS: ${onOrOff(privateDnsEnabled)} -> ${onOrOff(privateDns)}`;
}

function policyWords({ policy: before }: Endpoint, { policy: next }: DesiredEndpoint): string {
  if (next === undefined || policiesAreEqual(before ?? {}, next)) return '';
  const verdict = isNarrower(before, next)
    ? 'NARROWER than before: what only the former policy allows is denied from then on'
    : 'no narrower than before';
  return `Endpoint policy (${verdict}): ${documentWords(before)} -> ${documentWords(next)}`;
}

/** A condition and an event are no place for a whole large document; the plan's diff has it. */
const longestDocument = 2_000;

function documentWords(document: Endpoint['policy']): string {
  if (document === undefined) return "AWS's default";
  const text = JSON.stringify(document);
  return text.length <= longestDocument ? text : `${text.slice(0, longestDocument)}…`;
}

function idList(ids: readonly string[]): string {
  return ids.length === 0 ? '(none)' : [...ids].sort().join(', ');
}

function onOrOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}
