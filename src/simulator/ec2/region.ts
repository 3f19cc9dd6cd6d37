import type { CatalogueService } from '../catalogue.ts';
import { serviceKey, servicesOf } from '../catalogue.ts';
import { type IdSource, idSource, stableNumber } from '../ids.ts';
import { Ledger } from '../ledger.ts';
import type { Settings } from '../options.ts';
import { type Partition, partitionOf, shortRegionOf } from '../partitions.ts';
import { Table } from '../table.ts';
import type {
  GroupVpcAssociation,
  NetworkInterface,
  PrefixList,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
  VpcEndpoint,
  VpcPeering,
} from './records.ts';

export interface Zone {
  readonly name: string;
  readonly id: string;
  /** For a zone outside of the region's own buildings: a Local Zone. */
  readonly local?: LocalZone | undefined;
}

export interface LocalZone {
  /** The group of zones that an account opts in to: `us-west-2-lax-1`. */
  readonly groupName: string;
  readonly isOptedIn: boolean;
  /** The name of the zone that it hangs on. */
  readonly parentZone: string;
}

/** A remembered ClientToken: what was asked with it, and what it made. */
export interface RememberedToken {
  readonly fingerprint: string;
  readonly resourceId: string;
}

/** Everything EC2 knows in one account and region. */
export interface RegionState {
  readonly name: string;
  readonly partition: Partition;
  readonly accountId: string;
  readonly ids: IdSource;
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly zones: Zone[];
  readonly vpcs: Table<Vpc>;
  readonly subnets: Table<Subnet>;
  readonly groups: Table<SecurityGroup>;
  readonly rules: Table<SecurityGroupRule>;
  readonly prefixLists: Table<PrefixList>;
  readonly peerings: Table<VpcPeering>;
  readonly groupVpcs: Table<GroupVpcAssociation>;
  readonly interfaces: Table<NetworkInterface>;
  readonly endpoints: Table<VpcEndpoint>;
  /** By name and type (serviceKey). */
  readonly services: Map<string, CatalogueService>;
  /** Zone names by service, where a service is not in all zones. */
  readonly serviceZones: Map<string, readonly string[]>;
  readonly clientTokens: Map<string, RememberedToken>;
  /** Why AWS refuses to delete an endpoint, by its id: for tests of partial success. */
  readonly deleteRefusals: Map<string, { readonly code: string; readonly message: string }>;
  /** The same region of another account. */
  readonly inAccount: (accountId: string) => RegionState;
  /** Private hosted zones of Route 53 that are associated with a VPC: domain names by VPC. */
  readonly hostedZones: Map<string, Set<string>>;
}

/** An empty region: no VPC yet, but zones, endpoint services and AWS's prefix lists. */
export function createRegionState(
  name: string,
  accountId: string,
  settings: Settings,
  inAccount: (accountId: string) => RegionState,
): RegionState {
  const ledger = new Ledger(settings.clock, settings.visibilityLag);
  const region: RegionState = {
    name,
    partition: partitionOf(name),
    accountId,
    ids: idSource(`${settings.seed}/${accountId}/${name}`),
    ledger,
    settings,
    zones: zonesOf(name, accountId, settings.zonesPerRegion),
    vpcs: new Table(ledger),
    subnets: new Table(ledger),
    groups: new Table(ledger, ({ vpcId }) => [vpcId]),
    rules: new Table(ledger, ({ groupId }) => [groupId]),
    prefixLists: new Table(ledger),
    peerings: new Table(ledger),
    groupVpcs: new Table(ledger),
    interfaces: new Table(ledger, ({ subnetId }) => [subnetId]),
    endpoints: new Table(ledger, ({ vpcId, interfaces }) => [
      vpcId,
      ...interfaces.flatMap(({ id, subnetId }) => [id, subnetId]),
    ]),
    services: new Map(servicesOf(name).map((service) => [serviceKey(service), service])),
    serviceZones: new Map(),
    clientTokens: new Map(),
    deleteRefusals: new Map(),
    hostedZones: new Map(),
    inAccount,
  };
  ledger.settled(() => addAwsPrefixLists(region));
  return region;
}

/** Zone names are each account's own mapping of zone ids; the mapping here is a rotation. */
function zonesOf(region: string, accountId: string, count: number): Zone[] {
  const shift = stableNumber(`${accountId}/${region}`, count);
  return Array.from({ length: count }, (_, index) => ({
    name: region + String.fromCharCode(97 + index),
    id: `${shortRegionOf(region)}-az${((index + shift) % count) + 1}`,
  }));
}

/** Weights from AWS's page on AWS-managed prefix lists. */
function addAwsPrefixLists(region: RegionState): void {
  const lists = [
    // Blocks that AWS publishes for these services, of no region in particular.
    { name: `com.amazonaws.${region.name}.s3`, weight: 1, cidrs: ['52.218.0.0/17', '3.5.64.0/21'] },
    { name: `com.amazonaws.${region.name}.dynamodb`, weight: 1, cidrs: ['52.94.24.0/23'] },
    {
      name: 'com.amazonaws.global.cloudfront.origin-facing',
      weight: 55,
      cidrs: ['120.52.22.96/27'],
    },
  ];
  for (const { name, weight, cidrs } of lists) {
    const number = stableNumber(`${region.name}/${name}`, 2 ** 32)
      .toString(16)
      .padStart(8, '0');
    const id = `pl-${number}`;
    region.prefixLists.put(id, {
      id,
      name,
      weight,
      ownerId: 'AWS',
      addressFamily: 'IPv4',
      entries: cidrs.map((cidr) => ({ cidr })),
      tags: {},
    });
  }
}
