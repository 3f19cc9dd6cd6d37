import { CloudError } from '../plan/cloud.ts';
import type { Endpoint } from '../plan/facts.ts';
import { ownershipTags } from '../plan/ownership/ownership.ts';
import { takeTurn } from '../runtime/turn.ts';
import { isAnswer } from './client/aborted.ts';
import type { AwsAction } from './client/operations.ts';
import { createKnownFacts } from './consistency/known-facts.ts';
import { type AskOptions, createSharedRead } from './consistency/shared-read.ts';
import { createKeeper } from './consistency/kept-fact.ts';
import type { PartRead } from './consistency/merged-part.ts';
import type { GroupsRead, OwnedRead } from './merge-owned.ts';
import type { ReadContext } from './read-context.ts';
import { createGroupsWithRulesReader } from './security-group/read-groups-with-rules.ts';
import type { RuleMemory } from './security-group/rule-memory.ts';
import { findKnownEndpoints } from './endpoint/read-endpoints.ts';

/** Reads all that the cluster owns. */
export interface OwnedReader {
  (options: AskOptions): Promise<OwnedRead>;
  /** The endpoints alone. */
  readonly endpoints: PartReader<PartRead<Endpoint>>;
  /** Both parts as they were read last; undefined where that lacks anything. */
  last():
    | { readonly endpoints: PartRead<Endpoint>; readonly securityGroups: GroupsRead }
    | undefined;
}

/** Reads a part, or why there is none. */
export interface PartReader<Part> {
  (options: AskOptions): Promise<Part | CloudError>;
  /** The last read of the whole part, and how long it took in milliseconds; undefined before. */
  last(): { readonly part: Part; readonly tookMs: number } | undefined;
}

/**
 * Reads all that the cluster owns, for all links at once: two calls plus pages, however many links ask,
 * and one more for each 200 groups whose rules are not known. Its answer is the whole snapshot; the
 * caller picks its link's part.
 *
 * Each part is asked for, remembered and fails by itself, and is prepared before it answers. Throws
 * `CloudError` where none of them could be read, and where the asking was cut off.
 *
 * @param prepare makes a part ready that was just read. @default nothing is to be made
 */
export function createOwnedReader(
  clusterId: string,
  context: ReadContext,
  ruleMemory: RuleMemory,
  prepare: (read: Partial<OwnedRead>) => Promise<void> = async () => undefined,
): OwnedReader {
  const { calls, clock } = context;
  const filters = [{ Name: `tag:${ownershipTags.cluster}`, Values: [clusterId] }];
  const knownEndpoints = createKnownFacts(createKeeper<Endpoint>());
  const readGroups = createGroupsWithRulesReader(filters, context, ruleMemory);

  async function readEndpoints(signal: AbortSignal): Promise<PartRead<Endpoint>> {
    const begunAt = clock.now();
    const read = await findKnownEndpoints(calls, filters, signal, knownEndpoints);
    knownEndpoints.keepOnly(read);
    return { all: read.map(({ kept }) => kept), begunAt };
  }

  const endpointsOf = createPartReader('ec2:DescribeVpcEndpoints', context, {
    read: readEndpoints,
    prepare: (endpoints) => prepare({ endpoints }),
  });
  const groupsOf = createPartReader('ec2:DescribeSecurityGroups', context, {
    read: readGroups,
    prepare: (securityGroups) => prepare({ securityGroups }),
  });

  const read = async (options: AskOptions): Promise<OwnedRead> => {
    const [endpoints, securityGroups] = await Promise.all([
      endpointsOf(options),
      groupsOf(options),
    ]);
    const isNothing = endpoints instanceof CloudError && securityGroups instanceof CloudError;
    if (isNothing) throw endpoints;
    return { endpoints, securityGroups };
  };
  return Object.assign(read, {
    endpoints: endpointsOf,
    last() {
      const [endpoints, securityGroups] = [endpointsOf.last()?.part, groupsOf.last()?.part];
      return endpoints && securityGroups && { endpoints, securityGroups };
    },
  });
}

/** One that is not whole is for those who wait: the next one reads anew. */
function createPartReader<Part extends EndpointsOrGroups>(
  action: AwsAction,
  { clock, gatherMs }: ReadContext,
  { read, prepare }: PartReading<Part>,
): PartReader<Part> {
  let last: { readonly part: Part; readonly tookMs: number } | undefined;
  const shared = createSharedRead<Part | CloudError>({
    action,
    clock,
    gatherMs,
    isFailure: (part) => part === undefined || !isWhole(part),
    async load(_keys, signal) {
      const begunAt = clock.now();
      const part = await orItsError(read(signal));
      if (!(part instanceof CloudError)) await prepare(part);
      // The merge goes through all again, and all who wait go on: together that is as long as a slice.
      await takeTurn('slice');
      if (part instanceof CloudError || !isWhole(part)) last = undefined;
      else last = { part, tookMs: clock.now() - begunAt };
      return new Map([['', part]]);
    },
  });
  const ask = async (options: AskOptions): Promise<Part | CloudError> => {
    const part = (await shared.ask([''], options)).get('');
    if (part === undefined) throw new Error(`${action} was asked, and has no outcome`);
    return part;
  };
  return Object.assign(ask, { last: () => last });
}

/** How a part is read, and made ready for those who asked. */
interface PartReading<Part> {
  read(signal: AbortSignal): Promise<Part>;
  prepare(part: Part): Promise<void>;
}

type EndpointsOrGroups = PartRead<Endpoint> | GroupsRead;

function isWhole(part: EndpointsOrGroups | CloudError): boolean {
  return !(part instanceof CloudError) && !('rulesError' in part);
}

async function orItsError<Part>(reading: Promise<Part>): Promise<Part | CloudError> {
  try {
    return await reading;
  } catch (error) {
    if (isAnswer(error)) return error;
    throw error;
  }
}
