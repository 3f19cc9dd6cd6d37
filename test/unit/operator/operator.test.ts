/** What an operator is between its creation and its end; passes are the harness's business. */
import { Command } from 'commander';
import { expect, test } from '@jest/globals';
import { addOperatorOptions } from '../../../src/cli/operator-options.ts';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import { createResourceClient } from '../../../src/kubernetes/client/resource-client.ts';
import { createOperator, type Operator } from '../../../src/operator/operator.ts';
import type { OperatorConfig } from '../../../src/operator/operator-config.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

/** An API server without links. */
function emptyCluster(): { readonly client: ApiClient; closed: boolean } {
  const cluster = { client: undefined as unknown as ApiClient, closed: false };
  cluster.client = {
    resource: (type) => createResourceClient(cluster.client, type),
    request: async <R>() => ({ items: [], metadata: { resourceVersion: '1' } }) as R,
    stream: (_request, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    close: async () => void (cluster.closed = true),
  };
  return cluster;
}

interface Started {
  readonly operator: Operator;
  readonly cluster: ReturnType<typeof emptyCluster>;
  readonly servers: { isOpen: boolean };
}

function create(flags: readonly string[] = []): Started {
  const command = addOperatorOptions(new Command());
  command.parse(['--cluster-id', 'test', '--no-leader-elect', ...flags], { from: 'user' });
  const cluster = emptyCluster();
  const servers = { isOpen: false };
  const surroundings = { logger: silentLogger(), environment: {} };
  const operator = createOperator(command.opts<OperatorConfig>(), surroundings, {
    metrics: createMetrics({ processMetrics: false }),
    cluster: { client: cluster.client, namespace: 'default' },
    startProbeServers: async () => {
      servers.isOpen = true;
      return async () => void (servers.isOpen = false);
    },
  });
  return { operator, cluster, servers };
}

test('an operator is created, runs, drains, and leaves nothing open', async () => {
  const { operator, cluster, servers } = create();
  expect(operator.state).toBe('created');
  const run = operator.run();
  expect(operator.state).toBe('running');
  operator.drain(new Error('SIGTERM'));
  expect(operator.state).toBe('draining');
  await expect(run).resolves.toBe(0);
  expect([operator.state, cluster.closed, servers.isOpen]).toEqual(['stopped', true, false]);
});

test('an operator that was asked to end before it began ends at once', async () => {
  const { operator } = create();
  operator.drain(new Error('SIGTERM'));
  await expect(operator.run()).resolves.toBe(0);
  expect(operator.state).toBe('stopped');
});

test('an operator that is stopped ends without draining', async () => {
  const { operator, cluster, servers } = create();
  const run = operator.run();
  operator.stop(new Error('enough'));
  await run;
  expect([operator.state, cluster.closed, servers.isOpen]).toEqual(['stopped', true, false]);
});

test('a configuration that cannot work is refused, and nothing stays open', async () => {
  const { operator, cluster, servers } = create(['--lease-duration-seconds', '5']);
  await expect(operator.run()).rejects.toThrow('must be more than');
  expect([operator.state, cluster.closed, servers.isOpen]).toEqual(['stopped', true, false]);
});
