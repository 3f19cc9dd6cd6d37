/** Measures namespaces as clients of one link: a real API server, the shipped operator, a simulated AWS. */
import { join } from 'node:path';
import pMap from 'p-map';
import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../src/simulator/control/region-control.ts';
import { eventually } from '../test/environment/eventually.ts';
import type { OperatorCluster, OperatorProcess } from '../test/process/cluster/operator-cluster.ts';
import { readMetrics } from '../test/process/cluster/operator-metrics.ts';
import { quickAws, unlimitedEndpoints } from '../test/process/cluster/quick-aws.ts';
import { sampleLink } from '../test/process/cluster/sample-link.ts';
import { withOwnCluster } from './own-cluster.ts';
import { type ArrivalTimes, watchArrivals } from './watch-arrivals.ts';

export interface ClientsBenchOptions {
  /** Namespaces that the link selects from its beginning. */
  readonly namespaces: number;
  /** Namespaces that are created at one moment when all others are configured. */
  readonly burst: number;
  readonly onPhase?: (name: string) => void;
}

/** The cost until every selected namespace had its objects. */
export interface ClientsPhase {
  readonly seconds: number;
  readonly writesPerNamespace: number;
  /** Requests of the operator to the API server that are no writes; watches are counted once. */
  readonly reads: number;
}

export interface ClientsBenchResult {
  readonly namespaces: number;
  /** From the link's creation, its endpoints' creation at AWS included. */
  readonly configure: ClientsPhase;
  /** From the loss of one endpoint at AWS, its repair included. */
  readonly addressChange: ClientsPhase;
  /** From a namespace's creation until it has its ConfigMap and its policy, in ms. */
  readonly burst: { readonly namespaces: number; readonly p50Ms: number; readonly p99Ms: number };
  /** Resident memory of the operator process at the end. */
  readonly rssMiB: number;
}

const label = { ml: 'true' };
const linkName = 'bench';
const patience = { withinMs: 15 * 60_000, everyMs: 100 };
const component = join(import.meta.dirname, '../deploy/components/clients/roles.yaml');

/** Runs all phases on a cluster and a simulated AWS of its own. */
export async function runClientsBench(options: ClientsBenchOptions): Promise<ClientsBenchResult> {
  return withOwnCluster(quickAws, (simulator, cluster) =>
    new ClientsBench(options, cluster, simulator.world.region('us-east-1')).run(),
  );
}

class ClientsBench {
  private readonly options: ClientsBenchOptions;
  private readonly cluster: OperatorCluster;
  private readonly region: RegionControl;

  constructor(options: ClientsBenchOptions, cluster: OperatorCluster, region: RegionControl) {
    this.options = options;
    this.cluster = cluster;
    this.region = region;
  }

  async run(): Promise<ClientsBenchResult> {
    const { namespaces } = this.options;
    await this.cluster.kubectlOrThrow(['apply', '-f', component]);
    await this.createNamespaces('ml', namespaces);
    const operator = await this.cluster.startOperator({
      args: ['--clients', unlimitedEndpoints, '--log-level=info'],
    });
    const configure = await this.phase('configure', operator, () => this.configure());
    const addressChange = await this.phase('address change', operator, () => this.moveEndpoint());
    const burst = await this.burst();
    const { rssMiB } = await readMetrics(operator);
    return { namespaces, configure, addressChange, burst, rssMiB };
  }

  private async createNamespaces(prefix: string, count: number): Promise<ArrivalTimes> {
    const created = new Map<string, number>();
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    const create = async (name: string) => {
      created.set(name, performance.now());
      const { status } = await this.cluster.server.request({
        method: 'POST',
        path: '/api/v1/namespaces',
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: label } },
      });
      if (status !== 201) throw new Error(`namespace ${name} was not created: ${status}`);
    };
    await pMap(names, create, { concurrency: 32 });
    return created;
  }

  private async phase(
    name: string,
    operator: OperatorProcess,
    work: () => Promise<void>,
  ): Promise<ClientsPhase> {
    this.options.onPhase?.(name);
    const before = (await readMetrics(operator)).kubernetesRequests;
    const begun = performance.now();
    await work();
    const seconds = (performance.now() - begun) / 1000;
    const after = (await readMetrics(operator)).kubernetesRequests;
    const added = (method: string) => (after[method] ?? 0) - (before[method] ?? 0);
    const writes = ['POST', 'PUT', 'PATCH', 'DELETE'].reduce((sum, one) => sum + added(one), 0);
    return {
      seconds: rounded(seconds),
      writesPerNamespace: rounded(writes / this.options.namespaces),
      reads: added('GET'),
    };
  }

  private async configure(): Promise<void> {
    await this.cluster.apply(
      sampleLink(this.region, linkName, {
        clients: {
          namespaceSelector: { matchLabels: label },
          configMap: { name: 'sagemaker' },
          networkPolicy: { podSelector: {} },
        },
      }),
    );
    await this.allConfigured(() => true);
  }

  private async moveEndpoint(): Promise<void> {
    const before = await this.link();
    const [victim] = before.status?.endpoints ?? [];
    this.region.deleteEndpoint(victim?.id ?? '');
    await this.cluster.lookNow(linkName);
    await this.allConfigured((link) => link.status?.endpoints?.[0]?.id !== victim?.id);
  }

  private async allConfigured(isNews: (link: SageMakerPrivateLink) => boolean): Promise<void> {
    const { namespaces } = this.options;
    await eventually(async () => {
      const link = await this.link();
      const { ready = 0 } = link.status?.clients ?? {};
      const isTrue = link.status?.conditions?.some(
        ({ type, status }) => type === 'ClientsConfigured' && status === 'True',
      );
      if (!isTrue || ready < namespaces || !isNews(link)) {
        throw new Error(`${ready} of ${namespaces} namespaces are configured`);
      }
    }, patience);
  }

  private async link(): Promise<SageMakerPrivateLink> {
    const path = `/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks/${linkName}`;
    return (await this.cluster.server.request({ path })).body as SageMakerPrivateLink;
  }

  private async burst(): Promise<ClientsBenchResult['burst']> {
    const { burst, onPhase } = this.options;
    onPhase?.('burst');
    const { kubeconfig } = this.cluster.server;
    const watches = await Promise.all(
      ['configmaps', 'networkpolicies'].map((resource) => watchArrivals(kubeconfig, resource)),
    );
    try {
      const created = await this.createNamespaces('burst', burst);
      await eventually(async () => {
        const waiting = [...created.keys()].filter((name) =>
          watches.some(({ times }) => !times.has(name)),
        );
        if (waiting.length > 0) throw new Error(`${waiting.length} namespaces wait`);
      }, patience);
      const served = (name: string) =>
        Math.max(...watches.map(({ times }) => times.get(name) ?? 0));
      const tookMs = [...created].map(([name, at]) => served(name) - at).sort((a, b) => a - b);
      const quantile = (part: number) =>
        Math.round(tookMs[Math.ceil(part * tookMs.length) - 1] ?? 0);
      return { namespaces: burst, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
    } finally {
      for (const watch of watches) watch.stop();
    }
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
