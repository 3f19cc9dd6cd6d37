import type { Subnet as SdkSubnet } from '@aws-sdk/client-ec2';
import type { Subnet } from '../../plan/facts.ts';
import { chunk, collectPages, filterValuesPerCall } from '../client/paginate.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import { tagsFromSdk } from '../client/tags.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'ec2:DescribeSubnets';

/** Answers `Subnets`: whole VPCs, all that are asked for at a time in one call. */
export function createSubnetsReader(context: ReadContext) {
  const read = createSharedRead<readonly Subnet[]>({
    action,
    clock: context.clock,
    gatherMs: context.gatherMs,
    alongUpTo: filterValuesPerCall,
    async load(vpcIds, signal) {
      const found = new Map<string, Subnet[]>(vpcIds.map((vpcId) => [vpcId, []]));
      for (const subnet of await find(context, 'vpc-id', vpcIds, signal)) {
        found.get(subnet.vpcId)?.push(subnet);
      }
      return found;
    },
  });

  const subnetsOf = async (vpcId: string, options: AskOptions): Promise<readonly Subnet[]> =>
    (await read.ask([vpcId], options)).get(vpcId) ?? [];
  return Object.assign(subnetsOf, { expect: (vpcIds: readonly string[]) => read.expect(vpcIds) });
}

/** Answers `SubnetsById`: filters find what there is, where ids would refuse the call for one. */
export function createSubnetsByIdReader(context: ReadContext) {
  const read = createSharedRead<Subnet>({
    action,
    clock: context.clock,
    gatherMs: context.gatherMs,
    async load(ids, signal) {
      const subnets = await find(context, 'subnet-id', ids, signal);
      return new Map(subnets.map((subnet) => [subnet.id, subnet]));
    },
  });

  return async (ids: readonly string[], options: AskOptions): Promise<readonly Subnet[]> => {
    const answer = await read.ask(ids, options);
    return ids.flatMap((id) => answer.get(id) ?? []);
  };
}

async function find(
  { calls }: ReadContext,
  filter: 'vpc-id' | 'subnet-id',
  values: readonly string[],
  signal: AbortSignal,
): Promise<readonly Subnet[]> {
  const found: SdkSubnet[] = [];
  for (const part of chunk(values, filterValuesPerCall)) {
    const Filters = [{ Name: filter, Values: [...part] }];
    const subnets = await collectPages(action, async (NextToken) => {
      const page = await calls.call(action, { Filters, MaxResults: 500, NextToken }, { signal });
      return { items: page.Subnets, nextToken: page.NextToken };
    });
    found.push(...subnets);
  }
  return found.flatMap((subnet) => subnetFromSdk(subnet) ?? []);
}

function subnetFromSdk(subnet: SdkSubnet): Subnet | undefined {
  const { SubnetId: id } = subnet;
  if (!id) return undefined;
  const cidr = subnet.CidrBlock;
  return {
    id,
    vpcId: subnet.VpcId ?? '',
    ownerId: subnet.OwnerId ?? '',
    zone: subnet.AvailabilityZone ?? '',
    ...(cidr === undefined || cidr === '' ? {} : { cidr }),
    ...(subnet.OutpostArn ? { outpostArn: subnet.OutpostArn } : {}),
    ipv6Cidrs: (subnet.Ipv6CidrBlockAssociationSet ?? []).flatMap((association) => {
      const state = association.Ipv6CidrBlockState?.State;
      const isInUse = state === undefined || state === 'associated';
      return isInUse ? (association.Ipv6CidrBlock ?? []) : [];
    }),
    availableAddresses: subnet.AvailableIpAddressCount ?? 0,
    tags: tagsFromSdk(subnet.Tags),
  };
}
