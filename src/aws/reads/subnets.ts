import type { Subnet as SdkSubnet } from '@aws-sdk/client-ec2';
import type { Subnet } from '../../plan/facts.ts';
import { chunk, collectPages, filterValuesPerCall } from '../paginate.ts';
import { type AskOptions, createSharedRead } from '../shared-read.ts';
import { tagsFromSdk } from '../tags.ts';
import type { ReadContext } from './read-context.ts';

const action = 'ec2:DescribeSubnets';

/** Answers `Subnets`: whole VPCs, all that are asked for at a time in one call. */
export function createSubnetsReader({ calls, clock, gatherMs }: ReadContext) {
  async function find(vpcIds: readonly string[], signal: AbortSignal): Promise<readonly Subnet[]> {
    const Filters = [{ Name: 'vpc-id', Values: [...vpcIds] }];
    const subnets = await collectPages(action, async (NextToken) => {
      const page = await calls.call(action, { Filters, MaxResults: 500, NextToken }, { signal });
      return { items: page.Subnets, nextToken: page.NextToken };
    });
    return subnets.flatMap((subnet) => subnetFromSdk(subnet) ?? []);
  }

  const read = createSharedRead<readonly Subnet[]>({
    action,
    clock,
    gatherMs,
    async load(vpcIds, signal) {
      const found = new Map<string, Subnet[]>(vpcIds.map((vpcId) => [vpcId, []]));
      for (const part of chunk(vpcIds, filterValuesPerCall)) {
        for (const subnet of await find(part, signal)) found.get(subnet.vpcId)?.push(subnet);
      }
      return found;
    },
  });

  return async (vpcId: string, options: AskOptions): Promise<readonly Subnet[]> =>
    (await read.ask([vpcId], options)).get(vpcId) ?? [];
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
