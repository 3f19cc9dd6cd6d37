/**
 * The reach of the clients of each link, followed through every change: an address in each zone, private
 * names, admitted sources. By rules that share no code with the operator.
 */
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkSpec,
} from '../../src/api/sagemaker-private-link.ts';
import type { InspectedEndpoint } from '../../src/simulator/control/region-control.ts';
import type { SecurityGroupRule, Subnet } from '../../src/simulator/ec2/records.ts';
import { ownerOf } from '../links.ts';
import { region } from '../world/foreign.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import { holdingsOf } from '../world/snapshot.ts';
import { type AccessReach, accessReachOf, lostAccess, noAccess } from './access-reach.ts';

export interface ReachWatch {
  /** A link as it was written. */
  noteSpec(link: SageMakerPrivateLink): void;
  /** Nobody is given anything by a link that is no more. */
  forget(uid: string): void;
  /** Looks before anything is done: what is lost since then, others have taken. */
  beforeCall(nowMs: number): void;
  /**
   * The reach that the change has taken from clients although each spec of late gives it to them. A
   * loss at the other service is somebody else's doing.
   */
  afterChange(at: 'ec2' | 'iam'): readonly string[];
}

/** How a service can be used. */
interface Reach {
  /** Zones with an interface that takes traffic. */
  readonly zones: ReadonlySet<string>;
  readonly subnetIds: ReadonlySet<string>;
  readonly privateDns: boolean;
  /** Whether private names lead to an endpoint that never took traffic. */
  readonly namesLeadNowhere: boolean;
  readonly sources: ReadonlySet<string>;
  /** Of every endpoint, whether it takes traffic or not; empty where there is none. */
  readonly addressType: string;
}

/** The reach of a service so far, and the part that is down by the operator's own doing. */
interface Record {
  readonly had: Reach;
  /** Right before the call: a loss is laid to the call that takes something, not to later ones. */
  readonly before: Reach;
  readonly downByUs: ReadonlySet<string>;
}

interface Watched {
  link: SageMakerPrivateLink;
  readonly specs: { readonly spec: SageMakerPrivateLinkSpec; until: number }[];
  readonly services: Map<string, Record>;
  access: AccessReach;
}

/** A process that was stopped acts on the spec that it knew. */
const formerSpecsMs = 5 * 60_000;

const nothing: Reach = {
  zones: new Set(),
  subnetIds: new Set(),
  privateDns: false,
  namesLeadNowhere: false,
  sources: new Set(),
  addressType: '',
};

const unknown: Record = { had: nothing, before: nothing, downByUs: new Set() };

export function createReachWatch(aws: SimulatedAws): ReachWatch {
  return new Watch(aws);
}

class Watch implements ReachWatch {
  private readonly aws: SimulatedAws;
  private readonly links = new Map<string, Watched>();
  private serving: ReadonlySet<string> = new Set();
  private nowMs = 0;

  constructor(aws: SimulatedAws) {
    this.aws = aws;
  }

  noteSpec(link: SageMakerPrivateLink): void {
    const { uid } = link.metadata;
    const watched: Watched = this.links.get(uid) ?? {
      link,
      specs: [],
      services: new Map(),
      access: noAccess,
    };
    const [last] = watched.specs.slice(-1);
    if (JSON.stringify(last?.spec) !== JSON.stringify(link.spec)) {
      if (last !== undefined) last.until = this.nowMs + formerSpecsMs;
      watched.specs.push({ spec: link.spec, until: Number.POSITIVE_INFINITY });
    }
    watched.link = link;
    this.links.set(uid, watched);
  }

  forget(uid: string): void {
    this.links.delete(uid);
  }

  beforeCall(nowMs: number): void {
    this.nowMs = nowMs;
    this.updateServing();
    for (const watched of this.links.values()) {
      watched.access = accessReachOf(this.aws, ownerOf(watched.link));
      const reach = this.reachOf(watched.link);
      const recent = this.recentSpecs(watched);
      for (const service of new Set([...watched.services.keys(), ...reach.keys()])) {
        const now = reach.get(service) ?? nothing;
        const { had: former, downByUs } = watched.services.get(service) ?? unknown;
        // A zone that a spec has taken away is not down.
        const isGiven = (zone: string): boolean =>
          recent.every((spec) => this.zonesOf(spec).has(zone));
        const stillDown = new Set(
          [...downByUs].filter((zone) => !now.zones.has(zone) && isGiven(zone)),
        );
        // Growth counts from now on; what others took meanwhile no longer does.
        const zones = new Set([
          ...now.zones,
          ...[...former.zones].filter((one) => stillDown.has(one)),
        ]);
        const had = { ...now, zones };
        watched.services.set(service, { had, before: now, downByUs: stillDown });
      }
    }
  }

  afterChange(at: 'ec2' | 'iam'): readonly string[] {
    this.updateServing();
    const living = [...this.links.values()].filter(
      ({ link }) => link.metadata.deletionTimestamp === undefined,
    );
    return living.flatMap((watched) =>
      at === 'ec2' ? this.lossesOf(watched) : this.accessLossesOf(watched),
    );
  }

  private accessLossesOf(watched: Watched): readonly string[] {
    const { link, access: before } = watched;
    const now = accessReachOf(this.aws, ownerOf(link));
    const losses = lostAccess(this.recentSpecs(watched), before, now);
    return losses.map((loss) => `${link.metadata.name} has lost ${loss}`);
  }

  /** The specs that a process may still act on after it was stopped for a while. */
  private recentSpecs({ specs }: Watched): readonly SageMakerPrivateLinkSpec[] {
    return specs.filter(({ until }) => until >= this.nowMs).map(({ spec }) => spec);
  }

  private lossesOf(watched: Watched): readonly string[] {
    const { link, services } = watched;
    const recent = this.recentSpecs(watched);
    const reach = this.reachOf(link);
    return [...new Set([...services.keys(), ...reach.keys()])].flatMap((service) => {
      const record = services.get(service) ?? unknown;
      const now = reach.get(service) ?? nothing;
      const down = [...record.had.zones].filter((zone) => !now.zones.has(zone));
      services.set(service, { ...record, downByUs: new Set(down) });
      if (!hasTaken(record.before, now)) return [];
      const losses = recent.map((spec) => this.lossesUnder(spec, service, record.had, now));
      const [first = [], ...others] = losses;
      const common = first.filter((loss) => others.every((one) => one.includes(loss)));
      return common.map((loss) => `${link.metadata.name} ${service} has lost ${loss}`);
    });
  }

  /** The reach that a service has lost although a spec gives it. */
  private lossesUnder(
    spec: SageMakerPrivateLinkSpec,
    service: string,
    had: Reach,
    now: Reach,
  ): readonly string[] {
    const entry = spec.endpoints.find(
      (one) => one.serviceName === service || service.endsWith(`.${one.service}`),
    );
    if (entry === undefined) return [];
    const nowhere = now.namesLeadNowhere && !had.namesLeadNowhere;
    const names = nowhere && spec.privateDNSAt === 'Available' ? ['its public names'] : [];
    if (had.zones.size === 0) return names;
    if (this.mayBeInterrupted(spec, had, now)) return [];
    return [
      ...names,
      ...this.lostZones(spec, had, now),
      ...(had.privateDns && entry.privateDNS && !now.privateDns ? ['its private names'] : []),
      ...this.lostSources(spec, had, now),
    ];
  }

  /** Another address type comes in all zones at once; the only zone gets another interface. */
  private mayBeInterrupted(spec: SageMakerPrivateLinkSpec, had: Reach, now: Reach): boolean {
    if (now.addressType !== '' && now.addressType !== had.addressType) return true;
    const [zone = ''] = had.zones;
    const inZone = this.subnetsOf(spec).filter((subnet) => subnet.zone === zone);
    const isReplaced = ({ id }: Subnet): boolean =>
      had.subnetIds.has(id)
        ? spec.endpoints.some(({ addresses }) => addresses?.[id] !== undefined)
        : this.hasRoom(id);
    return had.zones.size === 1 && inZone.some(isReplaced);
  }

  private lostZones(spec: SageMakerPrivateLinkSpec, had: Reach, now: Reach): readonly string[] {
    if (now.zones.size === 0) return ['every address'];
    const wanted = this.zonesOf(spec);
    const down = [...had.zones].filter((zone) => wanted.has(zone) && !now.zones.has(zone));
    return down.length <= 1 ? [] : [`${down.sort().join(' and ')} at once`];
  }

  private lostSources(spec: SageMakerPrivateLinkSpec, had: Reach, now: Reach): readonly string[] {
    if (had.sources.size > 0 && now.sources.size === 0) return ['every admitted source'];
    const wanted = this.sourcesOf(spec);
    const common = [...had.sources].filter((source) => wanted.has(source));
    const lost = common.filter((source) => !now.sources.has(source));
    // A list may fill the group, so that not all of them fit beside it.
    const isFull = spec.securityGroup?.ingress?.some((one) => one.prefixListId !== undefined);
    if (lost.length === 0 || (isFull === true && lost.length < common.length)) return [];
    return [`the sources ${lost.sort().join(', ')}`];
  }

  private get ec2(): ReturnType<SimulatedAws['control']['region']> {
    return this.aws.control.region(region);
  }

  private hasRoom(subnetId: string): boolean {
    const answer = this.ec2.run('DescribeSubnets', { 'SubnetId.1': subnetId });
    return !JSON.stringify(answer).includes('"availableIpAddressCount":0');
  }

  private zonesOf(spec: SageMakerPrivateLinkSpec): ReadonlySet<string> {
    return new Set(this.subnetsOf(spec).map(({ zone }) => zone));
  }

  private subnetsOf({ subnets: { ids, tags = {} } }: SageMakerPrivateLinkSpec): readonly Subnet[] {
    const isMeant = (subnet: Subnet): boolean =>
      ids === undefined
        ? Object.entries(tags).every(([key, value]) => subnet.tags[key] === value)
        : ids.includes(subnet.id);
    return this.ec2.subnets().filter(isMeant);
  }

  private sourcesOf({ securityGroup, vpc }: SageMakerPrivateLinkSpec): ReadonlySet<string> {
    if (securityGroup?.ids !== undefined) return this.admittedBy(securityGroup.ids);
    const listed = securityGroup?.ingress?.flatMap(
      (one) => one.cidr ?? one.securityGroupId ?? one.prefixListId ?? [],
    );
    if (listed !== undefined) return new Set(listed);
    const own = this.ec2.vpcs().filter(({ id }) => vpc.id === undefined || vpc.id === id);
    return new Set(own.flatMap(({ cidrs }) => cidrs.map(({ cidr }) => cidr)));
  }

  private admittedBy(groupIds: readonly string[]): ReadonlySet<string> {
    const rules = groupIds.flatMap((id) => this.ec2.rules(id));
    return new Set(rules.filter(admitsClients).map(sourceOf));
  }

  /** An interface takes traffic once AWS has shown its endpoint as available. */
  private updateServing(): void {
    this.serving = new Set(
      this.ec2.endpoints().flatMap(({ state, interfaces }) => {
        const ids = interfaces.map(({ id }) => id);
        if (state === 'available') return ids;
        return state === 'pending' ? ids.filter((id) => this.serving.has(id)) : [];
      }),
    );
  }

  private reachOf(link: SageMakerPrivateLink): ReadonlyMap<string, Reach> {
    const { endpoints } = holdingsOf(this.aws, ownerOf(link));
    const services = new Set(endpoints.map(({ serviceName }) => serviceName));
    return new Map(
      [...services].map((name) => [
        name,
        this.reachThrough(endpoints.filter(({ serviceName }) => serviceName === name)),
      ]),
    );
  }

  private reachThrough(endpoints: readonly InspectedEndpoint[]): Reach {
    const serves = ({ id }: { readonly id: string }): boolean => this.serving.has(id);
    const used = endpoints.filter(({ interfaces }) => interfaces.some(serves));
    const subnets = new Map(this.ec2.subnets().map((subnet) => [subnet.id, subnet]));
    const subnetIds = used.flatMap(({ interfaces }) =>
      interfaces.filter(serves).map(({ subnetId }) => subnetId),
    );
    return {
      zones: new Set(subnetIds.map((id) => subnets.get(id)?.zone ?? id)),
      subnetIds: new Set(subnetIds),
      privateDns: used.some(({ privateDnsEnabled }) => privateDnsEnabled),
      namesLeadNowhere: endpoints.some(
        (one) => one.privateDnsEnabled && one.state === 'pending' && !used.includes(one),
      ),
      sources: this.admittedBy(used.flatMap(({ groupIds }) => groupIds)),
      addressType: endpoints.map(({ ipAddressType }) => ipAddressType).join(),
    };
  }
}

function admitsClients({ isEgress, protocol, fromPort, toPort }: SecurityGroupRule): boolean {
  return (
    !isEgress && (protocol === '-1' || (protocol === 'tcp' && fromPort <= 443 && toPort >= 443))
  );
}

function sourceOf({ peer }: SecurityGroupRule): string {
  return Object.entries(peer).find(([key]) => key !== 'kind')?.[1] ?? '';
}

/** True if something that was there is not any more, or names lead to nowhere since. */
function hasTaken(before: Reach, now: Reach): boolean {
  const isIn = (inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean =>
    [...inner].every((one) => outer.has(one));
  const keepsAll =
    isIn(before.zones, now.zones) &&
    isIn(before.subnetIds, now.subnetIds) &&
    isIn(before.sources, now.sources) &&
    (now.privateDns || !before.privateDns) &&
    before.addressType === now.addressType;
  return !keepsAll || (now.namesLeadNowhere && !before.namesLeadNowhere);
}
