import { get as httpGet, request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, test } from '@jest/globals';
import {
  type HealthCheck,
  type HealthServer,
  startHealthServer,
} from '../../../src/telemetry/health-server.ts';
import { createMetrics, type Metrics } from '../../../src/telemetry/metrics.ts';

const servers: HealthServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

async function start(
  checks: { live?: HealthCheck[]; ready?: HealthCheck[]; metrics?: Metrics } = {},
): Promise<HealthServer> {
  const { registry } = checks.metrics ?? createMetrics({ processMetrics: false });
  const { live = [], ready = [] } = checks;
  const server = await startHealthServer({ host: '127.0.0.1', port: 0, live, ready, registry });
  servers.push(server);
  return server;
}

function get(server: HealthServer, path: string, method = 'GET') {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, method, agent: false as const };
    const request = httpRequest(options, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

test('health and readiness follow their own checks', async () => {
  let problem: string | undefined = 'no list yet';
  const server = await start({
    live: [{ name: 'watch', problem: () => undefined }],
    ready: [{ name: 'synced', problem: () => problem }],
  });
  expect(await get(server, '/healthz')).toEqual({ status: 200, body: '[+]watch ok\nok\n' });
  expect(await get(server, '/readyz?verbose')).toEqual({
    status: 503,
    body: '[-]synced failed: no list yet\nfailed\n',
  });
  problem = undefined;
  expect(await get(server, '/readyz')).toMatchObject({ status: 200 });
});

test('a check that throws counts as failed and gives away no secret', async () => {
  const check = {
    name: 'broken',
    problem: () => {
      throw new Error('AKIAIOSFODNN7EXAMPLE');
    },
  };
  const { status, body } = await get(await start({ live: [check] }), '/healthz');
  expect(status).toBe(503);
  expect(body).not.toContain('AKIA');
});

test('metrics are served in the text format', async () => {
  const metrics = createMetrics();
  metrics.reconcile.total.inc({ controller: 'links', result: 'success' });
  const { status, body } = await get(await start({ metrics }), '/metrics');
  expect(status).toBe(200);
  expect(body).toContain(
    'controller_runtime_reconcile_total{controller="links",result="success"} 1',
  );
  expect(body).toContain('process_resident_memory_bytes');
});

test('other paths and methods are refused', async () => {
  const server = await start();
  expect((await get(server, '/')).status).toBe(404);
  expect((await get(server, '/healthz', 'POST')).status).toBe(405);
});

test('a port that is taken is an error', async () => {
  const { port } = await start();
  const { registry } = createMetrics({ processMetrics: false });
  const second = startHealthServer({ host: '127.0.0.1', port, live: [], ready: [], registry });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('without a host both families are listened on, as far as this machine has them', async () => {
  const { registry } = createMetrics({ processMetrics: false });
  const server = await startHealthServer({ port: 0, live: [], ready: [], registry });
  servers.push(server);
  const loopbacks = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => internal && !address.startsWith('fe80'));
  expect(loopbacks.map(({ family }) => family)).toContain('IPv4');
  for (const { address, family } of loopbacks) {
    const host = family === 'IPv6' ? `[${address}]` : address;
    expect((await fetch(`http://${host}:${server.port}/healthz`)).status).toBe(200);
  }
});

test('closing ends although a client keeps its connection open', async () => {
  const server = await start();
  const socket = await new Promise<{ readonly destroyed: boolean }>((resolve) => {
    const headers = { connection: 'keep-alive' };
    httpGet({ host: '127.0.0.1', port: server.port, path: '/healthz', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.socket));
    });
  });
  await server.close();
  await expect(get(server, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(socket).toBeDefined();
});
