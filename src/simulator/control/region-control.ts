import type { CatalogueService } from '../catalogue.ts';
import { interfaceService, serviceKey } from '../catalogue.ts';
import { runAction } from '../requests/dispatch.ts';
import { endpointState } from '../ec2/vpc-endpoint/endpoint-state.ts';
import { type DescribedInterface, interfacesOf } from '../ec2/network/interfaces.ts';
import { cidrPeer } from '../ec2/security-group/permissions.ts';
import type {
  NetworkInterface,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Tags,
  Vpc,
  VpcEndpoint,
  VpcPeering,
} from '../ec2/records.ts';
import type { RegionState, Zone } from '../ec2/region.ts';
import { putPeering } from '../ec2/network/peerings.ts';
import { resolve, type Resolution } from '../ec2/vpc-endpoint/resolver.ts';
import { createGroup } from '../ec2/security-group/security-groups.ts';
import { addSubnet, type NewSubnet } from '../ec2/network/subnets.ts';
import { addVpc } from '../ec2/network/vpcs.ts';
import { currentVersion } from '../requests/parameters.ts';
import { shortRegionOf } from '../partitions.ts';
import type { XmlElement } from '../protocol/xml.ts';
import { userOf } from '../sts/principals.ts';
import type { World } from '../world.ts';

/** An endpoint with its state of now. */
export interface InspectedEndpoint extends VpcEndpoint {
  /** As the wire spells it: `pending`, `available`, `deleting`, `deleted`, ... */
  readonly state: string;
}

/** EC2 of one account and region, without protocol, throttling, lag or call log. */
export interface RegionControl {
  /** Any action of EC2 with its wire parameters, as in `{'ResourceId.1': 'vpc-0'}`. */
  run(action: string, parameters: Readonly<Record<string, string>>): XmlElement;

  createVpc(wanted: {
    readonly cidr: string;
    readonly tags?: Tags;
    readonly ipv6?: boolean;
    /** @default true */
    readonly enableDnsSupport?: boolean;
    /** @default false as at AWS */
    readonly enableDnsHostnames?: boolean;
  }): Vpc;
  createSubnet(wanted: Omit<NewSubnet, 'tags'> & { readonly tags?: Tags }): Subnet;
  createSecurityGroup(wanted: {
    readonly vpcId: string;
    readonly name: string;
    readonly tags?: Tags;
  }): SecurityGroup;
  /** Something else than an endpoint that uses groups and an address. */
  createNetworkInterface(wanted: {
    readonly subnetId: string;
    readonly groupIds: readonly string[];
    readonly ipv4?: string;
  }): NetworkInterface;
  deleteNetworkInterface(id: string): void;

  vpcs(): Vpc[];
  defaultVpc(): Vpc;
  subnets(vpcId?: string): Subnet[];
  securityGroups(vpcId?: string): SecurityGroup[];
  rules(groupId?: string): SecurityGroupRule[];
  interfaces(): DescribedInterface[];
  /** All that AWS still describes, tombstones included. */
  endpoints(): InspectedEndpoint[];
  /** All that ever were, those that are gone with the state `gone`. */
  endpointHistory(): InspectedEndpoint[];

  /** Somebody else deletes the endpoint: it is `deleting` for the usual time. */
  deleteEndpoint(id: string): void;
  /** The endpoint does not exist any more, at once and without a tombstone. */
  eraseEndpoint(id: string): void;
  changeEndpoint(id: string, fields: Partial<VpcEndpoint>): void;
  /** For states that time alone does not bring: failed, rejected, expired, partial, ... */
  setEndpointState(
    id: string,
    state: string,
    lastError?: { readonly code: string; readonly message: string },
  ): void;
  /** DeleteVpcEndpoints lists this endpoint as unsuccessful; undefined ends it. */
  refuseDelete(
    id: string,
    error: { readonly code: string; readonly message: string } | undefined,
  ): void;
  addIngressRule(groupId: string, cidr: string, port: number): SecurityGroupRule;
  removeRule(id: string): void;
  deleteSecurityGroup(id: string): void;
  /** An active peering; the other VPC may be one of another account. */
  peerVpcs(vpcId: string, otherVpcId: string, otherAccountId?: string): VpcPeering;
  setVpcDns(
    vpcId: string,
    attributes: Partial<Pick<Vpc, 'enableDnsSupport' | 'enableDnsHostnames'>>,
  ): void;

  services(): CatalogueService[];
  addService(service: Partial<CatalogueService> & { readonly name: string }): CatalogueService;
  removeService(name: string): void;
  /** A zone near a city, outside of the region's buildings: `us-east-1-bos-1a`. */
  addLocalZone(name: string, isOptedIn?: boolean): Zone;
  /** Zone names where the service can be reached. */
  setServiceZones(serviceName: string, zones: readonly string[]): void;
  /** The endpoint that a private name of a service leads to inside of a VPC; undefined: the internet. */
  resolve(vpcId: string, name: string): Resolution | undefined;
  /** A private hosted zone of that domain is associated with the VPC. */
  addHostedZone(vpcId: string, domain: string): void;
}

export function createRegionControl(world: World, region: RegionState): RegionControl {
  const settled = <T>(change: () => T): T => region.ledger.settled(change);
  const nowMs = (): number => region.ledger.now();
  const inspected = (endpoint: VpcEndpoint): InspectedEndpoint => ({
    ...endpoint,
    state: endpointState(endpoint, nowMs()) ?? 'gone',
  });
  const endpointHistory = (): InspectedEndpoint[] => region.endpoints.list().map(inspected);
  return {
    ...creation(region, settled),
    ...inspection(region),
    ...catalogue(region),
    ...interference(region, settled),
    ...networks(region, settled),
    run: (action, parameters) => settled(() => runAsOwner(world, region, action, parameters)),
    resolve: (vpcId, name) => resolve(region, vpcId, name),
    endpoints: () => endpointHistory().filter(({ state }) => state !== 'gone'),
    endpointHistory,
  };
}

function runAsOwner(
  world: World,
  region: RegionState,
  action: string,
  parameters: Readonly<Record<string, string>>,
): XmlElement {
  const caller = userOf(region.accountId, 'owner');
  const request = {
    protocol: 'ec2',
    action,
    region: region.name,
    accessKeyId: undefined,
    parameters: { Version: currentVersion('ec2'), ...parameters },
  } as const;
  return runAction({ world, request, caller, stale: false });
}

type Settled = <T>(change: () => T) => T;

function creation(
  region: RegionState,
  settled: Settled,
): Pick<
  RegionControl,
  | 'createVpc'
  | 'createSubnet'
  | 'createSecurityGroup'
  | 'createNetworkInterface'
  | 'deleteNetworkInterface'
> {
  return {
    createVpc: ({ enableDnsSupport = true, tags = {}, ...wanted }) =>
      settled(() => {
        const vpc = addVpc(region, { ...wanted, tags });
        return region.vpcs.change(vpc.id, { enableDnsSupport });
      }),
    createSubnet: ({ tags = {}, ...wanted }) =>
      settled(() => addSubnet(region, { ...wanted, tags })),
    createSecurityGroup: ({ tags = {}, ...wanted }) =>
      settled(() => createGroup(region, { description: wanted.name, ...wanted, tags })),
    createNetworkInterface: (wanted) =>
      settled(() => {
        const id = region.ids.resource('eni');
        const row: NetworkInterface = { id, description: '', tags: {}, ...wanted };
        region.interfaces.put(id, row);
        return row;
      }),
    deleteNetworkInterface: (id) => settled(() => region.interfaces.delete(id)),
  };
}

function inspection(
  region: RegionState,
): Pick<
  RegionControl,
  'vpcs' | 'defaultVpc' | 'subnets' | 'securityGroups' | 'rules' | 'interfaces'
> {
  const ofVpc = <T extends { readonly vpcId: string }>(rows: T[], vpcId: string | undefined): T[] =>
    rows.filter((row) => vpcId === undefined || row.vpcId === vpcId);
  return {
    vpcs: () => region.vpcs.list(),
    defaultVpc() {
      const vpc = region.vpcs.list().find(({ isDefault }) => isDefault);
      if (vpc === undefined) throw new Error(`${region.name} has no default VPC any more.`);
      return vpc;
    },
    subnets: (vpcId) => ofVpc(region.subnets.list(), vpcId),
    securityGroups: (vpcId) => ofVpc(region.groups.list(), vpcId),
    rules: (groupId) =>
      region.rules.list().filter((rule) => groupId === undefined || rule.groupId === groupId),
    interfaces: () => interfacesOf(region),
  };
}

function catalogue(
  region: RegionState,
): Pick<
  RegionControl,
  'services' | 'addService' | 'removeService' | 'setServiceZones' | 'addHostedZone'
> {
  return {
    services: () => [...region.services.values()],
    addService(given) {
      const service = interfaceService(region.name, given);
      region.services.set(serviceKey(service), service);
      return service;
    },
    removeService(name) {
      for (const [key, service] of region.services) {
        if (service.name === name) region.services.delete(key);
      }
    },
    setServiceZones: (name, zones) => void region.serviceZones.set(name, zones),
    addHostedZone(vpcId, domain) {
      const domains = region.hostedZones.get(vpcId) ?? new Set();
      region.hostedZones.set(vpcId, domains.add(domain));
    },
  };
}

function interference(
  region: RegionState,
  settled: Settled,
): Pick<
  RegionControl,
  | 'deleteEndpoint'
  | 'eraseEndpoint'
  | 'changeEndpoint'
  | 'setEndpointState'
  | 'refuseDelete'
  | 'addIngressRule'
  | 'removeRule'
  | 'deleteSecurityGroup'
  | 'setVpcDns'
> {
  const { settings } = region;
  const end = (id: string, deletedAtMs: number, goneAtMs: number): void => {
    settled(() => region.endpoints.change(id, { deletion: { deletedAtMs, goneAtMs } }));
  };
  return {
    deleteEndpoint(id) {
      const deletedAtMs = region.ledger.now() + settings.deletingMs;
      end(id, deletedAtMs, deletedAtMs + settings.tombstoneMs);
    },
    eraseEndpoint: (id) => end(id, -Infinity, -Infinity),
    changeEndpoint: (id, fields) => void settled(() => region.endpoints.change(id, fields)),
    setEndpointState: (id, settledState, lastError) =>
      void settled(() =>
        region.endpoints.change(id, { settledState, lastError, pendingUntilMs: -Infinity }),
      ),
    refuseDelete(id, error) {
      if (error === undefined) region.deleteRefusals.delete(id);
      else region.deleteRefusals.set(id, error);
    },
    addIngressRule: (groupId, cidr, port) =>
      settled(() => {
        const id = region.ids.resource('sgr');
        const peer = cidrPeer(cidr, cidr.includes(':') ? 6 : 4);
        const ports = { protocol: 'tcp', fromPort: port, toPort: port };
        const rule = { id, groupId, isEgress: false, peer, ...ports, tags: {} };
        region.rules.put(id, rule);
        return rule;
      }),
    removeRule: (id) => settled(() => region.rules.delete(id)),
    deleteSecurityGroup: (id) => settled(() => region.groups.delete(id)),
    setVpcDns: (vpcId, attributes) => void settled(() => region.vpcs.change(vpcId, attributes)),
  };
}

function networks(
  region: RegionState,
  settled: Settled,
): Pick<RegionControl, 'peerVpcs' | 'addLocalZone'> {
  return {
    peerVpcs: (vpcId, otherVpcId, otherAccountId = region.accountId) =>
      settled(() =>
        putPeering(region, {
          id: region.ids.resource('pcx'),
          requester: { accountId: region.accountId, vpcId },
          accepter: { accountId: otherAccountId, vpcId: otherVpcId },
          status: 'active',
          createdAtMs: region.ledger.now(),
          changedAtMs: region.ledger.now(),
          tags: {},
        }),
      ),
    addLocalZone(name, isOptedIn = true) {
      const groupName = name.slice(0, -1);
      const id = `${shortRegionOf(region.name)}-${groupName.slice(region.name.length + 1)}-az1`;
      const parentZone = region.zones[0]?.name ?? '';
      const zone: Zone = { name, id, local: { groupName, isOptedIn, parentZone } };
      region.zones.push(zone);
      return zone;
    },
  };
}
