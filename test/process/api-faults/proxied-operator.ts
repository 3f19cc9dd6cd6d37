/** The shipped operator behind a proxy that can do harm. */
import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type ApiFaultProxy, startApiFaultProxy } from '../../environment/api-fault-proxy.ts';
import type { ApiFault } from '../../environment/api-faults.ts';
import type { OperatorCluster, OperatorProcess } from '../cluster/operator-cluster.ts';

const namespace = 'sagemaker-privatelink-system';
const serviceAccount = 'sagemaker-privatelink-operator';

export interface ProxiedOperator {
  readonly proxy: ApiFaultProxy;
  readonly operator: OperatorProcess;
  readonly tokenFile: string;
  /** Has a new token issued and put into the file that the operator reads. */
  renewToken(): Promise<void>;
}

/** Starts a proxy of its own, and the operator with a kubeconfig that leads there. */
export async function startProxiedOperator(
  cluster: OperatorCluster,
  extra: {
    readonly args?: readonly string[];
    readonly env?: Record<string, string>;
    /** There from the operator's first request on. */
    readonly faults?: readonly ApiFault[];
  } = {},
): Promise<ProxiedOperator> {
  const { faults = [], ...how } = extra;
  const proxy = await startApiFaultProxy(cluster.server);
  for (const fault of faults) proxy.add(fault);
  const file = join(cluster.server.folder, `proxied-${randomUUID()}`);
  const tokenFile = `${file}.token`;
  const renewToken = async (): Promise<void> => {
    const { token } = await cluster.server.kubeconfigForServiceAccount(namespace, serviceAccount);
    // As the kubelet does it: readers see the old token or the new one, never a piece.
    await writeFile(`${tokenFile}.new`, token, { mode: 0o600 });
    await rename(`${tokenFile}.new`, tokenFile);
  };
  await renewToken();
  const kubeconfig = `${file}.kubeconfig`;
  await writeFile(kubeconfig, stringify(kubeconfigOf(proxy, tokenFile)), { mode: 0o600 });
  const operator = await cluster.startOperator({ ...how, kubeconfig });
  return { proxy, operator, tokenFile, renewToken };
}

function kubeconfigOf(proxy: ApiFaultProxy, tokenFile: string): object {
  const authority = Buffer.from(proxy.certificateAuthority).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: proxy.url, 'certificate-authority-data': authority } },
    ],
    users: [{ name: 'test', user: { tokenFile } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    'current-context': 'test',
  };
}
