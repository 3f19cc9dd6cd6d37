import { parseNetwork } from '../../networks.ts';
import { AwsError } from '../../protocol/error.ts';
import {
  type Form,
  integerOf,
  invalidValue,
  requiredTextOf,
  structuresOf,
  textOf,
} from '../../protocol/form.ts';
import { existing, idKinds } from '../errors.ts';
import { groupPeer } from './group-peers.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../records.ts';
import type { RegionState } from '../region.ts';

/** A rule without its identity: what a permission of a request asks for. */
export type Permission = Pick<
  SecurityGroupRule,
  'protocol' | 'fromPort' | 'toPort' | 'peer' | 'description'
>;

/** Each source of each `IpPermissions.N` (or of the flat, older parameters) as one permission. */
export function permissionsIn(
  region: RegionState,
  { vpcId }: SecurityGroup,
  form: Form,
): Permission[] {
  const nested = structuresOf(form, 'IpPermissions');
  const flat = textOf(form, 'IpProtocol') === undefined ? [] : [flatPermission(form)];
  const permissions = [...nested, ...flat].flatMap((permission) =>
    peersIn(region, vpcId, permission).map(({ peer, description }) => ({
      ...portsOf(permission),
      peer,
      description,
    })),
  );
  if (permissions.length === 0) {
    throw new AwsError('MissingParameter', 'Either a CIDR, a group or a prefix list is needed.');
  }
  return permissions;
}

function flatPermission(form: Form): Form {
  return { ...form, IpRanges: { 1: { CidrIp: requiredTextOf(form, 'CidrIp') } } };
}

const protocolNames: ReadonlyMap<string, string> = new Map([
  ['6', 'tcp'],
  ['17', 'udp'],
  ['1', 'icmp'],
  ['58', 'icmpv6'],
  ['all', '-1'],
]);

/** Protocol and ports, normalised as AWS does: numbers to names, no ports for `-1`. */
export function portsOf(form: Form): Pick<Permission, 'protocol' | 'fromPort' | 'toPort'> {
  const given = requiredTextOf(form, 'IpProtocol').toLowerCase();
  const protocol = protocolNames.get(given) ?? given;
  if (protocol === '-1') return { protocol, fromPort: -1, toPort: -1 };
  if (!['tcp', 'udp', 'icmp', 'icmpv6'].includes(protocol) && !/^\d{1,3}$/.test(protocol)) {
    throw invalidValue('IpProtocol', given, 'Unknown IP protocol.');
  }
  const fromPort = integerOf(form, 'FromPort');
  const toPort = integerOf(form, 'ToPort');
  if (protocol !== 'tcp' && protocol !== 'udp') {
    return { protocol, fromPort: fromPort ?? -1, toPort: toPort ?? -1 };
  }
  if (fromPort === undefined || toPort === undefined) {
    throw new AwsError(
      'InvalidParameterValue',
      "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    );
  }
  if (fromPort < 0 || toPort > 65535 || fromPort > toPort) {
    throw invalidValue('FromPort', `${fromPort}-${toPort}`, 'Invalid TCP/UDP port range.');
  }
  return { protocol, fromPort, toPort };
}

interface DescribedPeer {
  readonly peer: RulePeer;
  readonly description: string | undefined;
}

function peersIn(region: RegionState, vpcId: string, permission: Form): DescribedPeer[] {
  const described = (form: Form, peer: RulePeer): DescribedPeer => ({
    peer,
    description: descriptionIn(form, peer),
  });
  return [
    ...structuresOf(permission, 'IpRanges').map((form) =>
      described(form, cidrPeer(requiredTextOf(form, 'CidrIp'), 4)),
    ),
    ...structuresOf(permission, 'Ipv6Ranges').map((form) =>
      described(form, cidrPeer(requiredTextOf(form, 'CidrIpv6'), 6)),
    ),
    ...structuresOf(permission, 'PrefixListIds').map((form) =>
      described(form, prefixListPeer(region, requiredTextOf(form, 'PrefixListId'))),
    ),
    ...structuresOf(permission, 'Groups').map((form) =>
      described(form, groupPeer(region, vpcId, form)),
    ),
  ];
}

/** A CIDR block in canonical form: AWS clears the host bits. */
export function cidrPeer(text: string, version: 4 | 6): RulePeer {
  const network = parseNetwork(text);
  if (network === undefined || network.version !== version) {
    throw new AwsError('InvalidParameterValue', `CIDR block ${text} is malformed`);
  }
  return { kind: version === 4 ? 'ipv4' : 'ipv6', cidr: network.cidr };
}

export function prefixListPeer(region: RegionState, prefixListId: string): RulePeer {
  existing(idKinds.prefixList, prefixListId, region.prefixLists.get(prefixListId));
  return { kind: 'prefixList', prefixListId };
}

/** Descriptions of groups and prefix lists may not have an ampersand, those of blocks may. */
export function descriptionIn(form: Form, peer: RulePeer): string | undefined {
  const description = textOf(form, 'Description');
  if (description === undefined || description === '') return undefined;
  const isBlock = peer.kind === 'ipv4' || peer.kind === 'ipv6';
  const allowed = isBlock
    ? /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/
    : /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]{0,255}$/;
  if (allowed.test(description)) return description;
  throw invalidValue('Description', description, 'Invalid rule description.');
}

/** Two rules are the same when protocol, ports and peer are: the description does not count. */
export function sameRule(a: Permission, b: Permission): boolean {
  return ruleKey(a) === ruleKey(b);
}

function ruleKey({ protocol, fromPort, toPort, peer }: Permission): string {
  return [protocol, fromPort, toPort, peer.kind, peerText(peer)].join('|');
}

export function peerText(peer: RulePeer): string {
  switch (peer.kind) {
    case 'ipv4':
    case 'ipv6':
      return peer.cidr;
    case 'prefixList':
      return peer.prefixListId;
    case 'group':
      return peer.groupId;
  }
}
