import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import { OperatorCluster } from '../test/process/cluster/operator-cluster.ts';
import type { Stage } from './stage.ts';

/** The shipped operator as a process, on a real API server with the manifests of `deploy/`. */
export async function clusterStage(linkName: string, awsUrl: string): Promise<Stage> {
  const cluster = await OperatorCluster.start(awsUrl);
  await cluster.startOperator();
  let notes: readonly string[] = [];

  async function readNotes(): Promise<void> {
    const { body } = await cluster.server.request({
      path: '/apis/events.k8s.io/v1/namespaces/default/events',
    });
    const { items } = body as { items: readonly EventBody[] };
    notes = [...items]
      .sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1))
      .map(({ type, reason, note }) => `${linkName}: ${type} ${reason}: ${note}`);
  }

  return {
    description: 'cluster mode: the operator process on a real kube-apiserver with etcd',
    apply: async (yaml) => {
      await cluster.kubectlOrThrow(['apply', '-f', '-'], yaml);
    },
    status: async () => {
      const [link] = await Promise.all([cluster.link(linkName), readNotes()]);
      return link === undefined ? undefined : statusOf(link);
    },
    notes: () => notes,
    remove: async () => {
      await cluster.kubectlOrThrow(['delete', 'smpl', linkName, '--wait=false']);
    },
    close: () => cluster.stop(),
  };
}

interface EventBody {
  readonly eventTime: string;
  readonly type: string;
  readonly reason: string;
  readonly note: string;
}

function statusOf({ status }: SageMakerPrivateLink): NonNullable<SageMakerPrivateLink['status']> {
  return status ?? { observedGeneration: -1 };
}
