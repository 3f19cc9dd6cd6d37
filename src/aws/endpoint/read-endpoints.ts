import type { Filter, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Endpoint } from '../../plan/facts.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { mapInTurns } from '../../runtime/map-in-turns.ts';
import { endpointFromSdk } from './endpoint-from-sdk.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { chunk, collectPages, filterValuesPerCall } from '../client/paginate.ts';
import { createItemSieve, isParsed } from '../client/items/item-sieve.ts';
import type { KeptFact } from '../consistency/kept-fact.ts';
import type { KnownFacts, ReadFact } from '../consistency/known-facts.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'ec2:DescribeVpcEndpoints';

/** Endpoints per page: where an answer can't be parsed in parts, 500 hold the event loop for some 50 ms. */
const endpointsPerPage = 500;

/** Endpoints whose facts are read and packed in a turn of the event loop: some 5 ms. */
const readPerTurn = 100;

/** All endpoints that the filters select. */
export async function findEndpoints(
  calls: AwsCalls,
  filters: Filter[],
  signal: AbortSignal,
): Promise<readonly Endpoint[]> {
  return collectPages(action, async (NextToken) => {
    const page = await calls.call(action, pageInput(filters, NextToken), { signal });
    const items = (page.VpcEndpoints ?? []).filter(isOfService).map(factsOf);
    return { items, nextToken: page.NextToken };
  });
}

/** The same for a list that is read again and again: the endpoints that are known are not parsed. */
export async function findKnownEndpoints(
  calls: AwsCalls,
  filters: Filter[],
  signal: AbortSignal,
  known: KnownFacts<Endpoint>,
): Promise<readonly ReadFact<Endpoint>[]> {
  const knownBy = (digest: string): KeptFact<Endpoint> | undefined => known.inWords(digest);
  return collectPages(action, async (NextToken) => {
    const sieve = createItemSieve({
      action,
      list: 'vpcEndpointSet',
      member: 'VpcEndpoints',
      knownBy,
      onUncut: () => known.forgetWords(),
    });
    const page = await calls.call(action, pageInput(filters, NextToken), { signal, sieve });
    const items = sieve
      .items(page.VpcEndpoints ?? [])
      .filter((item) => 'known' in item || isOfService(item.parsed));
    const options = { perTurn: readPerTurn, signal, takesLong: isParsed };
    const read = await mapInTurns(items, options, (item) => known.read(item, factsOf));
    return { items: read, nextToken: page.NextToken };
  });
}

function pageInput(Filters: Filter[], NextToken: string | undefined) {
  return { Filters, MaxResults: endpointsPerPage, NextToken };
}

function factsOf(endpoint: VpcEndpoint): Endpoint {
  const read = endpointFromSdk(endpoint);
  if (read !== undefined) return read;
  throw incompleteAnswer(action, 'with an endpoint without its id, VPC or service');
}

/** Endpoints of resources and of service networks are of no service, and never ours. */
function isOfService({ VpcEndpointType: type }: VpcEndpoint): boolean {
  return type !== 'Resource' && type !== 'ServiceNetwork';
}

/**
 * Answers `VpcEndpoints`. All VPCs and services that are asked for at a time go into one call,
 * whose filters AWS crosses: it may return more than was asked, never less.
 */
export function createVpcEndpointsReader({ calls, clock, gatherMs }: ReadContext) {
  const read = createSharedRead<readonly Endpoint[]>({
    action,
    clock,
    gatherMs,
    async load(keys, signal) {
      const pairs = keys.map(pairFromKey);
      const vpcIds = [...new Set(pairs.map(({ vpcId }) => vpcId))];
      const serviceNames = [...new Set(pairs.map(({ serviceName }) => serviceName))];
      const found: Endpoint[] = [];
      for (const vpcs of chunk(vpcIds, filterValuesPerCall)) {
        for (const services of chunk(serviceNames, filterValuesPerCall)) {
          const filters = [
            { Name: 'vpc-id', Values: [...vpcs] },
            { Name: 'service-name', Values: [...services] },
          ];
          found.push(...(await findEndpoints(calls, filters, signal)));
        }
      }
      return groupByKey(keys, found);
    },
  });

  return async (
    vpcId: string,
    serviceNames: readonly string[],
    options: AskOptions,
  ): Promise<readonly Endpoint[]> => {
    const keys = serviceNames.map((serviceName) => keyOf({ vpcId, serviceName }));
    return [...(await read.ask(keys, options)).values()].flat();
  };
}

interface Pair {
  readonly vpcId: string;
  readonly serviceName: string;
}

/** Neither an id nor a service name holds a slash. */
function keyOf({ vpcId, serviceName }: Pair): string {
  return `${vpcId}/${serviceName}`;
}

function pairFromKey(key: string): Pair {
  const slash = key.indexOf('/');
  return { vpcId: key.slice(0, slash), serviceName: key.slice(slash + 1) };
}

function groupByKey(
  keys: readonly string[],
  endpoints: readonly Endpoint[],
): ReadonlyMap<string, readonly Endpoint[]> {
  const groups = new Map<string, Endpoint[]>(keys.map((key) => [key, []]));
  for (const endpoint of endpoints) groups.get(keyOf(endpoint))?.push(endpoint);
  return groups;
}
