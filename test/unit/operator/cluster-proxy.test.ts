import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { clusterCredentials } from '../../../src/operator/cluster.ts';
import { UserError } from '../../../src/runtime/user-error.ts';
import { createApiClient } from '../../../src/kubernetes/client/api-client.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { type ForwardProxy, startForwardProxy } from '../../environment/forward-proxy.ts';
import { startTlsFront, type TlsFront } from '../../environment/tls-front.ts';
import { createSelfSignedCertificate } from '../kubernetes/self-signed-certificate.ts';

const host = 'api.cluster.example';
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } };

let folder: string;
let server: Server;
let tls: TlsFront;
let proxy: ForwardProxy;
let kubeconfig: string;

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(configMap));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const certificate = createSelfSignedCertificate('cluster CA', host);
  tls = await startTlsFront(certificate, (server.address() as AddressInfo).port);
  proxy = await startForwardProxy({ hosts: { [host]: { port: tls.port } } });
  folder = await mkdtemp(join(tmpdir(), 'smpl-cluster-'));
  kubeconfig = await written({ 'certificate-authority-data': base64(certificate.cert) });
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  await proxy.close();
  await tls.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function written(cluster: object): Promise<string> {
  const path = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: `https://${host}:6443`, ...cluster } }],
    users: [{ name: 'u', user: { token: 't' } }],
  };
  await writeFile(path, stringify(config));
  return path;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function readOne(environment: Record<string, string>): Promise<unknown> {
  const clock = systemClock();
  const credentials = clusterCredentials({ kubeconfig }, clock, environment);
  const client = createApiClient({ credentials, clock });
  const configMaps = client.resource({
    group: '',
    version: 'v1',
    plural: 'configmaps',
    namespaced: true,
  });
  try {
    const { signal } = new AbortController();
    return await configMaps.get({ name: 'one', namespace: 'default' }, { signal });
  } finally {
    await client.close();
  }
}

test('the API server is reached through HTTPS_PROXY', async () => {
  expect(await readOne({ HTTPS_PROXY: proxy.url })).toMatchObject(configMap);
  expect(proxy.requests).toEqual([`CONNECT ${host}:6443`]);
});

test('an API server of NO_PROXY is not', () => {
  const credentials = clusterCredentials({ kubeconfig }, systemClock(), {
    HTTPS_PROXY: proxy.url,
    NO_PROXY: '.cluster.example',
  });
  expect(credentials.proxyUrl).toBeUndefined();
});

test('the proxy-url of the kubeconfig goes before the environment', async () => {
  kubeconfig = await written({ 'proxy-url': 'http://of-the-kubeconfig:1' });
  const credentials = clusterCredentials({ kubeconfig }, systemClock(), {
    HTTPS_PROXY: proxy.url,
  });
  expect(credentials.proxyUrl).toBe('http://of-the-kubeconfig:1');
});

test('no kubeconfig is an error of the user', () => {
  const missing = { kubeconfig: join(folder, 'none') };
  expect(() => clusterCredentials(missing, systemClock(), {})).toThrow(UserError);
});
