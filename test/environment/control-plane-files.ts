import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ApiServerAddress } from './api-server-request.ts';

/** The names of the files of one control plane inside its scratch folder. */
export const CONTROL_PLANE_FILES = {
  tokens: 'tokens.csv',
  serviceAccountKey: 'service-account.key',
  serviceAccountPublicKey: 'service-account.pub',
  auditPolicy: 'audit-policy.yaml',
  auditLog: 'audit.log',
  adminKubeconfig: 'admin.kubeconfig',
  etcdSocket: 'etcd.sock',
  /** Written by kube-apiserver at its first start: certificate and authority in one. */
  certificate: 'apiserver.crt',
  certificateKey: 'apiserver.key',
} as const;

/** Writes what the programs read at their start. */
export async function writeControlPlaneFiles(
  folder: string,
  options: { adminToken: string; auditLevel: string | undefined },
): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files: Record<string, string> = {
    [CONTROL_PLANE_FILES.tokens]: `${options.adminToken},admin,admin,system:masters\n`,
    [CONTROL_PLANE_FILES.serviceAccountKey]: privateKey,
    [CONTROL_PLANE_FILES.serviceAccountPublicKey]: publicKey,
    [CONTROL_PLANE_FILES.auditPolicy]: stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [{ level: options.auditLevel ?? 'None' }],
    }),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content, { mode: 0o600 });
  }
}

/** Writes a kubeconfig with one cluster and one user who has a bearer token. */
export async function writeKubeconfig(
  file: string,
  address: ApiServerAddress,
  user: { token: string; namespace?: string },
): Promise<void> {
  const authority = Buffer.from(address.certificateAuthority).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: address.url, 'certificate-authority-data': authority } },
    ],
    users: [{ name: 'test', user: { token: user.token } }],
    contexts: [
      {
        name: 'test',
        context: { cluster: 'test', user: 'test', namespace: user.namespace ?? 'default' },
      },
    ],
    'current-context': 'test',
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
}
