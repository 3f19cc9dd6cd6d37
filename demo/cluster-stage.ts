import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AnyNetworkPolicy } from '../src/plan/clients/audit/reachable.ts';
import { OperatorCluster, type OperatorProcess } from '../test/process/cluster/operator-cluster.ts';
import type { ClientPod } from './client-pod.ts';
import type { LinkManifest, LinkWithStatus, PolicyObject, Stage } from './stage.ts';

const rightsOfClients = join(import.meta.dirname, '../deploy/components/clients/roles.yaml');

/** One process at a time works here: its successor need not wait until its lease runs out. */
const operatorArguments = ['--clients', '--no-leader-elect'];

/** The shipped operator as a process, on a real API server with the manifests of `deploy/`. */
export class ClusterStage implements Stage {
  readonly description = 'the shipped operator, on a real kube-apiserver';
  readonly policySource = 'read from kube-apiserver';
  private readonly cluster: OperatorCluster;
  private operator: OperatorProcess;

  private constructor(cluster: OperatorCluster, operator: OperatorProcess) {
    this.cluster = cluster;
    this.operator = operator;
  }

  /** Starts the API server, installs the operator, and makes the pod and its namespace. */
  static async start(awsUrl: string, pod: ClientPod): Promise<ClusterStage> {
    const cluster = await OperatorCluster.start(awsUrl, { own: {} });
    try {
      await cluster.kubectlOrThrow(['apply', '-f', rightsOfClients, '-f', '-'], manifestsOf(pod));
      return new ClusterStage(cluster, await cluster.startOperator({ args: operatorArguments }));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async apply(link: LinkManifest): Promise<void> {
    await this.cluster.apply(link);
  }

  async kill(): Promise<number> {
    await this.operator.stop('SIGKILL');
    return this.operator.pid;
  }

  async restart(): Promise<number> {
    this.operator = await this.cluster.startOperator({ args: operatorArguments });
    return this.operator.pid;
  }

  async lookNow(name: string): Promise<void> {
    await this.cluster.lookNow(name);
  }

  async link(name: string): Promise<LinkWithStatus | undefined> {
    return this.cluster.link(name);
  }

  async changes(name: string): Promise<readonly string[]> {
    const events = await this.read<EventBody>('/apis/events.k8s.io/v1/namespaces/default/events');
    return events
      .filter(({ regarding }) => regarding.name === name)
      .sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1))
      .map(({ reason, note }) => `${reason}: ${note}`);
  }

  async policies(namespace: string): Promise<readonly PolicyObject[]> {
    const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
    const items = await this.read<PolicyBody>(path);
    return items.map(({ metadata, spec }) => ({
      namespace,
      name: metadata.name,
      spec,
      // A list leaves out of which kind its items are.
      manifest: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec },
    }));
  }

  async remove(names: readonly string[]): Promise<void> {
    await this.cluster.kubectlOrThrow(['delete', 'smpl', '--wait=false', ...names]);
  }

  async close(): Promise<void> {
    await this.cluster.stop();
  }

  private async read<T>(path: string): Promise<readonly T[]> {
    const { status, body } = await this.cluster.server.request({ path });
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return (body as { readonly items: readonly T[] }).items;
  }
}

interface EventBody {
  readonly eventTime: string;
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly name: string };
}

interface PolicyBody {
  readonly metadata: { readonly name: string };
  readonly spec: AnyNetworkPolicy['spec'];
}

/** No kubelet runs: the pod is an object, as policies select it. */
function manifestsOf({ namespace, namespaceLabels, name, labels }: ClientPod): string {
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: namespaceLabels } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { containers: [{ name: 'main', image: 'none' }] },
    },
  ];
  return objects.map((one) => stringify(one)).join('---\n');
}
