import { expect, test } from '@jest/globals';
import type { CreateVpcEndpoint } from '../../../src/plan/endpoint/actions.ts';
import { modification, rule } from './aws-values.ts';
import { scriptedCloud } from './scripted-cloud.ts';
import { ec2Error } from './scripted-transport.ts';

const creation: CreateVpcEndpoint = {
  kind: 'CreateVpcEndpoint',
  reason: 'missing',
  serviceName: 'aws.api',
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1'],
  addresses: [{ subnetId: 'subnet-1', ipv4: '10.0.0.7' }],
  securityGroupIds: ['sg-1'],
  ipAddressType: 'ipv4',
  privateDnsEnabled: false,
  tags: { owner: 'me' },
  clientToken: 'token-1',
};

test('a creation says everything that AWS would else choose by itself', async () => {
  const { apply, transport } = scriptedCloud({
    'ec2:CreateVpcEndpoint': () => ({ VpcEndpoint: { VpcEndpointId: 'vpce-1' } }),
  });
  expect((await apply(creation)).endpoint.id).toBe('vpce-1');
  expect(transport.inputsOf('ec2:CreateVpcEndpoint')).toEqual([
    {
      VpcEndpointType: 'Interface',
      ServiceName: 'aws.api',
      VpcId: 'vpc-1',
      SubnetIds: ['subnet-1'],
      SubnetConfigurations: [{ SubnetId: 'subnet-1', Ipv4: '10.0.0.7' }],
      SecurityGroupIds: ['sg-1'],
      PrivateDnsEnabled: false,
      IpAddressType: 'ipv4',
      ClientToken: 'token-1',
      TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: [{ Key: 'owner', Value: 'me' }] }],
    },
  ]);
});

test('a token that AWS remembers for a deleted endpoint leads to one living endpoint', async () => {
  const byToken = new Map<string, { VpcEndpointId: string; State: 'deleted' | 'pending' }>();
  byToken.set('token-1', { VpcEndpointId: 'vpce-1', State: 'deleted' });
  const { apply, transport } = scriptedCloud({
    'ec2:CreateVpcEndpoint': ({ ClientToken = '' }) => {
      const made = { VpcEndpointId: `vpce-${byToken.size + 1}`, State: 'pending' as const };
      const endpoint = byToken.get(ClientToken) ?? made;
      byToken.set(ClientToken, endpoint);
      return { VpcEndpoint: endpoint as { VpcEndpointId: string } };
    },
  });
  expect((await apply(creation)).endpoint.id).toBe('vpce-2');
  expect((await apply(creation)).endpoint.id).toBe('vpce-2');
  for (const { ClientToken } of transport.inputsOf('ec2:CreateVpcEndpoint')) {
    expect(ClientToken).toMatch(/^[\x21-\x7e]{1,64}$/);
  }
});

test('a modification sends what changes and nothing else', async () => {
  const { apply, transport } = scriptedCloud({ 'ec2:ModifyVpcEndpoint': () => ({}) });
  await apply(modification({ removeSubnetIds: ['subnet-1'], policy: { Statement: [] } }));
  expect(transport.inputsOf('ec2:ModifyVpcEndpoint')).toEqual([
    {
      VpcEndpointId: 'vpce-1',
      RemoveSubnetIds: ['subnet-1'],
      PolicyDocument: '{"Statement":[]}',
    },
  ]);
});

function deletionOf(...endpointIds: readonly string[]) {
  return { kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds } as const;
}

/** An AWS that answers 200 and says in a list what it did not delete. */
function deleting(failures: Readonly<Record<string, string>>) {
  return scriptedCloud({
    'ec2:DeleteVpcEndpoints': ({ VpcEndpointIds = [] }) => ({
      Unsuccessful: VpcEndpointIds.filter((id) => failures[id] !== undefined).map((id) => ({
        ResourceId: id,
        Error: { Code: failures[id], Message: 'because' },
      })),
    }),
  });
}

test('a deletion that AWS lists as unsuccessful fails, unless the endpoint is gone', async () => {
  const { apply } = deleting({
    'vpce-gone': 'InvalidVpcEndpoint.NotFound',
    'vpce-busy': 'OperationInProgress',
  });
  await apply(deletionOf('vpce-1', 'vpce-gone'));
  await expect(apply(deletionOf('vpce-gone', 'vpce-busy'))).rejects.toMatchObject({
    kind: 'InTransition',
    action: 'ec2:DeleteVpcEndpoints',
    code: 'OperationInProgress',
    doneFor: ['vpce-gone'],
  });
});

test('a deletion that AWS refuses for one endpoint is done for the others', async () => {
  const { apply } = deleting({ 'vpce-2': 'UnauthorizedOperation' });
  await expect(apply(deletionOf('vpce-1', 'vpce-2', 'vpce-3'))).rejects.toMatchObject({
    code: 'UnauthorizedOperation',
    doneFor: ['vpce-1', 'vpce-3'],
  });
  const unnamed = scriptedCloud({
    'ec2:DeleteVpcEndpoints': () => ({ Unsuccessful: [{ Error: { Code: 'InternalError' } }] }),
  });
  await expect(unnamed.apply(deletionOf('vpce-1', 'vpce-2'))).rejects.toMatchObject({
    doneFor: [],
  });
});

test('deletions of several links are one call, and each gets its own outcome', async () => {
  const { apply, transport } = deleting({ 'vpce-2': 'UnauthorizedOperation' });
  const outcomes = await Promise.allSettled([
    apply(deletionOf('vpce-1')),
    apply(deletionOf('vpce-2')),
    apply(deletionOf('vpce-3')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(transport.inputsOf('ec2:DeleteVpcEndpoints')).toEqual([
    { VpcEndpointIds: ['vpce-1', 'vpce-2', 'vpce-3'] },
  ]);
});

test('one link that may not delete its endpoint does not stop the others', async () => {
  const { apply } = scriptedCloud({
    'ec2:DeleteVpcEndpoints': ({ VpcEndpointIds = [] }) => {
      if (VpcEndpointIds.includes('vpce-2')) throw ec2Error('UnauthorizedOperation', '', 403);
      return { Unsuccessful: [] };
    },
  });
  const outcomes = await Promise.allSettled([
    apply(deletionOf('vpce-1')),
    apply(deletionOf('vpce-2')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

const wanted = [
  { source: { cidr: '10.0.0.0/8' }, port: 443, description: 'clients' },
  { source: { cidr: '2001:db8::/32' }, port: 443 },
  { source: { prefixListId: 'pl-1' }, port: 8443 },
  { source: { securityGroupId: 'sg-2' }, port: 443 },
];

test('rules of one port are one permission, whatever their sources', async () => {
  const { apply, transport } = scriptedCloud({
    'ec2:AuthorizeSecurityGroupIngress': () => ({ SecurityGroupRules: [] }),
    'ec2:DescribeSecurityGroupRules': () => ({ SecurityGroupRules: [] }),
  });
  const tags = { owner: 'me' };
  await apply({ kind: 'AuthorizeIngress', reason: 'r', groupId: 'sg-1', rules: wanted, tags });
  const [input] = transport.inputsOf('ec2:AuthorizeSecurityGroupIngress');
  expect(input?.IpPermissions).toEqual([
    {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'clients' }],
      Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
      UserIdGroupPairs: [{ GroupId: 'sg-2' }],
    },
    { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, PrefixListIds: [{ PrefixListId: 'pl-1' }] },
  ]);
  expect(input?.TagSpecifications?.[0]?.ResourceType).toBe('security-group-rule');
});

test('when one rule exists already, only the missing ones are added, and all are returned', async () => {
  const existing = {
    SecurityGroupRuleId: 'sgr-1',
    GroupId: 'sg-1',
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    CidrIpv4: '10.0.0.0/8',
  };
  const rules = wanted.slice(0, 2);
  const { apply, transport } = scriptedCloud({
    'ec2:AuthorizeSecurityGroupIngress': ({ IpPermissions = [] }) => {
      const [permission] = IpPermissions;
      if (permission?.IpRanges) throw ec2Error('InvalidPermission.Duplicate');
      const added = { ...existing, SecurityGroupRuleId: 'sgr-2', CidrIpv6: '2001:db8::/32' };
      const { CidrIpv4: _ipv4, ...ipv6 } = added;
      return { SecurityGroupRules: [ipv6] };
    },
    'ec2:DescribeSecurityGroupRules': () => ({
      SecurityGroupRules: [
        existing,
        { ...existing, SecurityGroupRuleId: 'sgr-3', CidrIpv4: '192.168.0.0/16' },
        { ...existing, SecurityGroupRuleId: 'sgr-4', IsEgress: true },
      ],
    }),
  });
  const answer = await apply({
    kind: 'AuthorizeIngress',
    reason: 'r',
    groupId: 'sg-1',
    rules,
    tags: {},
  });
  expect(answer.rules.map(({ id }) => id)).toEqual(['sgr-1', 'sgr-2']);
  expect(transport.inputsOf('ec2:AuthorizeSecurityGroupIngress')).toHaveLength(2);
});

test('a rule that is gone does not keep the others from being revoked', async () => {
  const left = new Set(['sgr-1', 'sgr-3']);
  const { apply } = scriptedCloud({
    'ec2:RevokeSecurityGroupIngress': ({ SecurityGroupRuleIds = [] }) => {
      if (!SecurityGroupRuleIds.every((id) => left.has(id))) {
        throw ec2Error('InvalidSecurityGroupRuleId.NotFound');
      }
      for (const id of SecurityGroupRuleIds) left.delete(id);
      return {};
    },
  });
  const ruleIds = ['sgr-1', 'sgr-2', 'sgr-3'];
  await apply({ kind: 'RevokeIngress', reason: 'r', groupId: 'sg-1', ruleIds });
  expect(left).toEqual(new Set());
});

test('egress rules are revoked by id, and by content when their id was not read', async () => {
  const { apply, transport } = scriptedCloud({ 'ec2:RevokeSecurityGroupEgress': () => ({}) });
  const all = { isEgress: true, protocol: '-1', fromPort: -1, toPort: -1 };
  const rules = [
    rule({ ...all, id: '', source: { cidr: '0.0.0.0/0' } }),
    rule({ ...all, id: '', source: { cidr: '::/0' } }),
    rule({ ...all, id: 'sgr-9' }),
  ];
  await apply({ kind: 'RevokeEgress', reason: 'r', groupId: 'sg-1', rules });
  expect(transport.inputsOf('ec2:RevokeSecurityGroupEgress')).toEqual([
    { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-9'] },
    {
      GroupId: 'sg-1',
      IpPermissions: [
        { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    },
  ]);
});

test('a change whose answer was lost is not repeated blindly', async () => {
  const { apply, transport } = scriptedCloud({
    'ec2:CreateVpcEndpoint': () => {
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
  });
  await expect(apply(creation)).rejects.toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
  expect(transport.sent).toHaveLength(1);
});
