/** Reads of everything that serve more than those who asked: the AWS layer as a whole. */
import { expect, test } from '@jest/globals';
import { createCloud } from '../../../src/aws/cloud.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';
import { scriptedTransport } from './scripted-transport.ts';

const owner = { clusterId: 'cluster-1', uid: 'uid-1', name: 'ml' };
const { signal } = new AbortController();
const tagsOf = (uid: string) =>
  Object.entries({
    'sagemaker.privatelink.dev/cluster': 'cluster-1',
    'sagemaker.privatelink.dev/uid': uid,
    'sagemaker.privatelink.dev/name': 'ml',
    'sagemaker.privatelink.dev/role': 'endpoint',
  }).map(([Key, Value]) => ({ Key, Value }));

interface PlaceOptions {
  readonly readTakesMs?: number;
  /** Endpoints that AWS was done with before. @default 2 */
  readonly others?: number;
  /** AWS deletes the endpoint of the link. @default it makes it */
  readonly isGoing?: boolean;
  /** Reads of all show the endpoint of the link only until then. @default for ever */
  readonly listedUntilMs?: number;
}

/** An account with one endpoint of the link, at work for a minute, and its reads. */
function place({
  readTakesMs = 0,
  others = 2,
  isGoing = false,
  listedUntilMs = Number.POSITIVE_INFINITY,
}: PlaceOptions = {}) {
  const clock = createVirtualClock(0);
  const transport = scriptedTransport({
    async 'ec2:DescribeVpcEndpoints'({ Filters = [] }) {
      const isOfAll = Filters[0]?.Name !== 'vpc-endpoint-id';
      if (isOfAll && readTakesMs > 0) {
        await new Promise<void>((resolve) => clock.setTimer(resolve, readTakesMs));
      }
      const isAtWork = clock.now() < 60_000;
      const State = !isAtWork ? 'available' : isGoing ? 'deleting' : 'pending';
      const named = { VpcEndpointId: 'vpce-1', VpcId: 'vpc-1', ServiceName: 'service' };
      const own = { ...named, State: State as never, Tags: tagsOf('uid-1') };
      const older = Array.from({ length: isOfAll ? others : 0 }, (_none, index) => {
        const VpcEndpointId = `vpce-other-${index}`;
        return { ...named, VpcEndpointId, State: 'available' as never, Tags: tagsOf('uid-3') };
      });
      const isListed = !isOfAll || clock.now() < listedUntilMs;
      const isShown = isListed && (isAtWork || !isGoing);
      return { VpcEndpoints: isShown ? [own, ...older] : older };
    },
    'ec2:DescribeSecurityGroups': () => ({ SecurityGroups: [] }),
  });
  const cloud = createCloud({ clusterId: 'cluster-1', transport, clock });
  return {
    cloud,
    clock,
    reads: () =>
      transport.inputsOf('ec2:DescribeVpcEndpoints').map(({ Filters }) => Filters?.[0]?.Name),
    async sweep(since: number) {
      const [answer] = await Promise.all([
        cloud.look({ kind: 'Owned', owner }, { since, signal }),
        clock.advance(2_000),
      ]);
      return answer;
    },
  };
}

test('a poll that comes a little before a sweep reads all, and the sweep asks for no endpoint again', async () => {
  const { cloud, clock, reads, sweep } = place();
  await sweep(0);
  const told: string[] = [];
  cloud.whenChanged?.(['vpce-1'], (end) => told.push(end));
  await clock.advance(50_000);
  const polls = reads().slice(1);
  expect(new Set(polls)).toEqual(new Set(['vpc-endpoint-id']));
  cloud.expectSweep?.({ from: 55_000, until: 65_000 });
  await clock.advance(13_000);
  expect(told).toEqual(['changed']);
  expect(reads().filter((name) => name?.startsWith('tag:'))).toHaveLength(2);
  const before = reads().length;
  expect(await sweep(55_000)).toMatchObject({ endpoints: [{ id: 'vpce-1' }] });
  expect(reads()).toHaveLength(before);
});

test.each([
  { others: 0, filter: 'tag:sagemaker.privatelink.dev/cluster' },
  { others: 1, filter: 'tag:sagemaker.privatelink.dev/cluster' },
  { others: 2, filter: 'vpc-endpoint-id' },
])('with $others other endpoints a poll reads by $filter', async ({ others, filter }) => {
  const { cloud, clock, reads, sweep } = place({ others });
  await sweep(0);
  const told: string[] = [];
  cloud.whenChanged?.(['vpce-1'], (end) => told.push(end));
  await clock.advance(70_000);
  expect(told).toEqual(['changed']);
  expect(new Set(reads().slice(1))).toEqual(new Set([filter]));
});

test('a poll for two endpoints reads all where there are four', async () => {
  const { cloud, clock, reads, sweep } = place({ others: 3 });
  await sweep(0);
  cloud.whenChanged?.(['vpce-1', 'vpce-other-0'], () => undefined);
  await clock.advance(3_000);
  expect(reads()[1]).toBe('tag:sagemaker.privatelink.dev/cluster');
});

test('a read of all that takes less than half a second answers polls', async () => {
  const { cloud, clock, reads, sweep } = place({ readTakesMs: 450, others: 0 });
  await sweep(0);
  cloud.whenChanged?.(['vpce-1'], () => undefined);
  await clock.advance(40_000);
  expect(new Set(reads())).toEqual(new Set(['tag:sagemaker.privatelink.dev/cluster']));
});

test('an endpoint that was being deleted and is not among all any more is gone, without another read', async () => {
  const { cloud, clock, reads, sweep } = place({ others: 0, isGoing: true });
  await sweep(0);
  const told: string[] = [];
  cloud.whenChanged?.(['vpce-1'], (end) => told.push(end));
  await clock.advance(70_000);
  expect(told).toEqual(['changed']);
  expect(reads()).not.toContain('vpc-endpoint-id');
  const known = await cloud.look({ kind: 'Owned', owner }, { since: 0, signal });
  expect(known.endpoints).toEqual([]);
});

test('an endpoint that another read showed to be gone before its watch began is told of', async () => {
  const { cloud, clock, sweep } = place({ isGoing: true });
  await sweep(0);
  await clock.advance(60_000);
  await sweep(60_000);
  const told: string[] = [];
  cloud.whenChanged?.(['vpce-1'], (end) => told.push(end));
  await clock.advance(5_000);
  expect(told).toEqual(['changed']);
});

test('an endpoint that its id alone shows is there for the pass that is told of it', async () => {
  const { cloud, clock, reads, sweep } = place({
    others: 0,
    readTakesMs: 100,
    listedUntilMs: 2_000,
  });
  await sweep(0);
  const told: string[] = [];
  cloud.whenChanged?.(['vpce-1'], (end) => told.push(end));
  await clock.advance(70_000);
  expect(told).toEqual(['changed']);
  const before = reads().length;
  const known = await cloud.look({ kind: 'Owned', owner }, { since: 0, signal });
  expect(known.endpoints).toMatchObject([{ id: 'vpce-1', state: 'available' }]);
  expect(reads()).toHaveLength(before);
});

test('where all endpoints take long to read, a poll asks for its own', async () => {
  const { cloud, clock, reads, sweep } = place({ readTakesMs: 600, others: 0 });
  await sweep(0);
  cloud.whenChanged?.(['vpce-1'], () => undefined);
  cloud.expectSweep?.({ from: 3_000, until: 30_000 });
  await clock.advance(40_000);
  expect(reads().filter((name) => name?.startsWith('tag:'))).toHaveLength(1);
});

test('the resources of a link are known by the last read alone, if that is new enough', async () => {
  const { cloud, clock, sweep } = place();
  expect(cloud.knownHoldings?.(owner, 0)).toBeUndefined();
  await clock.advance(10_000);
  await sweep(10_000);
  expect(cloud.knownHoldings?.(owner, 10_000)?.endpoints).toHaveLength(1);
  expect(cloud.knownHoldings?.({ ...owner, uid: 'uid-2' }, 10_000)?.endpoints).toEqual([]);
  expect(cloud.knownHoldings?.(owner, 12_000)).toBeUndefined();
});

test('after a change whose outcome is unknown no older read tells what a link has', async () => {
  const { cloud, clock, sweep } = place();
  await sweep(0);
  expect(cloud.knownHoldings?.(owner, 0)).toBeDefined();
  const action = { kind: 'DeleteSecurityGroup', groupId: 'sg-1', reason: 'r' } as never;
  const failed = cloud.apply(action, { signal }).catch(() => 'failed');
  await clock.advance(60_000);
  expect(await failed).toBe('failed');
  expect(cloud.knownHoldings?.(owner, 0)).toBeUndefined();
});
