import type { ManagedPrefixList as SdkPrefixList, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { NetworkInterface, ServiceEndpoint } from '../../plan/facts.ts';
import { leadsNowhere } from '../../plan/clients/wanted-egress.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { chunk, collectPages, filterValuesPerCall } from '../client/paginate.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import { endpointFromSdk } from '../endpoint/endpoint-from-sdk.ts';
import type { ReadContext } from '../read-context.ts';

const endpointsAction = 'ec2:DescribeVpcEndpoints';
const listsAction = 'ec2:DescribeManagedPrefixLists';
const entriesAction = 'ec2:GetManagedPrefixListEntries';
/** AWS's pages of prefix lists and of their entries hold at most 100. */
const rowsPerCall = 100;
/** AWS changes its lists some times a year, and announces that. */
const listMaxAgeMs = 10 * 60_000;

type ReadInterfaces = (
  ids: readonly string[],
  options: AskOptions,
) => Promise<readonly NetworkInterface[]>;

/** An endpoint without its addresses. */
interface BareEndpoint extends Pick<ServiceEndpoint, 'serviceName' | 'state'> {
  readonly isGateway: boolean;
  readonly interfaceIds: readonly string[];
}

/**
 * Answers `ClientServices`: endpoints of VPCs by service, with the addresses of their interfaces, and
 * for a gateway endpoint with the blocks of its service. Each of the reads is shared by all links.
 */
export function createServiceEndpointsReader(context: ReadContext, interfaces: ReadInterfaces) {
  const bareEndpoints = createBareEndpointsReader(context);
  const blocks = createServiceBlocksReader(context);

  return async (
    vpcId: string,
    serviceNames: readonly string[],
    options: AskOptions,
  ): Promise<readonly ServiceEndpoint[]> => {
    const keys = serviceNames.map((serviceName) => `${vpcId}/${serviceName}`);
    const bare = [...(await bareEndpoints.ask(keys, options)).values()].flat();
    const gateways = bare.filter(({ isGateway }) => isGateway);
    const ids = bare.flatMap(({ interfaceIds }) => interfaceIds);
    const older = { ...options, since: options.since - listMaxAgeMs };
    const [found, cidrs] = await Promise.all([
      ids.length === 0 ? [] : interfaces([...new Set(ids)], options),
      blocks.ask([...new Set(gateways.map(({ serviceName }) => serviceName))], older),
    ]);
    return bare.map(({ serviceName, state, isGateway, interfaceIds }) => {
      const byInterface = interfaceIds.map((id) => addressesOf(found.find((one) => one.id === id)));
      return {
        serviceName,
        state,
        addresses: byInterface.flat().sort(),
        isPartlyShown: byInterface.some((addresses) => addresses.length === 0),
        cidrs: isGateway ? (cidrs.get(serviceName) ?? []) : [],
      };
    });
  };
}

function addressesOf({ ipv4, ipv6 }: Partial<NetworkInterface> = {}): readonly string[] {
  return [ipv4, ipv6].filter((address) => address !== undefined);
}

function createBareEndpointsReader({ calls, clock, gatherMs }: ReadContext) {
  async function find(
    filters: Readonly<Record<string, readonly string[]>>,
    signal: AbortSignal,
  ): Promise<readonly VpcEndpoint[]> {
    const Filters = Object.entries(filters).map(([Name, Values]) => ({
      Name,
      Values: [...Values],
    }));
    return collectPages(endpointsAction, async (NextToken) => {
      const input = { Filters, MaxResults: 500, NextToken };
      const page = await calls.call(endpointsAction, input, { signal });
      return { items: page.VpcEndpoints, nextToken: page.NextToken };
    });
  }

  return createSharedRead<readonly BareEndpoint[]>({
    action: endpointsAction,
    clock,
    gatherMs,
    async load(keys, signal) {
      const pairs = keys.map((key) => key.split('/'));
      const vpcIds = [...new Set(pairs.map(([vpcId = '']) => vpcId))];
      const names = [...new Set(pairs.map(([, name = '']) => name))];
      const found = new Map<string, BareEndpoint[]>(keys.map((key) => [key, []]));
      for (const vpcs of chunk(vpcIds, filterValuesPerCall / 2)) {
        for (const services of chunk(names, filterValuesPerCall / 2)) {
          for (const one of await find({ 'vpc-id': vpcs, 'service-name': services }, signal)) {
            found.get(`${one.VpcId}/${one.ServiceName}`)?.push(...bareEndpoint(one));
          }
        }
      }
      return found;
    },
  });
}

function bareEndpoint(endpoint: VpcEndpoint): readonly BareEndpoint[] {
  const { VpcEndpointType: type = 'Interface' } = endpoint;
  if (type !== 'Interface' && type !== 'Gateway') return [];
  const read = endpointFromSdk(endpoint);
  if (read === undefined) {
    throw incompleteAnswer(endpointsAction, 'with an endpoint without its id, VPC or service');
  }
  const { serviceName, state, networkInterfaceIds: interfaceIds } = read;
  if (leadsNowhere(state)) return [];
  return [{ serviceName, state, isGateway: type === 'Gateway', interfaceIds }];
}

/** By service name: the entries of the list of that name, which AWS keeps for gateway endpoints. */
function createServiceBlocksReader({ calls, clock, gatherMs }: ReadContext) {
  async function lists(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly SdkPrefixList[]> {
    const Filters = [{ Name: 'prefix-list-name', Values: [...names] }];
    return collectPages(listsAction, async (NextToken) => {
      const input = { Filters, MaxResults: rowsPerCall, NextToken };
      const page = await calls.call(listsAction, input, { signal });
      return { items: page.PrefixLists, nextToken: page.NextToken };
    });
  }

  async function entries(PrefixListId: string, signal: AbortSignal): Promise<readonly string[]> {
    const rows = await collectPages(entriesAction, async (NextToken) => {
      const input = { PrefixListId, MaxResults: rowsPerCall, NextToken };
      const page = await calls.call(entriesAction, input, { signal });
      return { items: page.Entries, nextToken: page.NextToken };
    });
    return rows.flatMap(({ Cidr }) => Cidr ?? []).sort();
  }

  return createSharedRead<readonly string[]>({
    action: entriesAction,
    clock,
    gatherMs,
    async load(names, signal) {
      const found = new Map<string, readonly string[]>();
      if (names.length === 0) return found;
      for (const part of chunk(names, filterValuesPerCall)) {
        for (const { PrefixListId: id, PrefixListName: name, OwnerId } of await lists(
          part,
          signal,
        )) {
          // Anybody can give a list of their own the name of AWS's.
          if (id === undefined || name === undefined || OwnerId !== 'AWS') continue;
          found.set(name, [...(found.get(name) ?? []), ...(await entries(id, signal))].sort());
        }
      }
      return found;
    },
  });
}
