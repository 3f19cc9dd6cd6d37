import type {
  NetworkInterface as SdkInterface,
  SecurityGroup as SdkGroup,
} from '@aws-sdk/client-ec2';
import type { Endpoint, GroupInterface, SecurityGroupUses } from '../../plan/facts.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { chunk, filterValuesPerCall } from '../client/paginate.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import { findInterfaces } from '../endpoint/read-network-interfaces.ts';
import type { ReadContext } from '../read-context.ts';
import { findSdkGroups } from './read-security-groups.ts';
import { findEndpoints } from '../endpoint/read-endpoints.ts';

/**
 * Answers `SecurityGroupUses`, for all groups that are asked for at a time: one call for network
 * interfaces, two for rules of other groups (AWS crosses the filters of one call), and one for
 * endpoints if any interface is of one. Rules of groups of other accounts in a shared VPC are not
 * to be seen.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
 */
export function createSecurityGroupUsesReader({ calls, clock, gatherMs }: ReadContext) {
  const read = createSharedRead<SecurityGroupUses>({
    action: 'ec2:DescribeNetworkInterfaces',
    clock,
    gatherMs,
    async load(groupIds, signal) {
      const parts = chunk(groupIds, filterValuesPerCall);
      const uses = await Promise.all(parts.map((part) => usesOf(calls, part, signal)));
      return new Map(uses.flat().map((use) => [use.groupId, use]));
    },
  });

  return async (
    groupIds: readonly string[],
    options: AskOptions,
  ): Promise<readonly SecurityGroupUses[]> => [...(await read.ask(groupIds, options)).values()];
}

async function usesOf(
  calls: AwsCalls,
  groupIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly SecurityGroupUses[]> {
  const having = (Name: string) => [{ Name, Values: [...groupIds] }];
  const [interfaces, byIngress, byEgress] = await Promise.all([
    findInterfaces(calls, having('group-id'), signal),
    findSdkGroups(calls, having('ip-permission.group-id'), signal),
    findSdkGroups(calls, having('egress.ip-permission.group-id'), signal),
  ]);
  const endpoints = await endpointsOf(calls, interfaces, signal);
  return groupIds.map((groupId) => ({
    groupId,
    interfaces: interfaces
      .filter(({ Groups = [] }) => Groups.some((group) => group.GroupId === groupId))
      .flatMap((one) => groupInterface(one, endpoints) ?? []),
    referringGroupIds: [
      // A group may name it in both directions.
      ...new Set([
        ...referring(byIngress, groupId, ({ IpPermissions }) => IpPermissions),
        ...referring(byEgress, groupId, ({ IpPermissionsEgress }) => IpPermissionsEgress),
      ]),
    ],
  }));
}

function referring(
  groups: readonly SdkGroup[],
  groupId: string,
  permissionsOf: (group: SdkGroup) => SdkGroup['IpPermissions'],
): readonly string[] {
  return groups
    .filter((group) =>
      permissionsOf(group)?.some(({ UserIdGroupPairs = [] }) =>
        UserIdGroupPairs.some((pair) => pair.GroupId === groupId),
      ),
    )
    .flatMap(({ GroupId: id }) => (id === undefined || id === groupId ? [] : [id]));
}

/** The endpoints that interfaces were made for, by id, as far as AWS still shows them. */
async function endpointsOf(
  calls: AwsCalls,
  interfaces: readonly SdkInterface[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Endpoint>> {
  const ids = [...new Set(interfaces.flatMap((one) => endpointIdOf(one) ?? []))];
  const found = new Map<string, Endpoint>();
  for (const part of chunk(ids, filterValuesPerCall)) {
    const filters = [{ Name: 'vpc-endpoint-id', Values: [...part] }];
    for (const one of await findEndpoints(calls, filters, signal)) found.set(one.id, one);
  }
  return found;
}

function groupInterface(
  sdkInterface: SdkInterface,
  endpoints: ReadonlyMap<string, Endpoint>,
): GroupInterface | undefined {
  const { NetworkInterfaceId: id } = sdkInterface;
  if (id === undefined) return undefined;
  const endpointId = endpointIdOf(sdkInterface);
  if (endpointId === undefined) return { id };
  const { state = 'deleted', tags = {} } = endpoints.get(endpointId) ?? {};
  return { id, endpoint: { id: endpointId, state, tags } };
}

/** AWS says only in words which endpoint it made an interface for. */
function endpointIdOf({ InterfaceType, Description = '' }: SdkInterface): string | undefined {
  if (InterfaceType !== 'vpc_endpoint') return undefined;
  return /\bvpce-[0-9a-f]+\b/.exec(Description)?.[0];
}
