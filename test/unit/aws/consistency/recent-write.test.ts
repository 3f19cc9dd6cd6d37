import { expect, test } from '@jest/globals';
import { changesOfFact, recentWritesOf } from '../../../../src/aws/consistency/recent-write.ts';
import { modification as modificationAspect } from '../../../../src/plan/endpoint/actions/endpoint-changes.ts';
import { defaultVersion } from '../../../../src/plan/notebook-policy/actions/policy-changes.ts';
import { changesOf } from '../../../../src/plan/actions/action-catalogue.ts';
import { endpoint, group, modification } from '../aws-values.ts';
import { arn, documentOf, managedPolicy } from '../notebook-policy/policy-values.ts';

test('an action leaves one write for each resource that it changes', () => {
  const endpointIds = ['vpce-1', 'vpce-2'];
  const deletion = { kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds } as const;
  const writes = recentWritesOf(deletion, {});
  expect(writes.map(({ id }) => id)).toEqual(endpointIds);
  for (const write of writes) {
    expect(changesOfFact(write, 'Endpoint')).toHaveLength(1);
    expect(changesOfFact(write, 'SecurityGroup')).toEqual([]);
  }
});

test('a change of several facts of one resource is one write', () => {
  const change = { reason: 'r', arn, document: documentOf('v2') };
  const [write, ...more] = recentWritesOf(
    { kind: 'CreatePolicyVersion', ...change },
    { versionId: 'v2' },
  );
  expect(more).toEqual([]);
  expect(write).toMatchObject({ id: arn, aspect: defaultVersion });
  const [policy] = write === undefined ? [] : changesOfFact(write, 'ManagedPolicy');
  expect(policy?.after(managedPolicy())).toMatchObject({ defaultVersionId: 'v2', settling: true });
  const [versions] = write === undefined ? [] : changesOfFact(write, 'PolicyVersions');
  expect(versions?.after([])).toMatchObject([{ id: 'v2', isDefault: true }]);
});

test('the part that changes has its name, so that a later change of it can replace this one', () => {
  const [write] = recentWritesOf(modification({ privateDnsEnabled: true }), {});
  expect(write?.aspect).toBe(modificationAspect);
});

test('finding what was to be made changes nothing that a read could lack', () => {
  const { rules: _none, ...found } = group();
  const { name, vpcId, tags } = found;
  const creation = {
    kind: 'CreateSecurityGroup',
    reason: 'r',
    description: '',
    vpcHasIpv6: false,
    name,
    vpcId,
    tags,
  } as const;
  expect(recentWritesOf(creation, { group: found, existed: true })).toEqual([]);
  expect(recentWritesOf(creation, { group: found, existed: false })).toMatchObject([
    { id: found.id },
  ]);
});

test('addresses that an endpoint takes are no write: no read is merged with them', () => {
  const creation = {
    kind: 'CreateVpcEndpoint',
    reason: 'r',
    serviceName: endpoint().serviceName,
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1', 'subnet-2'],
    addresses: [],
    securityGroupIds: [],
    ipAddressType: 'ipv4',
    privateDnsEnabled: false,
    tags: {},
    clientToken: 'token',
  } as const;
  const created = endpoint({ subnetIds: ['subnet-1', 'subnet-2'] });
  const facts = changesOf(creation, { endpoint: created }).map(({ of }) => of);
  expect(facts).toContain('FreeAddresses');
  const writes = recentWritesOf(creation, { endpoint: created });
  expect(writes.map(({ id }) => id)).toEqual([created.id]);
});
