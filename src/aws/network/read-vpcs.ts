import type { Filter, Vpc as SdkVpc } from '@aws-sdk/client-ec2';
import type { Tags, Vpc } from '../../plan/facts.ts';
import type { VpcSelector } from '../../plan/looks.ts';
import { chunk, collectPages, filterValuesPerCall } from '../client/paginate.ts';
import { answerOf, isFailed, loadEach, type Outcome } from '../client/outcome.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import { tagsFromSdk } from '../client/tags.ts';
import type { ReadContext } from '../read-context.ts';
import { hasTags, tagFilters, tagsFromKey, tagsToKey } from '../client/tag-selector.ts';

const action = 'ec2:DescribeVpcs';

/** Answers `Vpcs`: all ids that are asked for at a time in one call, each tag selector in its own. */
export function createVpcsReader({ calls, clock, gatherMs }: ReadContext) {
  async function findBy(filters: Filter[], signal: AbortSignal): Promise<readonly Vpc[]> {
    const vpcs = await collectPages(action, async (NextToken) => {
      const input = { Filters: filters, MaxResults: 200, NextToken };
      const page = await calls.call(action, input, { signal });
      return { items: page.Vpcs, nextToken: page.NextToken };
    });
    return vpcs.flatMap((vpc) => vpcFromSdk(vpc) ?? []);
  }

  const byId = createSharedRead<Vpc>({
    action,
    clock,
    gatherMs,
    alongUpTo: filterValuesPerCall,
    async load(ids, signal) {
      const found = new Map<string, Vpc>();
      for (const part of chunk(ids, filterValuesPerCall)) {
        const vpcs = await findBy([{ Name: 'vpc-id', Values: [...part] }], signal);
        for (const vpc of vpcs) found.set(vpc.id, vpc);
      }
      return found;
    },
  });

  const byTags = createSharedRead<Outcome<readonly Vpc[]>>({
    action,
    clock,
    gatherMs,
    isFailure: isFailed,
    load: (keys, signal) => loadEach(keys, (key) => findBy(tagFilters(tagsFromKey(key)), signal)),
  });

  async function findByTags(tags: Tags, options: AskOptions): Promise<readonly Vpc[]> {
    const key = tagsToKey(tags);
    const vpcs = answerOf((await byTags.ask([key], options)).get(key)) ?? [];
    return vpcs.filter((vpc) => hasTags(vpc.tags, tags));
  }

  const find = async (selector: VpcSelector, options: AskOptions): Promise<readonly Vpc[]> => {
    if ('tags' in selector) return findByTags(selector.tags, options);
    return [...(await byId.ask([selector.id], options)).values()];
  };
  return Object.assign(find, { expect: (ids: readonly string[]) => byId.expect(ids) });
}

function vpcFromSdk(vpc: SdkVpc): Vpc | undefined {
  const { VpcId: id } = vpc;
  if (!id) return undefined;
  const blocks = (vpc.CidrBlockAssociationSet ?? []).flatMap((association) =>
    isInUse(association.CidrBlockState?.State) ? (association.CidrBlock ?? []) : [],
  );
  const primary = vpc.CidrBlock === undefined ? [] : [vpc.CidrBlock];
  return {
    id,
    ownerId: vpc.OwnerId ?? '',
    cidrs: [...new Set([...primary, ...blocks])],
    ipv6Cidrs: (vpc.Ipv6CidrBlockAssociationSet ?? []).flatMap((association) =>
      isInUse(association.Ipv6CidrBlockState?.State) ? (association.Ipv6CidrBlock ?? []) : [],
    ),
    tags: tagsFromSdk(vpc.Tags),
  };
}

/** Blocks that were taken away stay in AWS's answer for a while. */
function isInUse(state: string | undefined): boolean {
  return state === undefined || state === 'associated' || state === 'associating';
}
