/** One run: a world, a cluster, processes of the operator, faults, and everything that is checked. */
import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import { kind, plural } from '../src/api/sagemaker-private-link.ts';
import { createBoundary, type Boundary } from './boundary.ts';
import { createConnection } from './cluster/api-connection.ts';
import { type Collection, createCollection, type StoredObject } from './cluster/api-server.ts';
import { type ClientCluster, createClientCluster } from './cluster/client-cluster.ts';
import type { Kubelet } from './cluster/kubelet.ts';
import { startKubelet } from './cluster/pod-network.ts';
import { createShardLeases, nameOfHeir, type ShardLeases } from './cluster/shard-leases.ts';
import type { OperatorConfig } from '../src/operator/operator-config.ts';
import type { CallPoint, FaultKind } from './faults.ts';
import { defaultedLink } from './links.ts';
import type { KubernetesEvent } from '../src/kubernetes/events/event.ts';
import { type OperatorProcess, startOperator } from './operator-process.ts';
import { createWatcher, type Watcher } from './oracles/watcher.ts';
import type { Violation } from './oracles/violation.ts';
import { newLife, type ProcessLife } from './process-life.ts';
import { createMetrics, type Metrics } from '../src/telemetry/metrics.ts';
import { seededRandom } from '../test/model/seeded-random.ts';
import { untilQuiet } from './quiet.ts';
import { type ClockSkew, createVirtualTime, type VirtualTime } from './virtual-time.ts';
import { type AwsWire, createAwsWire } from './world/aws-wire.ts';
import { clusterId, createSurroundings, region, type Surroundings } from './world/foreign.ts';
import { type AwsBehaviour, createSimulatedAws, type SimulatedAws } from './world/simulated-aws.ts';

export interface RunOptions {
  readonly aws?: AwsBehaviour;
  /** Which fault strikes a call of the phase that is numbered. */
  readonly faultAt?: (point: CallPoint) => FaultKind | undefined;
  /** How long after its death a process has a successor. @default 3000 */
  readonly restartMs?: number;
  readonly seed?: number;
  /** Replicas that share the work. @default one process without a lease */
  readonly replicas?: number;
  /** How the clocks of the n-th process that is started, counted from 0, are off. @default not */
  readonly skewOf?: (n: number) => Partial<ClockSkew>;
  /** Flags of the operator that are not at their defaults. */
  readonly flags?: Partial<OperatorConfig>;
}

/** The parts that runs share, because making them is slow. It keeps nothing of a run. */
export interface RunKit {
  readonly wire: AwsWire;
  readonly metrics: Metrics;
}

export function createRunKit(): RunKit {
  return { wire: createAwsWire(region), metrics: createMetrics({ processMetrics: false }) };
}

/** A world with an operator in it. */
export class Run {
  readonly time: VirtualTime = createVirtualTime();
  readonly aws: SimulatedAws;
  readonly surroundings: Surroundings;
  readonly links: Collection;
  readonly cluster: ClientCluster;
  readonly kubelet: Kubelet;
  readonly watcher: Watcher;
  readonly boundary: Boundary;
  private readonly kit: RunKit;
  private readonly options: RunOptions;
  private readonly random: () => number;
  private readonly events: Collection;
  private readonly leases: Collection;
  private readonly shardLeases: ShardLeases;
  private readonly processes = new Map<ProcessLife, OperatorProcess>();
  private readonly watches = new Set<() => void>();
  private readonly skews = new Map<string, ClockSkew>();
  private readonly everStarted: OperatorProcess[] = [];
  private started = 0;
  private isStriking = false;
  private pendingRestarts = 0;

  constructor(kit: RunKit, options: RunOptions = {}) {
    this.kit = kit;
    this.options = options;
    this.random = seededRandom(options.seed ?? 1);
    this.aws = createSimulatedAws(this.time, options.aws);
    this.surroundings = createSurroundings(this.aws);
    const wallTime = (): Date => new Date(this.time.now());
    this.links = createCollection({
      wallTime,
      withDefaults: defaultedLink,
      onWrite: (object, former, part) =>
        this.watcher.noteObject(object, former, part, this.time.now()),
    });
    this.events = createCollection({
      wallTime,
      withDefaults: (object) => object,
    });
    this.leases = createCollection({ wallTime, withDefaults: (object) => object });
    this.shardLeases = createShardLeases(this.leases);
    this.cluster = createClientCluster(wallTime);
    this.kubelet = startKubelet(this.cluster, this.aws, this.time);
    this.watcher = createWatcher({
      aws: this.aws,
      links: this.links,
      cluster: this.cluster,
      kubelet: this.kubelet,
      events: this.events,
      ...(options.replicas === undefined ? {} : { owners: this.shardLeases }),
      now: () => this.time.now(),
    });
    this.boundary = createBoundary({
      time: this.time,
      faultAt: (point) => (this.isStriking ? options.faultAt?.(point) : undefined),
      onCrash: (life) => this.buried(life),
      onTerminate: (life) => this.terminate(life),
      onJoin: () => this.join(),
      onUnlease: ({ name }) => this.shardLeases.deleteOf(name),
      onCall: (point) => this.watcher.noteCall(point, this.time.now()),
      onEffect: (point, verdict) => this.watcher.noteEffect(point, verdict),
    });
    for (let count = 0; count < (options.replicas ?? 1); count += 1) this.startProcess();
  }

  /**
   * From here on calls are numbered from 1 and meet their faults. The server ends the watches, as it
   * does from time to time, so that those which are opened next are among the calls.
   */
  beginStriking(): void {
    for (const end of this.watches) end();
    this.boundary.restartNumbering();
    this.isStriking = true;
  }

  endStriking(): void {
    this.isStriking = false;
  }

  /** All processes die at once, and one new process starts. */
  restart(): void {
    this.killAll();
    this.startProcess();
  }

  /** All processes die at once, and none takes over. */
  killAll(): void {
    for (const life of this.processes.keys()) {
      life.isAlive = false;
      this.processes.delete(life);
    }
  }

  /** The owner of the place; empty for nobody. */
  owner(): string {
    return this.shardLeases.ownerOfPlace() ?? '';
  }

  /** The process that works in the place dies, and none is started for it. @returns its name */
  killOwner(): string {
    const owner = this.owner();
    for (const life of this.processes.keys()) {
      if (life.name !== owner) continue;
      life.isAlive = false;
      this.processes.delete(life);
    }
    return owner;
  }

  /** A rollout: for each process a new one is started, and the old one is asked to end. */
  async rollOut(pauseMs: number): Promise<void> {
    const former = [...this.processes.keys()];
    for (const life of former) {
      this.terminate(life);
      await this.pass(pauseMs);
    }
  }

  /** Another process starts, and gets everything that the others have. */
  join(): void {
    const others = [...this.processes.keys()].map(({ name }) => name);
    this.startProcess(nameOfHeir(`operator-${this.started + 1}`, others));
  }

  startProcess(name = `operator-${this.started + 1}`): void {
    const { time, boundary, aws } = this;
    const life = newLife(name);
    const skew = { wallMs: 0, rate: 1, ...this.options.skewOf?.(this.started) };
    this.skews.set(life.name, skew);
    const own = { [plural]: this.links, events: this.events, leases: this.leases };
    const collections = { ...own, ...this.cluster.collections };
    const process = startOperator({
      life,
      time,
      skew,
      transport: (mayWrite) => this.kit.wire.transportFor({ life, boundary, aws, mayWrite }),
      client: createConnection({
        life,
        boundary,
        time,
        collections,
        discovery: (groupVersion) => this.cluster.discovery(groupVersion),
        watches: this.watches,
      }),
      clusterId,
      isReplica: this.options.replicas !== undefined,
      flags: this.options.flags ?? {},
      metrics: this.kit.metrics,
      random: this.random,
      onLog: (line) => this.watcher.noteLog(line),
      onPass: (name) => this.watcher.notePass(name),
      onFailure: (error) => {
        if (life.isAlive) this.watcher.noteFailure(error);
      },
      onExit: () => this.exited(life),
    });
    this.watcher.noteStart();
    this.started += 1;
    this.everStarted.push(process);
    this.processes.set(life, process);
  }

  create(name: string, spec: unknown, annotations?: Readonly<Record<string, string>>): void {
    const apiVersion = 'sagemaker.privatelink.dev/v1alpha1';
    const metadata = { name, ...(annotations === undefined ? {} : { annotations }) };
    this.links.create({ apiVersion, kind, metadata, spec });
  }

  /** Merges into the spec, as `kubectl patch` does. */
  update(name: string, spec: unknown): void {
    this.links.patch(name, { spec }, 'object');
  }

  /** Puts another spec in the place of the one that is there. */
  replaceSpec(name: string, spec: unknown): void {
    const former = this.links.get(name);
    this.links.replace(name, defaultedLink({ ...former, spec }) as StoredObject, 'object');
  }

  delete(name: string): void {
    this.links.delete(name);
  }

  /** The object is gone without the operator: a restore, or a finalizer that was taken off by hand. */
  loseObject(name: string): void {
    this.watcher.isLooking = false;
    this.links.patch(name, { metadata: { finalizers: null } }, 'object');
    this.links.delete(name);
    this.watcher.isLooking = true;
  }

  /** Whether an event of a reason is about the object of a name. */
  hasTold(reason: string, name: string): boolean {
    const events = this.events.list() as readonly unknown[] as readonly KubernetesEvent[];
    return events.some((one) => one.reason === reason && one.regarding.name === name);
  }

  link(name: string): SageMakerPrivateLink | undefined {
    return this.allLinks().find(({ metadata }) => metadata.name === name);
  }

  allLinks(): readonly SageMakerPrivateLink[] {
    return this.links.list() as unknown as readonly SageMakerPrivateLink[];
  }

  /** Somebody writes the status: a restored backup, an older version, a forger. */
  writeStatus(name: string, status: object | null): void {
    this.watcher.isLooking = false;
    this.links.patch(name, { status }, 'status');
    this.watcher.isLooking = true;
  }

  /** The process that works in the place, if one does, cannot reach the API server for a while; AWS it can. */
  cutOffOwner(ms: number): void {
    const owner = this.owner();
    const process = [...this.processes.keys()].find(({ name }) => name === owner);
    if (process !== undefined) process.cutOffUntilMs = this.time.now() + ms;
  }

  /** Wall clocks jump, as after a correction by NTP: all, or those of the machines that have no place. */
  jumpWallClocks(ms: number, whose: 'all' | 'others' = 'all'): void {
    const owner = whose === 'others' ? this.owner() : undefined;
    for (const [name, skew] of this.skews) {
      if (name !== owner) skew.wallMs += ms;
    }
  }

  get ec2(): ReturnType<SimulatedAws['control']['region']> {
    return this.aws.control.region(region);
  }

  get iam(): ReturnType<SimulatedAws['control']['account']> {
    return this.aws.control.account();
  }

  /** Runs until everything rests, at most `limitMs` of virtual time. False if it never does. */
  async rest(limitMs = 3 * 3_600_000): Promise<boolean> {
    const until = this.time.now() + limitMs;
    this.watcher.beginPhase(this.time.now());
    const resting = (): boolean =>
      this.pendingRestarts === 0 && this.watcher.isAtRest(this.time.now());
    return this.until(resting, until);
  }

  /** Runs for a length of virtual time. */
  async pass(ms: number): Promise<void> {
    const until = this.time.now() + ms;
    let isOver = false;
    this.time.setTimer(() => (isOver = true), ms);
    await this.until(() => isOver, until + 1);
  }

  /** Runs until something is so. False if the time is over first, or the operator runs wild. */
  async until(isSo: () => boolean, untilMs: number): Promise<boolean> {
    for (;;) {
      await this.settle();
      if (isSo()) return true;
      if (this.watcher.isWild()) return false;
      const next = this.time.nextAt();
      if (next === undefined || next > untilMs) return false;
      this.time.step();
    }
  }

  /** Everything that was found wrong so far. */
  violations(): readonly Violation[] {
    return this.watcher.violations();
  }

  /** Ends the run: no process works any more. */
  close(): void {
    for (const life of this.processes.keys()) life.isAlive = false;
    for (const process of this.everStarted) process.dispose();
  }

  /** Lets everything happen that needs no time. */
  private settle(): Promise<void> {
    return untilQuiet(this.boundary, () => this.watcher.isWild());
  }

  private buried(life: ProcessLife): void {
    this.processes.delete(life);
    this.pendingRestarts += 1;
    this.time.setTimer(() => {
      this.pendingRestarts -= 1;
      this.startProcess();
    }, this.options.restartMs ?? 3_000);
  }

  /** SIGTERM to a process; the Deployment starts another one first. */
  private terminate(life: ProcessLife): void {
    const process = this.processes.get(life);
    if (process === undefined) return;
    this.processes.delete(life);
    this.startProcess();
    process.terminate();
  }

  private exited(life: ProcessLife): void {
    life.isAlive = false;
    if (this.processes.has(life)) this.buried(life);
  }
}
