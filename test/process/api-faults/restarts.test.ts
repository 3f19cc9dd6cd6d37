/** kube-apiserver and etcd end and come back while the operator works. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually } from '../../environment/eventually.ts';
import { FaultBench } from './fault-bench.ts';

jest.setTimeout(240_000);

let bench: FaultBench;

beforeAll(async () => {
  // The lease outlives the restart: how a lost one ends is tested with several replicas.
  bench = await FaultBench.start(
    ['--lease-duration=90s', '--renew-deadline=80s', '--retry-period=2s'],
    { own: {} },
  );
});

afterAll(() => bench?.stop());

async function works(prefix: string, during: () => Promise<void>): Promise<void> {
  const names = [0, 1, 2].map((index) => `${prefix}-${index}`);
  const madeBefore = bench.endpointsEverMade();
  bench.simulator.resetCalls();
  for (const name of names) await bench.apply(name, 'api', 'runtime');
  // In the middle of the creations, not before or after them.
  await eventually(() => expect(bench.endpointsEverMade()).toBeGreaterThan(madeBefore), {
    everyMs: 5,
  });
  await during();
  for (const name of names) await bench.isDone(name, 'api', 'runtime');
  for (const name of names) await bench.apply(name, 'runtime');
  for (const name of names) await bench.isDone(name, 'runtime');
  await bench.cluster.remove(...names);

  expect(bench.endpointsEverMade() - madeBefore).toBe(2 * names.length);
  expect(bench.simulator.callCounts()['CreateSecurityGroup']).toBe(names.length);
  expect(await bench.probe('/healthz')).toBe(200);
  await bench.isReady();
  expect(bench.operator.hasExited()).toBe(false);
}

test.each([
  ['restarted', 'a', {}],
  ['killed and started again', 'b', { kill: true }],
])('F4: kube-apiserver is %s while links are made', async (_what, prefix, how) => {
  await works(prefix, () => bench.cluster.ownServer.restart(how));
});

test('F4: etcd is killed and started again while links are made', async () => {
  await works('c', () => bench.cluster.ownServer.restartEtcd({ kill: true }));
});

test('F4: etcd is frozen while links are made', async () => {
  const { etcd } = bench.cluster.ownServer.pids;
  await works('d', async () => {
    process.kill(etcd, 'SIGSTOP');
    // Without its storage the API server answers with errors and silence.
    await bench.renewals(1).finally(() => process.kill(etcd, 'SIGCONT'));
  });
});

test('F4: etcd is restored from a backup, and new links are seen at once', async () => {
  await bench.apply('kept', 'api');
  await bench.isDone('kept', 'api');
  const { ownServer: server } = bench.cluster;
  const backup = await server.backUpEtcd();
  // More changes after the backup than a restart makes, and the watch has seen the last one: it is
  // ahead of what the restored server has.
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => touch(index, round)));
  }
  await bench.cluster.kubectlOrThrow(['label', 'smpl', 'kept', 'changed=yes']);
  await bench.renewals(1);
  await server.restoreEtcd(backup);
  await bench.apply('new', 'api');
  // A watch from a version of the future is silent: without a look at that, this takes minutes.
  await bench.isDone('new', 'api');
  await bench.isReady();
  await bench.cluster.remove('kept', 'new');
});

/** Changes one of some namespaces: any write moves the version of everything forward. */
async function touch(index: number, round: number): Promise<void> {
  const name = `touched-${index}`;
  const { server } = bench.cluster;
  const response = await server.request({
    method: 'PATCH',
    path: `/api/v1/namespaces/${name}?fieldManager=test`,
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, annotations: { round: String(round) } },
    },
  });
  expect([200, 201]).toContain(response.status);
}
