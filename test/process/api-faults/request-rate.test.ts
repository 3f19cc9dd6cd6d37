/** The API server is asked no faster than the flags say, whatever there is to do. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { conditionOf } from '../cluster/operator-cluster.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { FaultBench } from './fault-bench.ts';

jest.setTimeout(240_000);

const [perSecond, burst] = [8, 2];
const names = Array.from({ length: 60 }, (_none, index) => `ml-${index}`);

let startedAt: number;
let bench: FaultBench;

beforeAll(async () => {
  startedAt = performance.now();
  const flags = [`--kube-api-qps=${perSecond}`, `--kube-api-burst=${burst}`];
  bench = await FaultBench.start(flags);
});

afterAll(async () => {
  await bench?.stop();
});

test('60 links are refused at the rate of --kube-api-qps and --kube-api-burst, and Leases wait for nothing', async () => {
  const items = names.map((name) =>
    sampleLink(bench.region, name, { vpc: { id: 'vpc-00000000' }, sweepInterval: '1h' }),
  );
  await bench.cluster.apply({ apiVersion: 'v1', kind: 'List', items });
  for (const name of names) {
    await bench.cluster.linkThat(
      name,
      'stalled',
      (one) => conditionOf(one, 'Stalled') !== undefined,
    );
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const isOfLease = ({ path }: { readonly path: string }) => path.includes('/leases');
  const requests = bench.proxy.requests();
  const limited = requests.filter((one) => !isOfLease(one));
  expect(limited.length).toBeGreaterThan(names.length);
  expect(limited.length).toBeLessThanOrEqual(burst + perSecond * seconds);
  // The place and the cluster's duties are kept all the while.
  expect(requests.filter(isOfLease).length).toBeGreaterThan(0);
  expect(bench.operator.hasExited()).toBe(false);
});
