import { expect, test } from '@jest/globals';
import type { Action } from '../../../../src/plan/actions.ts';
import { ec2Error } from '../scripted-transport.ts';
import { scriptedCloud } from '../scripted-cloud.ts';

const serviceName = 'com.amazonaws.eu-west-1.sagemaker.api';
const endpoints = { kind: 'VpcEndpoints', vpcId: 'vpc-1', serviceNames: [serviceName] } as const;
const subnets = { kind: 'Subnets', vpcId: 'vpc-1' } as const;

function deletionOf(...endpointIds: readonly string[]): Action {
  return { kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds };
}

/** An AWS with endpoints of one service, on which deletions work and answer as they are told to. */
function awsWith(ids: readonly string[], answer: () => object) {
  const living = new Set(ids);
  return scriptedCloud({
    'ec2:DescribeSubnets': () => ({ Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }] }),
    'ec2:DescribeVpcEndpoints': () => ({
      VpcEndpoints: [...living].map((VpcEndpointId) => ({
        VpcEndpointId,
        VpcId: 'vpc-1',
        ServiceName: serviceName,
        State: 'Available' as const,
      })),
    }),
    'ec2:DeleteVpcEndpoints': ({ VpcEndpointIds = [] }) => {
      for (const id of VpcEndpointIds) if (id !== 'vpce-kept') living.delete(id);
      return answer();
    },
  });
}

test('what was read before a change of unknown outcome is not believed any more', async () => {
  const { apply, clock, look, transport } = awsWith(['vpce-1'], () => {
    throw ec2Error('InternalError', 'sorry', 500);
  });
  const asked = clock.now();
  expect(await look(endpoints, asked)).toMatchObject([{ id: 'vpce-1' }]);
  await expect(apply(deletionOf('vpce-1'))).rejects.toMatchObject({ kind: 'Unavailable' });
  // Somebody who asked before the change, and whom the first read would have answered.
  expect(await look(endpoints, asked)).toEqual([]);
  expect(transport.inputsOf('ec2:DescribeVpcEndpoints')).toHaveLength(2);
});

test('of several endpoints that were to be deleted the first may be gone', async () => {
  const { apply, clock, look } = awsWith(['vpce-1', 'vpce-kept'], () => ({
    Unsuccessful: [
      { ResourceId: 'vpce-kept', Error: { Code: 'UnauthorizedOperation', Message: 'no' } },
    ],
  }));
  const asked = clock.now();
  await look(endpoints, asked);
  await expect(apply(deletionOf('vpce-1', 'vpce-kept'))).rejects.toMatchObject({ kind: 'Denied' });
  expect(await look(endpoints, asked)).toMatchObject([{ id: 'vpce-kept' }]);
});

test('a refusal, and what is no resource of ours, is not asked about once more', async () => {
  const { apply, clock, look, transport } = awsWith(['vpce-kept'], () => {
    throw ec2Error('UnauthorizedOperation', 'no', 403);
  });
  const asked = clock.now();
  await look(endpoints, asked);
  await look(subnets, asked);
  await expect(apply(deletionOf('vpce-kept'))).rejects.toMatchObject({ kind: 'Denied' });
  await look(endpoints, asked);
  expect(transport.inputsOf('ec2:DescribeVpcEndpoints')).toHaveLength(1);

  await expect(apply(deletionOf('vpce-1', 'vpce-2'))).rejects.toMatchObject({ kind: 'Denied' });
  await look(subnets, asked);
  expect(transport.inputsOf('ec2:DescribeSubnets')).toHaveLength(1);
});
