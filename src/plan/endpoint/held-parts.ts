/** An endpoint as it should be at AWS while some of its parts are held back. */
import type { DesiredEndpoint, EndpointPart } from './desired-endpoint.ts';
import type { Endpoint, Subnet } from '../facts.ts';
import type { Subject, Wait } from '../findings.ts';
import { fullAccessPolicy, policiesAreEqual } from './policy-equality.ts';
import { type Stage, stage } from '../stage.ts';

/**
 * The desired endpoint with its held parts as they are at AWS, so that nothing is made of what is
 * not known and everything else is compared and repaired.
 *
 * @param actual the endpoint as it is; undefined if there is none
 * @param subnets all subnets of the VPC, as far as they are known
 */
export function asFarAsKnown(
  desired: DesiredEndpoint,
  actual: Endpoint | undefined,
  subnets: readonly Subnet[],
): DesiredEndpoint {
  const { held } = desired;
  if (actual === undefined) {
    return held.privateDns === undefined ? desired : { ...desired, privateDns: false };
  }
  const { policy, dnsRecordIpType, ...rest } = desired;
  const typeIsHeld = held.addressType !== undefined;
  const recordType = typeIsHeld ? actual.dnsRecordIpType : dnsRecordIpType;
  // AWS shows its full access for services without policies too; any other policy is of one with.
  const isOfService = !policiesAreEqual(actual.policy ?? fullAccessPolicy, fullAccessPolicy);
  const comparesPolicy = held.policy === undefined || isOfService;
  return {
    ...rest,
    ...(held.subnets === undefined ? {} : { subnets: grown(desired, actual, subnets) }),
    ...(held.privateDns === undefined ? {} : { privateDns: actual.privateDnsEnabled }),
    ...(policy === undefined || !comparesPolicy ? {} : { policy }),
    ...(typeIsHeld ? { ipAddressType: actual.ipAddressType ?? desired.ipAddressType } : {}),
    ...(recordType === undefined ? {} : { dnsRecordIpType: recordType }),
  };
}

/** The endpoint's own subnets, and the desired ones of zones in which it has none. */
function grown(
  desired: DesiredEndpoint,
  { subnetIds, vpcId }: Endpoint,
  subnets: readonly Subnet[],
): readonly Subnet[] {
  const known = new Map([...subnets, ...desired.subnets].map((one) => [one.id, one]));
  const kept = subnetIds.map((id) => known.get(id) ?? unseen(id, vpcId));
  // Where the zone of one is not known, any other might be in the same.
  if (kept.some(({ zone }) => zone === '')) return kept;
  const zones = new Set(kept.map(({ zone }) => zone));
  return [...kept, ...desired.subnets.filter(({ zone }) => !zones.has(zone))];
}

/** A subnet that AWS did not describe. */
function unseen(id: string, vpcId: string): Subnet {
  return { id, vpcId, ownerId: '', zone: '', ipv6Cidrs: [], availableAddresses: 0, tags: {} };
}

/** Waits for the parts of the link that hold back parts of the endpoint. */
export function planHeldParts(
  { label, held }: DesiredEndpoint,
  actual: Endpoint | undefined,
): Stage {
  const all = Object.entries(held) as [EndpointPart, Subject][];
  const open = all.filter(([part, by]) => {
    return by !== 'EndpointsAvailable' && (part === 'existence') === (actual === undefined);
  });
  const waits = [...new Set(open.map(([, by]) => by))].map((by): Wait => {
    const parts = open.flatMap(([part, holder]) => (holder === by ? [part] : []));
    return {
      subject: 'EndpointsAvailable',
      reason: 'Progressing',
      message:
        actual === undefined
          ? `The endpoint for ${label} is not made yet (see ${by}).`
          : `The endpoint for ${label} ${stayingWords(parts, actual)} for now (see ${by}).`,
      awaits: [by],
    };
  });
  return stage({ waits });
}

const partWords: Readonly<Partial<Record<EndpointPart, string>>> = {
  subnets: 'subnets',
  policy: 'policy',
  addressType: 'address type',
};

/** Names the parts that stay as they are: an endpoint without private DNS has none to keep. */
function stayingWords(parts: readonly EndpointPart[], { privateDnsEnabled }: Endpoint): string {
  const kept = parts.flatMap((part) => partWords[part] ?? []);
  const holdsDns = parts.includes('privateDns');
  const clauses = [
    ...[...kept, ...(holdsDns && privateDnsEnabled ? ['private DNS'] : [])].map(
      (words) => `keeps its ${words}`,
    ),
    ...(holdsDns && !privateDnsEnabled ? ['has no private DNS'] : []),
  ];
  return clauses.join(' and ');
}
