/** The readers of networks, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createPrefixListsReader } from '../../../../src/aws/network/read-prefix-lists.ts';
import {
  createSubnetsByIdReader,
  createSubnetsReader,
} from '../../../../src/aws/network/read-subnets.ts';
import { createVpcDnsAttributesReader } from '../../../../src/aws/network/read-vpc-dns-attributes.ts';
import { createVpcsReader } from '../../../../src/aws/network/read-vpcs.ts';
import { accountId, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

function denied(action: string): object {
  world.simulator.faults.add({ action, effect: { kind: 'deny' } });
  return { kind: 'Denied', action: `ec2:${action}` };
}

test('a VPC is read with all of its blocks and with its tags', async () => {
  const { aws, reading, ask } = world;
  const vpc = aws.createVpc({ cidr: '10.1.0.0/16', ipv6: true, tags: { env: 'ml' } });
  aws.run('AssociateVpcCidrBlock', { VpcId: vpc.id, CidrBlock: '10.2.0.0/16' });
  const vpcs = createVpcsReader(reading);
  const [found, ...more] = await vpcs({ id: vpc.id }, ask());
  expect(found).toMatchObject({
    id: vpc.id,
    ownerId: accountId,
    cidrs: ['10.1.0.0/16', '10.2.0.0/16'],
    ipv6Cidrs: [expect.stringMatching(/::\/56$/)],
    tags: { env: 'ml' },
  });
  expect(more).toEqual([]);
  expect(await vpcs({ id: 'vpc-0123456789abcdef0' }, ask())).toEqual([]);
});

test('VPCs of a tag are found on every page, and none that only a wildcard would find', async () => {
  const { aws, reading, ask, pagesOf, sent } = world;
  const tagged = Array.from({ length: 11 }, (_, index) =>
    aws.createVpc({ cidr: `10.${index}.0.0/16`, tags: { env: 'a*' } }),
  );
  aws.createVpc({ cidr: '10.99.0.0/16', tags: { env: 'ab' } });
  pagesOf(5);
  const found = await createVpcsReader(reading)({ tags: { env: 'a*' } }, ask());
  expect(found.map(({ id }) => id).toSorted()).toEqual(tagged.map(({ id }) => id).toSorted());
  expect(sent('DescribeVpcs')).toBe(3);
});

test('a block that was taken from a VPC is none of its blocks, although AWS still lists it', async () => {
  const { aws, reading, ask, answering } = world;
  const { id } = aws.defaultVpc();
  const block = (CidrBlock: string, State: 'disassociated' | 'associating') => ({
    CidrBlock,
    CidrBlockState: { State },
  });
  answering('ec2:DescribeVpcs', (answer) => ({
    ...answer,
    Vpcs: answer.Vpcs?.map((vpc) => ({
      ...vpc,
      CidrBlockAssociationSet: [
        block('10.8.0.0/16', 'disassociated'),
        block('10.9.0.0/16', 'associating'),
      ],
    })),
  }));
  const [found] = await createVpcsReader(reading)({ id }, ask());
  expect(found?.cidrs).toEqual(['172.31.0.0/16', '10.9.0.0/16']);
});

test('a VPC of which AWS tells nothing but the id has no blocks and no owner', async () => {
  const { aws, reading, ask, answering } = world;
  const { id } = aws.defaultVpc();
  answering('ec2:DescribeVpcs', (answer) => ({ ...answer, Vpcs: [{ VpcId: id }, {}] }));
  const bare = { id, ownerId: '', cidrs: [], ipv6Cidrs: [], tags: {} };
  expect(await createVpcsReader(reading)({ id }, ask())).toEqual([bare]);
});

test('a VPC that may not be read is an error, and none that is absent', async () => {
  const { aws, reading, ask } = world;
  const { id } = aws.defaultVpc();
  const error = denied('DescribeVpcs');
  const vpcs = createVpcsReader(reading);
  await expect(vpcs({ id }, ask())).rejects.toMatchObject(error);
  await expect(vpcs({ tags: { env: 'ml' } }, ask())).rejects.toMatchObject(error);
});

test('the subnets of a VPC are read to the last page, and each VPC gets its own', async () => {
  const { aws, reading, ask, pagesOf, sent } = world;
  const { id: vpcId } = aws.createVpc({ cidr: '10.1.0.0/16', ipv6: true });
  const made = Array.from({ length: 12 }, (_, index) =>
    aws.createSubnet({ vpcId, cidr: `10.1.${index}.0/24`, zone: 'eu-west-1a', tags: { n: 'x' } }),
  );
  pagesOf(5);
  const subnets = createSubnetsReader(reading);
  const both = await Promise.all([subnets(vpcId, ask()), subnets(aws.defaultVpc().id, ask())]);
  expect(both.map((found) => found.length)).toEqual([12, 3]);
  expect(sent('DescribeSubnets')).toBe(3);
  expect(both[0].find(({ id }) => id === made[0]?.id)).toEqual({
    id: made[0]?.id,
    vpcId,
    ownerId: accountId,
    zone: 'eu-west-1a',
    cidr: '10.1.0.0/24',
    ipv6Cidrs: [],
    availableAddresses: 251,
    tags: { n: 'x' },
  });
});

test('subnets come in the order in which they are asked for, without those that are gone', async () => {
  const { aws, reading, ask } = world;
  const [one, two] = aws.subnets(aws.defaultVpc().id).map(({ id }) => id);
  const ids = [two ?? '', 'subnet-0123456789abcdef0', one ?? ''];
  const found = await createSubnetsByIdReader(reading)(ids, ask());
  expect(found.map(({ id }) => id)).toEqual([two, one]);
});

test('a subnet is only what AWS says of it: no IPv4, an IPv6 block that goes, no count', async () => {
  const { reading, ask, answering } = world;
  const association = (Ipv6CidrBlock: string, State: 'associated' | 'disassociating') => ({
    Ipv6CidrBlock,
    Ipv6CidrBlockState: { State },
  });
  const Ipv6CidrBlockAssociationSet = [
    association('2001:db8:1::/64', 'disassociating'),
    association('2001:db8:2::/64', 'associated'),
  ];
  answering('ec2:DescribeSubnets', (answer) => ({
    ...answer,
    Subnets: [{ SubnetId: 'subnet-1', CidrBlock: '', Ipv6CidrBlockAssociationSet }, {}],
  }));
  expect(await createSubnetsByIdReader(reading)(['subnet-1'], ask())).toEqual([
    {
      id: 'subnet-1',
      vpcId: '',
      ownerId: '',
      zone: '',
      ipv6Cidrs: ['2001:db8:2::/64'],
      availableAddresses: 0,
      tags: {},
    },
  ]);
});

test('subnets that may not be read are an error', async () => {
  const { aws, reading, ask } = world;
  const error = denied('DescribeSubnets');
  await expect(createSubnetsReader(reading)(aws.defaultVpc().id, ask())).rejects.toMatchObject(
    error,
  );
  await expect(createSubnetsByIdReader(reading)(['subnet-1'], ask())).rejects.toMatchObject(error);
});

test.each([
  { enableDnsSupport: true, enableDnsHostnames: true },
  { enableDnsSupport: true, enableDnsHostnames: false },
  { enableDnsSupport: false, enableDnsHostnames: false },
])('the DNS attributes of a VPC are read: %j', async (attributes) => {
  const { aws, reading, ask } = world;
  const { id } = aws.createVpc({ cidr: '10.1.0.0/16', ...attributes });
  expect(await createVpcDnsAttributesReader(reading)(id, ask())).toEqual(attributes);
});

test('DNS of a VPC that is gone is an error for who asked, and an attribute that AWS keeps silent about is off', async () => {
  const { aws, reading, ask, answering } = world;
  const attributes = createVpcDnsAttributesReader(reading);
  const { id } = aws.createVpc({ cidr: '10.1.0.0/16', enableDnsHostnames: true });
  const both = await Promise.allSettled([
    attributes('vpc-0123456789abcdef0', ask()),
    attributes(id, ask()),
  ]);
  expect(both).toMatchObject([
    { status: 'rejected', reason: { kind: 'NotFound', code: 'InvalidVpcID.NotFound' } },
    { status: 'fulfilled', value: { enableDnsHostnames: true } },
  ]);
  answering('ec2:DescribeVpcAttribute', ({ $metadata }) => ({ $metadata }));
  const off = { enableDnsSupport: false, enableDnsHostnames: false };
  expect(await attributes(id, ask())).toEqual(off);
});

/** A list of a customer, with one entry. @returns its id */
function createList(name: string): string {
  const { prefixList } = world.aws.run('CreateManagedPrefixList', {
    PrefixListName: name,
    AddressFamily: 'IPv6',
    MaxEntries: '7',
    'Entry.1.Cidr': '2001:db8::/32',
  });
  return (prefixList as { readonly prefixListId: string }).prefixListId;
}

test('prefix lists are read by id, on all pages, and those that are gone are left out', async () => {
  const { reading, ask, pagesOf, sent } = world;
  const names = ['a', 'b', 'c', 'd', 'e'];
  const ids = names.map(createList);
  pagesOf(2);
  const asked = [...ids, 'pl-0123456789abcdef0'];
  const found = await createPrefixListsReader(reading)(asked, ask());
  expect(found.map(({ name }) => name).toSorted()).toEqual(names);
  expect(found[0]).toMatchObject({ addressFamily: 'IPv6', maxEntries: 7 });
  expect(sent('DescribeManagedPrefixLists')).toBe(3);
});

test('a list of AWS has no weight where AWS does not say one', async () => {
  const { reading, ask, answering } = world;
  const PrefixLists = [{ PrefixListId: 'pl-1', PrefixListName: 's3' }, { PrefixListName: 'odd' }];
  answering('ec2:DescribeManagedPrefixLists', (answer) => ({ ...answer, PrefixLists }));
  expect(await createPrefixListsReader(reading)(['pl-1'], ask())).toStrictEqual([
    { id: 'pl-1', name: 's3', addressFamily: '' },
  ]);
  const error = denied('DescribeManagedPrefixLists');
  await expect(createPrefixListsReader(reading)(['pl-1'], ask())).rejects.toMatchObject(error);
});
