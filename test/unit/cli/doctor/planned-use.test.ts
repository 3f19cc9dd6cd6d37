import { expect, test } from '@jest/globals';
import { type Planned, plannedUse } from '../../../../src/cli/doctor/planned-use.ts';

function planned(vpcId: string | undefined, region = 'us-east-1', account = '1'): Planned {
  const kinds = ['CreateSecurityGroup', 'CreateVpcEndpoint', 'CreateVpcEndpoint'] as const;
  const actions = vpcId === undefined ? [] : kinds.map((kind) => ({ kind }));
  return { link: { spec: { region } }, plan: { vpcId, actions }, caller: { account } };
}

test('links of one VPC share its endpoints, those of a region its groups, and no others', () => {
  const one = planned('vpc-a');
  const all = [
    one,
    planned('vpc-a'),
    planned('vpc-b'),
    planned(undefined),
    planned('vpc-a', 'eu-west-1'),
    planned('vpc-a', 'us-east-1', '2'),
  ];
  expect(plannedUse(one, all)).toEqual({
    endpoints: { count: 4, links: 2 },
    securityGroups: { count: 3, links: 3 },
  });
  expect(plannedUse(one, [one]).endpoints).toEqual({ count: 2, links: 1 });
});
