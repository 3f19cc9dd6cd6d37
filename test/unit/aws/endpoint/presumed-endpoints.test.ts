/** Endpoints that are known by our own changes alone: the AWS layer as a whole. */
import { expect, test } from '@jest/globals';
import { createCloud } from '../../../../src/aws/cloud.ts';

import { createVirtualClock } from '../../../time/virtual-clock.ts';
import { creation } from '../aws-values.ts';
import { scriptedTransport } from '../scripted-transport.ts';

const owner = { clusterId: 'cluster-1', uid: 'uid-1', name: 'ml' };
const { signal } = new AbortController();
const ownTags = {
  'sagemaker.privatelink.dev/cluster': 'cluster-1',
  'sagemaker.privatelink.dev/uid': 'uid-1',
  'sagemaker.privatelink.dev/name': 'ml',
};
const tagList = Object.entries(ownTags).map(([Key, Value]) => ({ Key, Value }));
const id = 'vpce-1';
const named = { VpcEndpointId: id, VpcId: 'vpc-1', ServiceName: 'service' };

interface AwsOptions {
  /** From when on nothing shows the endpoint, in milliseconds. */
  readonly goneAtMs: number;
  /** AWS shows the endpoint by its id alone: somebody took its tags off. */
  readonly hasNoTags: boolean;
}

/** An account in which a link has had an endpoint made, by a cloud that has read everything before. */
async function made({ goneAtMs, hasNoTags }: AwsOptions) {
  const clock = createVirtualClock(0);
  let State = 'pending';
  const transport = scriptedTransport({
    'ec2:CreateVpcEndpoint': () => ({
      VpcEndpoint: { ...named, State: 'pending' as never, Tags: tagList },
    }),
    'ec2:DeleteVpcEndpoints': () => {
      State = 'deleting';
      return { Unsuccessful: [] };
    },
    'ec2:DescribeVpcEndpoints': ({ Filters = [] }) => {
      const isOfAll = Filters[0]?.Name !== 'vpc-endpoint-id';
      const isShown = clock.now() < goneAtMs && !(isOfAll && hasNoTags);
      return { VpcEndpoints: isShown ? [{ ...named, State: State as never, Tags: [] }] : [] };
    },
    'ec2:DescribeSecurityGroups': () => ({ SecurityGroups: [] }),
  });
  const cloud = createCloud({ clusterId: 'cluster-1', transport, clock });
  async function inTime<R>(work: Promise<R>): Promise<R> {
    const [outcome] = await Promise.all([work, clock.advance(500)]);
    return outcome;
  }
  const look = () => inTime(cloud.look({ kind: 'Owned', owner }, { since: clock.now(), signal }));
  await look();
  const action = creation({ serviceName: 'service', subnetIds: ['subnet-1'], tags: ownTags });
  await inTime(cloud.apply(action, { signal }));
  const told: string[] = [];
  return {
    clock,
    look,
    told,
    remove: () =>
      inTime(
        cloud.apply({ kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: [id] } as never, {
          signal,
        }),
      ),
    watch: () =>
      cloud.whenChanged?.([id], (end) => told.push(`${end} at ${Math.round(clock.now() / 1000)}`)),
  };
}

test('one that AWS never shows is waited for as long as AWS may take to show it', async () => {
  const { clock, look, told, watch } = await made({ goneAtMs: 0, hasNoTags: false });
  watch();
  await clock.advance(55_000);
  expect(told).toEqual([]);
  expect((await look()).endpoints).toMatchObject([{ id, state: 'pending' }]);
  await clock.advance(20_000);
  expect(told).toEqual([expect.stringMatching(/^(unknown|changed) at 6\d$/)]);
  expect((await look()).endpoints).toEqual([]);
});

test('one that is deleted and that AWS shows by its id alone is gone when AWS says so', async () => {
  const { clock, told, remove, watch } = await made({ goneAtMs: 12_000, hasNoTags: true });
  await remove();
  watch();
  await clock.advance(11_000);
  expect(told).toEqual([]);
  await clock.advance(6_000);
  expect(told).toEqual([expect.stringMatching(/^changed at 1[2-6]$/)]);
});

test('one that was gone before AWS was asked for it is given up, deleted or not', async () => {
  const { clock, look, told, remove, watch } = await made({ goneAtMs: 1_000, hasNoTags: true });
  await remove();
  watch();
  await clock.advance(75_000);
  expect(told).toEqual([expect.stringMatching(/^(unknown|changed) at 6\d$/)]);
  expect((await look()).endpoints).toEqual([]);
});

test('one that AWS works on for long is waited for', async () => {
  const { clock, told, watch } = await made({ goneAtMs: 900_000, hasNoTags: true });
  watch();
  await clock.advance(600_000);
  expect(told).toEqual([]);
});
