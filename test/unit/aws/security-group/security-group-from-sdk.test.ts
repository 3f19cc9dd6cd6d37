import { expect, test } from '@jest/globals';
import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import {
  ruleFromSdk,
  securityGroupFromSdk,
} from '../../../../src/aws/security-group/security-group-from-sdk.ts';

test('a group is what AWS says of it', () => {
  const Tags = [{ Key: 'of', Value: 'me' }];
  const group = { GroupId: 'sg-1', VpcId: 'vpc-1', GroupName: 'mine', OwnerId: '1', Tags };
  const facts = { id: 'sg-1', vpcId: 'vpc-1', name: 'mine', ownerId: '1', tags: { of: 'me' } };
  expect(securityGroupFromSdk(group)).toEqual(facts);
});

test('a group without a name and an owner is one; without its id or VPC it is none', () => {
  const bare = { GroupId: 'sg-1', VpcId: 'vpc-1' };
  const facts = { id: 'sg-1', vpcId: 'vpc-1', name: '', ownerId: '', tags: {} };
  expect(securityGroupFromSdk(bare)).toEqual(facts);
  expect(securityGroupFromSdk({ ...bare, VpcId: '' })).toBeUndefined();
  expect(securityGroupFromSdk({ VpcId: 'vpc-1' })).toBeUndefined();
});

test.each<[SecurityGroupRule, object]>([
  [{ CidrIpv4: '10.0.0.0/8' }, { cidr: '10.0.0.0/8' }],
  [{ CidrIpv6: '::/0' }, { cidr: '::/0' }],
  [{ PrefixListId: 'pl-1' }, { prefixListId: 'pl-1' }],
  [{ ReferencedGroupInfo: { GroupId: 'sg-2' } }, { securityGroupId: 'sg-2' }],
])('the source of %j is %j', (fields, source) => {
  expect(ruleFromSdk({ SecurityGroupRuleId: 'sgr-1', ...fields })).toMatchObject({ source });
});

test('a rule without ports or protocol is one for all of them', () => {
  expect(ruleFromSdk({ SecurityGroupRuleId: 'sgr-1', CidrIpv4: '0.0.0.0/0' })).toEqual({
    id: 'sgr-1',
    isEgress: false,
    protocol: '-1',
    fromPort: -1,
    toPort: -1,
    source: { cidr: '0.0.0.0/0' },
    tags: {},
  });
});

test.each([
  ['clients', { description: 'clients' }],
  ['', {}],
])('the description %j is %j', (Description, described) => {
  const rule = { SecurityGroupRuleId: 'sgr-1', CidrIpv4: '10.0.0.0/8', Description };
  const { description } = ruleFromSdk(rule) ?? {};
  expect(description === undefined ? {} : { description }).toEqual(described);
});

test('port 0 is a port', () => {
  const fields = { IpProtocol: 'tcp', FromPort: 0, ToPort: 0, CidrIpv4: '10.0.0.0/8' };
  const rule = ruleFromSdk({ SecurityGroupRuleId: 'sgr-1', IsEgress: true, ...fields });
  expect(rule).toMatchObject({ protocol: 'tcp', fromPort: 0, toPort: 0, isEgress: true });
});

test.each<SecurityGroupRule>([
  { CidrIpv4: '10.0.0.0/8' },
  { SecurityGroupRuleId: '', CidrIpv4: '10.0.0.0/8' },
  { SecurityGroupRuleId: 'sgr-1' },
  { SecurityGroupRuleId: 'sgr-1', ReferencedGroupInfo: {} },
])('%j is no rule', (rule) => {
  expect(ruleFromSdk(rule)).toBeUndefined();
});
