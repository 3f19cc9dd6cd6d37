/** Measures a burst of edits of all links on a real API server, with the memory that is shipped. */
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../../test/environment/eventually.ts';
import {
  conditionOf,
  type OperatorCluster,
  type OperatorProcess,
} from '../../test/process/cluster/operator-cluster.ts';
import { shippedMemory } from '../../test/environment/shipped-memory.ts';
import { quickAws } from '../../test/process/cluster/quick-aws.ts';
import { createLinkWorld } from '../link-world.ts';
import { withOwnCluster } from '../own-cluster.ts';
import { unlimitedRates } from '../unlimited-rates.ts';
import { type Write, writeAll } from './api-writer.ts';
import {
  loggedAfterMs,
  type Memory,
  memoryOf,
  type Peaks,
  ProcessObserver,
} from './process-figures.ts';

export interface BurstBenchOptions {
  readonly links: number;
  /** The program that runs the operator, such as that of the image's version. @default the one on the PATH */
  readonly node?: string;
  /** More options of that program, such as `--cpu-prof`. */
  readonly nodeOptions?: string;
  readonly onPhase?: (name: string) => void;
  /** Called with the figures of each phase as it ends: a later one may not. */
  readonly onFigures?: (name: string, figures: BurstPhase) => void;
}

/** The cost of one phase, and the worst that was seen in it. */
export interface BurstPhase extends Peaks {
  readonly seconds: number;
  readonly awsCallsPerLink: number;
  readonly awsCalls: Readonly<Record<string, number>>;
  readonly kubernetesRequestsPerLink: number;
  readonly kubernetesWrites: number;
  readonly cpuMsPerLink: number;
  readonly passes: number;
  readonly cpuMsPerPass: number;
  readonly eventsDropped: number;
  readonly eventsJoined: number;
}

export interface BurstBenchResult {
  readonly links: number;
  /** Of objects that live long, as in the image. */
  readonly heapMiB: number;
  readonly create: BurstPhase;
  /** Two sweeps of all links in which nothing has changed. */
  readonly idle: BurstPhase & { readonly after: Memory };
  /** From the first edit until every link is ready with its new spec. */
  readonly burst: BurstPhase;
  /** From then until the last event is written. */
  readonly events: { readonly seconds: number; readonly objects: number };
  readonly restart: BurstPhase & { readonly firstPassMs: number };
}

const stallProbe = join(import.meta.dirname, 'stall-probe.mjs');
const sweepSeconds = 30;
/** The kind's default. */
const idleSweepSeconds = 60;
/** A machine that is busy with the API server and AWS as well must not end the measurement. */
const longLease = ['--lease-duration=120s', '--renew-deadline=90s'];
const patience = { withinMs: 30 * 60_000, everyMs: 2_000 };
const linksPath = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks';
const eventsPath = '/apis/events.k8s.io/v1/namespaces/default/events';
/** AWS lets a VPC have 50 endpoints, and a link has two. */
const linksPerVpc = 25;

/** Runs all phases on a cluster and a simulated AWS of its own. Throws when the operator does not survive one. */
export async function runBurstBench(options: BurstBenchOptions): Promise<BurstBenchResult> {
  return withOwnCluster({ ...quickAws, pendingMs: 2_000 }, (simulator, cluster) =>
    new BurstBench(options, simulator, cluster).run(),
  );
}

/** The cost of many links at which nothing happens, with the memory that is shipped. */
export interface IdleBenchResult {
  readonly links: number;
  readonly heapMiB: number;
  /** A new process confirms that all links are as they should be. */
  readonly restart: BurstPhase & { readonly firstPassMs: number };
  /** Two sweeps of all links. */
  readonly idle: BurstPhase & { readonly after: Memory };
}

/** Makes links with memory enough, and measures a process that finds them made. Throws when it does not survive. */
export async function runIdleBench(options: BurstBenchOptions): Promise<IdleBenchResult> {
  return withOwnCluster({ ...quickAws, pendingMs: 2_000 }, (simulator, cluster) =>
    new BurstBench(options, simulator, cluster).runIdle(),
  );
}

class BurstBench {
  private readonly options: BurstBenchOptions;
  private readonly simulator: Simulator;
  private readonly cluster: OperatorCluster;

  constructor(options: BurstBenchOptions, simulator: Simulator, cluster: OperatorCluster) {
    this.options = options;
    this.simulator = simulator;
    this.cluster = cluster;
  }

  async run(): Promise<BurstBenchResult> {
    const { links } = this.options;
    const vpcs = Math.ceil(links / linksPerVpc);
    const sweepInterval = `${sweepSeconds}s`;
    const world = await createLinkWorld(this.simulator.url, { links, vpcs, sweepInterval });
    const first = await this.startOperator('first');
    const observer = this.observerOf(first, 'first');
    const create = await this.phase('create', observer, () => this.create(world.objects));
    await sleep(sweepSeconds * 1000);
    const idle = await this.phase('idle', observer, () => sleep(2 * sweepSeconds * 1000));
    const after = await memoryOf(first);
    const editedAt = Date.now();
    const burst = await this.phase('burst', observer, () => this.editAll());
    const events = await this.eventsSince(editedAt, observer);
    await observer.stop();
    await first.stop();
    const { restart } = await this.restart();
    const { oldSpaceMiB: heapMiB } = await shippedMemory();
    const result = { links, heapMiB, create };
    return { ...result, idle: { ...idle, after }, burst, events, restart };
  }

  async runIdle(): Promise<IdleBenchResult> {
    const { links } = this.options;
    const vpcs = Math.ceil(links / linksPerVpc);
    const sweepInterval = `${idleSweepSeconds}s`;
    const world = await createLinkWorld(this.simulator.url, { links, vpcs, sweepInterval });
    const first = await this.startOperator('first', { hasRoom: true });
    const observer = this.observerOf(first, 'first');
    await this.phase('create', observer, () => this.create(world.objects));
    await observer.stop();
    await first.stop();
    const { restart, idle } = await this.restart({ sweeps: 2 });
    if (idle === undefined) throw new Error('no sweeps were measured');
    const { oldSpaceMiB: heapMiB } = await shippedMemory();
    return { links, heapMiB, restart, idle };
  }

  private async startOperator(
    name: string,
    { args = [], hasRoom = false }: { readonly args?: readonly string[]; hasRoom?: boolean } = {},
  ): Promise<OperatorProcess> {
    const { node, nodeOptions = '' } = this.options;
    const path = process.env['PATH'] ?? '';
    const shipped = (await shippedMemory()).env;
    const options = [hasRoom ? '' : shipped['NODE_OPTIONS'], `--import=${stallProbe}`, nodeOptions];
    const env = {
      ...shipped,
      NODE_OPTIONS: options.join(' ').trim(),
      BENCH_STALLS: this.stallsFileOf(name),
      ...(node === undefined ? {} : { PATH: `${dirname(node)}:${path}` }),
    };
    const paces = ['--poll=5s', '--consistency=10s', '--log-level=info', ...unlimitedRates];
    return this.cluster.startOperator({ args: [...paces, ...longLease, ...args], env });
  }

  private stallsFileOf(name: string): string {
    return join(this.cluster.server.folder, `stalls-${name}`);
  }

  private observerOf(operator: OperatorProcess, name: string): ProcessObserver {
    return new ProcessObserver(operator, this.stallsFileOf(name));
  }

  private async phase(
    name: string,
    observer: ProcessObserver,
    work: () => Promise<void>,
  ): Promise<BurstPhase> {
    this.options.onPhase?.(name);
    const { links } = this.options;
    const before = await observer.scrape();
    await observer.takePeaks();
    this.simulator.resetCalls();
    const begun = performance.now();
    await Promise.race([work(), observer.endOfProcess(name)]);
    const seconds = (performance.now() - begun) / 1000;
    const now = await observer.scrape();
    const awsCalls = this.simulator.callCounts();
    const calls = Object.values(awsCalls).reduce((sum, one) => sum + one, 0);
    const passes = now.passes - before.passes;
    const cpuMs = (now.cpuSeconds - before.cpuSeconds) * 1000;
    const figures = {
      ...(await observer.takePeaks()),
      seconds: rounded(seconds),
      awsCallsPerLink: rounded(calls / links),
      awsCalls,
      kubernetesRequestsPerLink: rounded(
        (now.kubernetesRequests - before.kubernetesRequests) / links,
      ),
      kubernetesWrites: now.kubernetesWrites - before.kubernetesWrites,
      cpuMsPerLink: rounded(cpuMs / links),
      passes,
      cpuMsPerPass: rounded(cpuMs / Math.max(passes, 1)),
      eventsDropped: now.eventsDropped - before.eventsDropped,
      eventsJoined: now.eventsJoined - before.eventsJoined,
    };
    this.options.onFigures?.(name, figures);
    return figures;
  }

  private async create(objects: readonly object[]): Promise<void> {
    const { server } = this.cluster;
    await writeAll(
      server,
      objects.map((body) => ({ method: 'POST', path: linksPath, body })),
    );
    await this.allReady(1);
  }

  /** Tags are of three resources of each link. */
  private async editAll(): Promise<void> {
    const body = { spec: { tags: { costCenter: 'burst' } } };
    const writes = (await this.links()).map(({ metadata: { name } }): Write => {
      return { method: 'PATCH', path: `${linksPath}/${name}`, body };
    });
    await writeAll(this.cluster.server, writes);
    await this.allReady(2);
  }

  private async allReady(generation: number): Promise<void> {
    await eventually(async () => {
      const links = await this.links();
      const waiting = links.filter((link) => !isReady(link, generation)).length;
      if (waiting > 0) throw new Error(`${waiting} of ${links.length} links are not ready`);
    }, patience);
  }

  /** Waits until no event has been written for a while. */
  private async eventsSince(
    editedAt: number,
    observer: ProcessObserver,
  ): Promise<BurstBenchResult['events']> {
    this.options.onPhase?.('events');
    const quietMs = 5_000;
    let writes = -1;
    await eventually(
      async () => {
        const { kubernetesWrites } = await observer.scrape();
        const before = writes;
        writes = kubernetesWrites;
        // A renewed lease is a write too, one in two seconds.
        if (writes - before > quietMs / 1000) throw new Error('events are written');
      },
      { ...patience, everyMs: quietMs },
    );
    const { body } = await this.cluster.server.request({ path: eventsPath });
    const { items } = body as { readonly items: readonly { readonly eventTime: string }[] };
    const objects = items.filter(({ eventTime }) => Date.parse(eventTime) >= editedAt).length;
    return { seconds: rounded((Date.now() - editedAt) / 1000), objects };
  }

  private async restart({ sweeps = 0 } = {}): Promise<{
    readonly restart: BurstBenchResult['restart'];
    readonly idle?: IdleBenchResult['idle'];
  }> {
    const { links } = this.options;
    this.simulator.resetCalls();
    const startedAt = Date.now();
    const second = await this.startOperator('second', { args: ['--log-level=debug'] });
    const observer = this.observerOf(second, 'second');
    await second.healthUrl();
    const phase = await this.phase('restart', observer, () =>
      eventually(
        async () => {
          const { passes } = await observer.scrape();
          if (passes < links) throw new Error(`${passes} passes were made`);
        },
        { ...patience, everyMs: 100 },
      ),
    );
    const seconds = rounded((Date.now() - startedAt) / 1000);
    const firstPassMs = await loggedAfterMs(second, 'pass ended', startedAt);
    const restart = { ...phase, seconds, firstPassMs };
    const idle = async (): Promise<IdleBenchResult['idle']> => ({
      ...(await this.phase('idle', observer, () => sleep(sweeps * idleSweepSeconds * 1000))),
      after: await memoryOf(second),
    });
    const result = sweeps === 0 ? { restart } : { restart, idle: await idle() };
    await observer.stop();
    await second.stop();
    return result;
  }

  private async links(): Promise<readonly SageMakerPrivateLink[]> {
    const { body } = await this.cluster.server.request({ path: linksPath });
    return (body as { items: readonly SageMakerPrivateLink[] }).items;
  }
}

function isReady(link: SageMakerPrivateLink, generation: number): boolean {
  const { status } = link;
  return (
    conditionOf(link, 'Ready')?.status === 'True' && (status?.observedGeneration ?? 0) >= generation
  );
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
