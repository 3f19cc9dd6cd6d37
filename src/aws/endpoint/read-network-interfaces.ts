import type { Filter, NetworkInterface as SdkInterface } from '@aws-sdk/client-ec2';
import type { NetworkInterface } from '../../plan/facts.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { chunk, collectPages, filterValuesPerCall } from '../client/paginate.ts';
import { sharedText } from '../../runtime/shared-text.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'ec2:DescribeNetworkInterfaces';

/** All network interfaces that the filters select, as AWS describes them. */
export async function findInterfaces(
  calls: AwsCalls,
  filters: Filter[],
  signal: AbortSignal,
): Promise<readonly SdkInterface[]> {
  return collectPages(action, async (NextToken) => {
    const input = { Filters: filters, MaxResults: 500, NextToken };
    const page = await calls.call(action, input, { signal });
    return { items: page.NetworkInterfaces, nextToken: page.NextToken };
  });
}

/** Answers `NetworkInterfaces`: by id, all that are asked for at a time in one call. */
export function createNetworkInterfacesReader({ calls, clock, gatherMs }: ReadContext) {
  const read = createSharedRead<NetworkInterface>({
    action,
    clock,
    gatherMs,
    // Ids come from endpoints that have them, so an interface that is missing is not shown yet.
    isFailure: (answer) => answer === undefined,
    async load(ids, signal) {
      const found = new Map<string, NetworkInterface>();
      for (const part of chunk(ids, filterValuesPerCall)) {
        const filters = [{ Name: 'network-interface-id', Values: [...part] }];
        for (const sdkInterface of await findInterfaces(calls, filters, signal)) {
          const networkInterface = networkInterfaceFromSdk(sdkInterface);
          if (networkInterface !== undefined) found.set(networkInterface.id, networkInterface);
        }
      }
      return found;
    },
  });

  return async (
    ids: readonly string[],
    options: AskOptions,
  ): Promise<readonly NetworkInterface[]> => [...(await read.ask(ids, options)).values()];
}

function networkInterfaceFromSdk(sdkInterface: SdkInterface): NetworkInterface | undefined {
  const { NetworkInterfaceId: id, PrivateIpAddress: ipv4 } = sdkInterface;
  if (!id) return undefined;
  const ipv6 = sdkInterface.Ipv6Addresses?.[0]?.Ipv6Address;
  return {
    id: sharedText(id),
    subnetId: sharedText(sdkInterface.SubnetId ?? ''),
    zone: sharedText(sdkInterface.AvailabilityZone ?? ''),
    ...(ipv4 === undefined || ipv4 === '' ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
}
