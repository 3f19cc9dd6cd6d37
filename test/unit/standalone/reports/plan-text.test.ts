import { expect, test } from '@jest/globals';
import { nothingObserved, withAnswer } from '../../../../src/plan/observation.ts';
import type { LinkPlan } from '../../../../src/standalone/link-plan.ts';
import { planText } from '../../../../src/standalone/reports/plan-text.ts';
import { plannedAction } from '../../../../src/standalone/planned-action.ts';

const statement = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }],
});

const endpoint = {
  id: 'vpce-1',
  vpcId: 'vpc-1',
  serviceName: 's',
  state: 'available',
  subnetIds: ['subnet-a'],
  securityGroupIds: ['sg-1'],
  networkInterfaceIds: [],
  policy: statement('*'),
  privateDnsEnabled: true,
  dnsNames: [],
  requesterManaged: false,
  tags: { team: 'ml', Name: 'kept' },
} as const;

const group = {
  id: 'sg-1',
  name: 'g',
  vpcId: 'vpc-1',
  ownerId: '1',
  tags: {},
  rules: [
    {
      id: 'sgr-1',
      isEgress: false,
      protocol: 'tcp',
      fromPort: 22,
      toPort: 22,
      source: { cidr: '0.0.0.0/0' },
      tags: {},
    },
  ],
} as const;

const owner = { clusterId: 'c', uid: 'u', name: 'ml' };
const holdings = { endpoints: [endpoint], securityGroups: [group] };
const asIs = withAnswer(nothingObserved, { kind: 'Owned', owner }, holdings);
const none = {
  endpointId: 'vpce-1',
  addSubnetIds: [],
  removeSubnetIds: [],
  addSecurityGroupIds: [],
  removeSecurityGroupIds: [],
  addresses: [],
};

function textOf(...actions: readonly Parameters<typeof plannedAction>[0][]): string {
  const plan: LinkPlan = {
    name: 'ml',
    region: 'eu-west-1',
    actions: actions.map((one) => plannedAction(one, asIs)),
    findings: { problems: [], waits: [] },
    notes: [],
  };
  return planText(plan, false);
}

test('a policy is shown as a diff of what is there and what will be', () => {
  const modify = { kind: 'ModifyVpcEndpoint', reason: 'r', ...none } as const;
  const text = textOf({ ...modify, policy: statement('sagemaker:*') });
  expect(text).toContain('-       "Action": "*"');
  expect(text).toContain('+       "Action": "sagemaker:*"');
  expect(text).not.toContain('- {');
  expect(text).not.toContain('impact:');
});

test('fields show both values, rules their content, tags what they were', () => {
  const modify = { kind: 'ModifyVpcEndpoint', reason: 'r', ...none } as const;
  expect(textOf({ ...modify, privateDnsEnabled: false })).toContain(
    'privateDnsEnabled: true -> false',
  );
  expect(
    textOf({ kind: 'RevokeIngress', reason: 'r', groupId: 'sg-1', ruleIds: ['sgr-1'] }),
  ).toContain('tcp 22 from 0.0.0.0/0 (sgr-1)');
  const tags = { team: 'fraud', new: '1' };
  const text = textOf({
    kind: 'CreateTags',
    subject: 'EndpointsAvailable',
    reason: 'r',
    resourceIds: ['vpce-1'],
    tags,
  });
  expect(text).toContain('team = fraud (was ml)');
  expect(text).toContain('new = 1\n');
});

test('what ends connections is said, and for how long', () => {
  const modify = { kind: 'ModifyVpcEndpoint', reason: 'r', ...none } as const;
  expect(textOf({ ...modify, removeSubnetIds: ['subnet-a'] })).toMatch(
    /impact: connections through subnet-a end; .* a minute or two/,
  );
  const addresses = [{ subnetId: 'subnet-a', ipv4: '10.0.0.9' }];
  expect(textOf({ ...modify, addresses })).toMatch(/impact: .*subnet-a are interrupted/);
  expect(textOf({ kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: ['vpce-1'] })).toMatch(
    /impact: connections through these endpoints end/,
  );
});

test('egress of a group is counted, but for the rule that AWS gives to a new one', () => {
  const egressRule = (id: string) =>
    ({
      id,
      isEgress: true,
      protocol: '-1',
      fromPort: -1,
      toPort: -1,
      source: { cidr: '0.0.0.0/0' },
      tags: {},
    }) as const;
  const egress = (id: string) =>
    ({ kind: 'RevokeEgress', reason: 'r', groupId: 'sg-2', rules: [egressRule(id)] }) as const;
  const create = {
    kind: 'CreateSecurityGroup',
    reason: 'r',
    name: 'g',
    description: 'd',
    vpcId: 'vpc-1',
    vpcHasIpv6: false,
    tags: {},
  } as const;
  expect(textOf(create, egress(''))).toMatch(/Plan: 1 to create, 0 to change, 0 to delete\.$/);
  expect(textOf(egress('sgr-1'))).toMatch(/Plan: 0 to create, 0 to change, 1 to delete\.$/);
});
