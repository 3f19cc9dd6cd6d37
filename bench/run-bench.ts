/** Measures what the shipped operator costs at AWS: its calls, its time and its memory. */
import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import { eventually } from '../test/environment/eventually.ts';
import {
  conditionOf,
  OperatorCluster,
  type OperatorProcess,
} from '../test/process/cluster/operator-cluster.ts';
import { type AwsBackend, type BackendName, startBackend } from './aws-backend.ts';
import { createLinkWorld } from './link-world.ts';
import { unlimitedRates } from './unlimited-rates.ts';
import { readMetrics } from '../test/process/cluster/operator-metrics.ts';

export interface BenchOptions {
  readonly links: number;
  readonly vpcs: number;
  readonly backend: BackendName;
  /** `published`: the operator's defaults. `off`: no call waits for its turn. */
  readonly awsRates: 'published' | 'off';
  /** How many sweeps of all links the steady state is watched for. */
  readonly sweeps: number;
  /** More arguments of the operator. */
  readonly operatorArguments?: readonly string[];
  readonly onPhase?: (name: PhaseName) => void;
}

export type PhaseName = 'create' | 'steady' | 'restart' | 'delete';

/** The cost of one phase. */
export interface Phase {
  readonly seconds: number;
  readonly awsCalls: number;
  readonly callsPerLink: number;
  readonly byAction: Readonly<Record<string, number>>;
}

export interface SteadyPhase extends Phase {
  /** How often each link was looked at. */
  readonly sweeps: number;
  readonly callsPerSweep: number;
  /** Links whose object changed although nothing happened: none should. */
  readonly objectsWritten: number;
}

export interface BenchResult {
  readonly links: number;
  readonly vpcs: number;
  readonly backend: BackendName;
  readonly awsRates: 'published' | 'off';
  readonly linksWithPrivateDns: number;
  readonly phases: {
    readonly create: Phase;
    readonly steady: SteadyPhase;
    readonly restart: Phase;
    readonly delete: Phase;
  };
  /** Resident memory of the operator process after the steady state. */
  readonly rssMiB: number;
  /** The operator's requests to the API server from its start to the end of the steady state. */
  readonly kubernetesRequests: Readonly<Record<string, number>>;
}

const sweepSeconds = 10;
const patience = { withinMs: 15 * 60_000, everyMs: 100 };

/** Runs all phases on a cluster and an AWS of its own. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const aws = await startBackend(options.backend);
  try {
    const cluster = await OperatorCluster.start(aws.url);
    try {
      return await new Bench(options, aws, cluster).run();
    } finally {
      await cluster.stop();
    }
  } finally {
    await aws.stop();
  }
}

class Bench {
  private readonly options: BenchOptions;
  private readonly aws: AwsBackend;
  private readonly cluster: OperatorCluster;

  constructor(options: BenchOptions, aws: AwsBackend, cluster: OperatorCluster) {
    this.options = options;
    this.aws = aws;
    this.cluster = cluster;
  }

  async run(): Promise<BenchResult> {
    const { links, vpcs, backend, awsRates } = this.options;
    const sweepInterval = `${sweepSeconds}s`;
    const world = await createLinkWorld(this.aws.url, { links, vpcs, sweepInterval });
    const first = await this.startOperator();
    const create = await this.phase('create', () => this.create(world.objects));
    const steady = await this.steady(first);
    const { rssMiB, kubernetesRequests } = await readMetrics(first);
    await first.stop();
    const restart = await this.phase('restart', () => this.restart());
    const remove = await this.phase('delete', () => this.remove());
    const phases = { create, steady, restart, delete: remove };
    const { linksWithPrivateDns } = world;
    return {
      links,
      vpcs,
      backend,
      awsRates,
      linksWithPrivateDns,
      phases,
      rssMiB,
      kubernetesRequests,
    };
  }

  /** The shipped paces, not the tests' faster ones: how often it polls is part of the cost. */
  private async startOperator(): Promise<OperatorProcess> {
    const { awsRates, operatorArguments = [] } = this.options;
    const paces = ['--poll=5s', '--consistency=10s', '--log-level=info'];
    const rates = awsRates === 'off' ? unlimitedRates : [];
    const operator = await this.cluster.startOperator({
      args: [...paces, ...rates, ...operatorArguments],
    });
    await operator.healthUrl();
    return operator;
  }

  private async phase(name: PhaseName, work: () => Promise<void>): Promise<Phase> {
    this.options.onPhase?.(name);
    this.aws.reset();
    const begun = performance.now();
    await work();
    const actions = this.aws.actions();
    return {
      seconds: rounded((performance.now() - begun) / 1000),
      awsCalls: actions.length,
      callsPerLink: rounded(actions.length / this.options.links),
      byAction: countsOf(actions),
    };
  }

  private async create(objects: readonly object[]): Promise<void> {
    await this.cluster.apply({ apiVersion: 'v1', kind: 'List', items: objects });
    await eventually(async () => {
      const links = await this.links();
      const ready = links.filter((link) => conditionOf(link, 'Ready')?.status === 'True').length;
      if (ready < objects.length) throw new Error(`${ready} of ${objects.length} links are ready`);
    }, patience);
  }

  private async steady(operator: OperatorProcess): Promise<SteadyPhase> {
    const { links, sweeps } = this.options;
    const before = await this.versions();
    const begunAt = (await readMetrics(operator)).passes;
    let passes = 0;
    const phase = await this.phase('steady', () =>
      eventually(async () => {
        passes = (await readMetrics(operator)).passes - begunAt;
        if (passes < links * sweeps) throw new Error(`${passes} passes were made`);
      }, patience),
    );
    const after = await this.versions();
    const objectsWritten = [...after].filter(([name, version]) => before.get(name) !== version);
    return {
      ...phase,
      sweeps: rounded(passes / links),
      callsPerSweep: rounded((phase.awsCalls * links) / passes),
      objectsWritten: objectsWritten.length,
    };
  }

  /** From the start of a new process until it has looked at every link. */
  private async restart(): Promise<void> {
    const operator = await this.startOperator();
    await eventually(async () => {
      const { passes } = await readMetrics(operator);
      if (passes < this.options.links) throw new Error(`${passes} passes were made`);
    }, patience);
  }

  private async remove(): Promise<void> {
    await this.cluster.kubectlOrThrow(['delete', 'smpl', '--all', '--wait=false']);
    await eventually(async () => {
      const { length } = await this.links();
      if (length > 0) throw new Error(`${length} links are still there`);
    }, patience);
  }

  private async links(): Promise<readonly SageMakerPrivateLink[]> {
    const { body } = await this.cluster.server.request({
      path: '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks',
    });
    return (body as { items: readonly SageMakerPrivateLink[] }).items;
  }

  private async versions(): Promise<ReadonlyMap<string, string | undefined>> {
    const links = await this.links();
    return new Map(links.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
  }
}

function countsOf(actions: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const action of [...actions].sort()) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
