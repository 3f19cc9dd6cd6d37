/** A real API server with links on it, and the operator's part that writes their cluster policies. */
import { keptLink } from '../../../src/api/link-size.ts';
import {
  group,
  plural,
  type SageMakerPrivateLink,
  type SageMakerPrivateLinkSpec,
  version,
} from '../../../src/api/sagemaker-private-link.ts';
import { createClientLinks } from '../../../src/cluster/client-links.ts';
import { type ClusterClients, createClusterClients } from '../../../src/cluster/cluster-clients.ts';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import { createResourceClient } from '../../../src/kubernetes/client/resource-client.ts';
import { createWorkQueue } from '../../../src/kubernetes/queue/work-queue.ts';
import {
  createResourceWatch,
  type ResourceWatch,
} from '../../../src/kubernetes/watch/resource-watch.ts';
import type { ClusterPolicyResult } from '../../../src/plan/clients/status/clients-view.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { eventually } from '../../environment/eventually.ts';
import { clientLink, policyWith } from '../../unit/plan/clients/client-links.ts';
import { installKind, linksPath } from '../kind/install-kind.ts';
import { connect } from '../widgets.ts';

type Clients = NonNullable<SageMakerPrivateLinkSpec['clients']>;
type ClusterPolicy = NonNullable<Clients['clusterPolicy']>;

/** One request that changes something. */
export interface Write {
  readonly verb: string;
  readonly path: string;
}

export interface PolicyOnServer {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly specs?: readonly unknown[];
}

/** A running part of the operator. */
export interface RunningPolicies {
  /** Writes in their order, refused ones included. */
  readonly writes: readonly Write[];
  /** Links whose own pass was asked for. */
  readonly woken: Set<string>;
  resultOf(link: string): ClusterPolicyResult | undefined;
  isFree(link: string): boolean;
  /** Ends it where it is. */
  kill(): Promise<void>;
}

/** How long an operator that is started may live. */
export interface Life {
  /** It is killed when it has made so many writes. @default it lives on */
  readonly writes?: number;
}

export class PolicyCluster {
  readonly server: ApiServer;
  private readonly running = new Set<RunningPolicies>();

  private constructor(server: ApiServer) {
    this.server = server;
  }

  static async start(): Promise<PolicyCluster> {
    const server = await startApiServer();
    await installKind(server);
    return new PolicyCluster(server);
  }

  async stop(): Promise<void> {
    for (const one of this.running) await one.kill();
    await this.server.stop();
  }

  async run(life: Life = {}): Promise<RunningPolicies> {
    const started = await startPolicies(this.server.kubeconfig, life);
    this.running.add(started);
    return started;
  }

  /** A link with a cluster policy, in whose place namespaces get none. */
  async createLink(name: string, clusterPolicy: Partial<ClusterPolicy> = {}): Promise<void> {
    const policy = { flavor: 'Auto', priority: 50, others: 'Allow', ...clusterPolicy } as const;
    const { spec } = clientLink({
      name,
      clients: {
        namespaceSelector: { matchLabels: { team: name } },
        networkPolicy: policyWith({ namespaces: 'None' }),
        clusterPolicy: { namespacedPolicies: 'Omit', ...policy },
      },
    });
    const apiVersion = `${group}/${version}`;
    const vpc = { id: 'vpc-0a1b2c3d4e5f67890' };
    const finalizers = ['test.example/held'];
    const body = {
      apiVersion,
      kind: 'SageMakerPrivateLink',
      metadata: { name, finalizers },
      spec: { ...spec, vpc },
    };
    await this.request('POST', linksPath, body);
  }

  /** AWS shows the link's endpoint at these addresses; without any they are not known. */
  async showAddresses(name: string, addresses: readonly string[], more: object = {}) {
    const networkInterfaces = addresses.map((ipv4, n) => {
      return { id: `eni-${n}`, subnetId: `subnet-${n}`, zone: 'eu-west-1a', ipv4 };
    });
    const [endpoint] = clientLink().status?.endpoints ?? [];
    const status = {
      endpoints: [{ ...endpoint, networkInterfaces }],
      clients: { namespaces: 0, ready: 0, availableOnce: true, ...more },
    };
    await this.patch(`${linksPath}/${name}/status`, { status });
  }

  async patchLink(name: string, patch: object): Promise<void> {
    await this.patch(`${linksPath}/${name}`, patch);
  }

  async readLink(name: string): Promise<SageMakerPrivateLink> {
    const { body } = await this.server.request({ path: `${linksPath}/${name}` });
    return body as SageMakerPrivateLink;
  }

  async policies(path: string): Promise<readonly PolicyOnServer[]> {
    const { status, body } = await this.server.request({ path });
    if (status === 404) return [];
    return (body as { items: readonly PolicyOnServer[] }).items;
  }

  async patch(path: string, body: object): Promise<void> {
    await this.request('PATCH', path, body, 'application/merge-patch+json');
  }

  async request(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    contentType?: string,
  ): Promise<void> {
    const content = contentType === undefined ? {} : { contentType };
    const request = { method, path, ...(body === undefined ? {} : { body }), ...content };
    const answer = await this.server.request(request);
    if (answer.status > 201) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  }
}

async function startPolicies(kubeconfig: string, life: Life): Promise<RunningPolicies> {
  const end = new AbortController();
  const real = connect(kubeconfig);
  const writes: Write[] = [];
  const woken = new Set<string>();
  const client = recording(real, writes, life, () => end.abort(new Error('killed')));
  const clock = systemClock();
  const logger = silentLogger();
  const metrics = createMetrics({ processMetrics: false });
  const links = createResourceWatch<SageMakerPrivateLink>({
    resource: client.resource<SageMakerPrivateLink>({ group, version, plural, namespaced: false }),
    clock,
    random: Math.random,
    logger,
    keep: keptLink,
  });
  const clientLinks = createClientLinks(links);
  const queueOf = (name: string) => createWorkQueue({ name, clock, random: Math.random });
  const [queue, policyQueue] = [queueOf('namespace'), queueOf('clusterpolicy')];
  const clients = createClusterClients({
    client,
    links,
    clientLinks,
    queue,
    policyQueue,
    clock,
    random: Math.random,
    logger,
    metrics,
    mayAct: () => !end.signal.aborted,
    operatorNamespace: 'operators',
    onChange: (link) => void woken.add(link),
  });
  const work = [
    links.run(end.signal),
    clients.watch(end.signal),
    ...clients.controllers({ workers: 1 }).map((one) => one.run(end.signal)),
  ].map((one) => one.catch(() => undefined));
  return {
    writes,
    woken,
    resultOf: (name) => policyOf(clients, links, name),
    isFree: (name) => isFree(clients, links, name),
    async kill() {
      end.abort(new Error('killed'));
      queue.shutDown();
      policyQueue.shutDown();
      await Promise.all(work);
      await real.close();
    },
  };
}

function policyOf(
  clients: ClusterClients,
  links: ResourceWatch<SageMakerPrivateLink>,
  name: string,
): ClusterPolicyResult | undefined {
  const link = links.cache.get(name);
  const view = link && clients.viewOf(link);
  return view?.kind === 'Known' ? view.clusterPolicy : undefined;
}

/** Whether the finalizer of a link that goes may be taken off, as far as policies go. */
function isFree(
  clients: ClusterClients,
  links: ResourceWatch<SageMakerPrivateLink>,
  name: string,
): boolean {
  const result = policyOf(clients, links, name);
  return result?.basis === 'going' && result.state === 'Ready' && result.objects.length === 0;
}

/** The same client, which writes down what it changes, and whose process may die of it. */
function recording(real: ApiClient, writes: Write[], life: Life, die: () => void): ApiClient {
  const client: ApiClient = {
    ...real,
    resource: (type) => createResourceClient(client, type),
    async request(request, options) {
      const { verb, path } = request;
      if (verb === 'patch' || verb === 'delete') {
        if (life.writes !== undefined && writes.length >= life.writes) {
          die();
          throw new Error('killed');
        }
        writes.push({ verb, path });
      }
      return real.request(request, options);
    },
  };
  return client;
}

/** Waits until the policy of a link is as a test says. */
export async function policyThat(
  running: RunningPolicies,
  link: string,
  isSo: (result: ClusterPolicyResult) => boolean,
  withinMs = 30_000,
): Promise<ClusterPolicyResult> {
  return eventually(
    () => {
      const result = running.resultOf(link);
      if (result === undefined || !isSo(result)) throw new Error(JSON.stringify(result));
      return result;
    },
    { withinMs },
  );
}
