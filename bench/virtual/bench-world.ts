/** The shipped operator in virtual time, on the simulated AWS with its published call rates. */
import { kind, plural, type SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { OperatorConfig } from '../../src/operator/operator-config.ts';
import type { CallRecord } from '../../src/simulator/call-log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createBoundary } from '../../faults/boundary.ts';
import { createConnection } from '../../faults/cluster/api-connection.ts';
import { type Collection, createCollection } from '../../faults/cluster/api-server.ts';
import type { CallPoint } from '../../faults/faults.ts';
import { defaultedLink } from '../../faults/links.ts';
import { type OperatorProcess, startOperator } from '../../faults/operator-process.ts';
import { newLife, type ProcessLife } from '../../faults/process-life.ts';
import { untilQuiet } from '../../faults/quiet.ts';
import { createVirtualTime, type VirtualTime } from '../../faults/virtual-time.ts';
import { createAwsWire } from '../../faults/world/aws-wire.ts';
import { clusterId, region } from '../../faults/world/foreign.ts';
import { createSimulatedAws, type SimulatedAws } from '../../faults/world/simulated-aws.ts';
import { seededRandom } from '../../test/model/seeded-random.ts';

/** Endpoints are pending and deleting for about a minute at AWS. */
const behaviour = { pendingMs: 60_000, deletingMs: 60_000 };
/** AWS's default quota is 50 endpoints in a VPC; a link has two. */
const linksPerVpc = 20;

/** Counts since the last `resetCounts`. */
export interface Counts {
  readonly passes: number;
  /** Of links that were not Ready. */
  readonly passesToReady: number;
  readonly statusWrites: number;
  /** Of all kinds, Events apart. */
  readonly kubernetesWrites: number;
  readonly events: number;
  readonly calls: readonly CallRecord[];
}

/** A cluster and an AWS with links that a bench works on. */
export class BenchWorld {
  readonly time: VirtualTime = createVirtualTime();
  readonly aws: SimulatedAws;
  readonly links: Collection;
  private readonly wire = createAwsWire(region);
  private readonly ready = new Set<string>();
  /** When each link was Ready last, in milliseconds of virtual time. */
  private readonly readySince = new Map<string, number>();
  /** Links that were Ready after their last pass. */
  private readonly rested = new Set<string>();
  private readonly metrics = createMetrics({ processMetrics: false });
  private readonly random = seededRandom(1);
  private readonly collections: Readonly<Record<string, Collection>>;
  private readonly boundary;
  private readonly vpcs: { readonly id: string; readonly subnetIds: readonly string[] }[] = [];
  private running: { readonly life: ProcessLife; readonly process: OperatorProcess } | undefined;
  private counts = { passes: 0, passesToReady: 0, statusWrites: 0, kubernetesWrites: 0, events: 0 };
  private passed = new Set<string>();
  /** False: AWS takes any number of calls, while a scenario is prepared. */
  private isThrottling = true;

  private readonly sweepInterval: string | undefined;
  /** Whether one link of each VPC has private DNS: no second one can have it. */
  hasPrivateDns = false;

  /** @param sweepInterval of the links. @default the kind's own */
  constructor(sweepInterval?: string) {
    this.sweepInterval = sweepInterval;
    this.aws = this.simulatedAws();
    const wallTime = (): Date => new Date(this.time.now());
    const plain = (): Collection => createCollection({ wallTime, withDefaults: (one) => one });
    this.links = createCollection({ wallTime, withDefaults: defaultedLink });
    this.links.subscribe(({ type, object }) => this.noteLink(type, object as never));
    this.collections = { [plural]: this.links, events: plain(), leases: plain() };
    this.boundary = createBoundary({
      time: this.time,
      faultAt: () => undefined,
      onCrash: () => undefined,
      onTerminate: () => undefined,
      onJoin: () => undefined,
      onUnlease: () => undefined,
      onCall: (point) => this.noteCall(point),
      onEffect: () => undefined,
    });
  }

  /** Counts from 0 again. */
  resetCounts(): void {
    this.counts = { passes: 0, passesToReady: 0, statusWrites: 0, kubernetesWrites: 0, events: 0 };
    this.aws.engine.log.reset();
    this.passed = new Set();
  }

  countsNow(): Counts {
    return { ...this.counts, calls: this.aws.engine.log.calls() };
  }

  /** Starts a process of the operator. */
  start(flags: Partial<OperatorConfig> = {}): void {
    const { time, boundary, aws, collections } = this;
    const life = newLife('operator');
    const process = startOperator({
      life,
      time,
      skew: { wallMs: 0, rate: 1 },
      transport: (mayWrite) => this.wire.transportFor({ life, boundary, aws, mayWrite }),
      client: createConnection({ life, boundary, time, collections, watches: new Set() }),
      clusterId,
      isReplica: false,
      flags: { workers: 32, logLevel: 'info', ...flags },
      metrics: this.metrics,
      random: this.random,
      onLog: () => undefined,
      onPass: (name) => this.notePass(name),
      onFailure: (error) => {
        throw error;
      },
      onExit: () => undefined,
    });
    this.running = { life, process };
  }

  /** The process dies at once. */
  kill(): void {
    if (this.running === undefined) return;
    this.running.life.isAlive = false;
    this.running.process.dispose();
    this.running = undefined;
  }

  create(index: number): void {
    const vpc = this.vpcOf(index);
    const privateDNS = this.hasPrivateDns && index % linksPerVpc === 0;
    const spec = {
      region,
      vpc: { id: vpc.id },
      subnets: { ids: vpc.subnetIds },
      endpoints: [
        { service: 'api', privateDNS },
        { service: 'runtime', privateDNS: false },
      ],
    };
    const { sweepInterval } = this;
    const metadata = { name: nameOf(index) };
    const apiVersion = 'sagemaker.privatelink.dev/v1alpha1';
    const sweep = sweepInterval === undefined ? {} : { sweepInterval };
    this.links.create({ apiVersion, kind, metadata, spec: { ...spec, ...sweep } });
  }

  /** Somebody deletes the endpoints of all links at AWS. */
  loseEndpoints(): void {
    const ec2 = this.aws.control.region(region);
    for (const { id } of ec2.endpoints()) ec2.run('DeleteVpcEndpoints', { 'VpcEndpointId.1': id });
  }

  /** A user adds an endpoint to a link. */
  addEndpoint(index: number, service: string): void {
    const link = this.links.get(nameOf(index));
    const spec = link.spec as SageMakerPrivateLink['spec'];
    const endpoints = [...spec.endpoints, { service, privateDNS: false }];
    this.links.replace(nameOf(index), { ...link, spec: { ...spec, endpoints } }, 'object');
  }

  /** Makes all links Ready with an AWS that takes any number of calls. */
  async prepare(links: number): Promise<void> {
    this.isThrottling = false;
    this.start({ awsCallRate: unlimited });
    for (let index = 0; index < links; index += 1) this.create(index);
    await this.until(() => this.readyCount === links, 3_600_000);
    // Everything that follows by itself has been done then.
    await this.pass(120_000);
    this.kill();
    this.isThrottling = true;
  }

  get readyCount(): number {
    return this.ready.size;
  }

  /** How many links have had a pass since the last reset. */
  get passedCount(): number {
    return this.passed.size;
  }

  /**
   * For each link that is Ready: how long AWS had been done with all of its endpoints when `Ready` became
   * True, in milliseconds of virtual time, the shortest first.
   */
  sinceAvailable(): readonly number[] {
    const endpoints = this.aws.control.region(region).endpoints();
    const availableAt = new Map(endpoints.map(({ id, pendingUntilMs }) => [id, pendingUntilMs]));
    const lags = [...this.ready].flatMap((name) => {
      const { status } = this.links.get(name) as unknown as SageMakerPrivateLink;
      const times = (status?.endpoints ?? []).map(({ id = '' }) => availableAt.get(id));
      const known = times.filter((time) => time !== undefined);
      const since = this.readySince.get(name);
      return since === undefined || known.length === 0 ? [] : [since - Math.max(...known)];
    });
    return lags.sort((one, other) => one - other);
  }

  /** @throws if it is not so within the time, in milliseconds of virtual time */
  async until(isSo: () => boolean, limitMs: number): Promise<void> {
    const endsAt = this.time.now() + limitMs;
    for (;;) {
      await this.settle();
      if (isSo()) return;
      const next = this.time.nextAt();
      if (next === undefined || next > endsAt) {
        throw new Error(`${this.readyCount} links are Ready after ${limitMs / 1000} s`);
      }
      this.time.step();
    }
  }

  async pass(ms: number): Promise<void> {
    let isOver = false;
    this.time.setTimer(() => (isOver = true), ms);
    await this.until(() => isOver, ms + 1);
  }

  private settle(): Promise<void> {
    return untilQuiet(this.boundary);
  }

  private vpcOf(index: number): { readonly id: string; readonly subnetIds: readonly string[] } {
    const number = Math.floor(index / linksPerVpc);
    const known = this.vpcs[number];
    if (known !== undefined) return known;
    const ec2 = this.aws.control.region(region);
    const block = `10.${number % 256}`;
    const { id } = ec2.createVpc({ cidr: `${block}.0.0/16`, enableDnsHostnames: true });
    const subnetIds = ['a', 'b', 'c'].map(
      (zone, third) =>
        ec2.createSubnet({ vpcId: id, zone: `${region}${zone}`, cidr: `${block}.${third}.0/24` })
          .id,
    );
    this.vpcs[number] = { id, subnetIds };
    return { id, subnetIds };
  }

  private simulatedAws(): SimulatedAws {
    const aws = createSimulatedAws(this.time, behaviour);
    const { limiter } = aws.engine;
    const take: NonNullable<typeof limiter>['take'] = (call) => {
      if (this.isThrottling) limiter?.take(call);
    };
    return { ...aws, engine: { ...aws.engine, limiter: { take } } };
  }

  private noteLink(type: string, { metadata, status }: SageMakerPrivateLink): void {
    const { name } = metadata;
    const isReady = status?.conditions?.some(
      (one) => one.type === 'Ready' && one.status === 'True',
    );
    if (type === 'DELETED' || isReady !== true) this.ready.delete(name);
    else if (!this.ready.has(name)) {
      this.ready.add(name);
      this.readySince.set(name, this.time.now());
    }
  }

  private noteCall({ to, name, isRead }: CallPoint): void {
    if (to !== 'kubernetes' || isRead) return;
    if (name.endsWith('events')) this.counts.events += 1;
    else this.counts.kubernetesWrites += 1;
    if (name.endsWith('/status')) this.counts.statusWrites += 1;
  }

  private notePass(name: string): void {
    this.counts.passes += 1;
    if (!this.rested.has(name)) this.counts.passesToReady += 1;
    if (this.ready.has(name)) this.rested.add(name);
    else this.rested.delete(name);
    this.passed.add(name);
  }
}

export function nameOf(index: number): string {
  return `bench-${String(index).padStart(5, '0')}`;
}

const unlimited = Object.fromEntries(
  [
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'RevokeSecurityGroupEgress',
    'CreateVpcEndpoint',
  ].map((action) => [`ec2:${action}`, { perSecond: 10_000, burst: 10_000 }]),
) as OperatorConfig['awsCallRate'];
