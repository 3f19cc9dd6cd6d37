import { accessSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { ResolvedContext } from './kube-config-context.ts';
import { KubeConfigError } from './kube-config-error.ts';
import type { Environment } from './kube-config-files.ts';

const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Whether this process runs in a pod that may talk to its API server. */
export function isPodWithServiceAccount(environment: Environment): boolean {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  return Boolean(host) && Boolean(port) && isThere(`${folder}/token`);
}

/** The API server and the service account that Kubernetes tells a pod of. */
export function podContext(environment: Environment): ResolvedContext {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (!host || !port) {
    throw new KubeConfigError('this is no pod: KUBERNETES_SERVICE_HOST and _PORT are not set');
  }
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    proxyUrl: undefined,
    namespace: isThere(`${folder}/namespace`)
      ? readFileSync(`${folder}/namespace`, 'utf8').trim()
      : undefined,
    cluster: { 'certificate-authority': `${folder}/ca.crt` },
    userName: 'the service account',
    user: { tokenFile: `${folder}/token` },
  };
}

function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
