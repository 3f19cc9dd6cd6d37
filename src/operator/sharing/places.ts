/** The places that links are in, as shards: which there are, and which should have one owner. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { AccountMap } from '../../aws/accounts/account-map.ts';
import type { AwsPlace } from '../../aws/accounts/account-transports.ts';
import type { NamedShard } from '../../kubernetes/shards/shard-set.ts';
import type { ResourceChange } from '../../kubernetes/watch/resource-cache.ts';

/** The duties that the cluster has once: its namespaces, its own policies, pods that verify. */
export const clusterShard = 'cluster';

/** Names a place for every replica: `eu-west-1` in the operator's own account, else `NAME/eu-west-1`. */
export function placeId({ account, region }: AwsPlace): string {
  return account === undefined ? region : `${account}/${region}`;
}

/** The place that `placeId` named. */
export function placeOfId(id: string): AwsPlace {
  const at = id.lastIndexOf('/');
  return at < 0 ? { region: id } : { account: id.slice(0, at), region: id.slice(at + 1) };
}

/** Whether passes of a link need what only the owner of the cluster's duties knows. */
export function needsCluster({
  spec,
  status,
}: Pick<SageMakerPrivateLink, 'spec' | 'status'>): boolean {
  return [spec.clients, spec.verify, status?.clients, status?.verify].some(
    (one) => one !== undefined,
  );
}

/** A place, and how many links are in it. */
interface Counted {
  readonly place: AwsPlace;
  links: number;
  needingCluster: number;
}

/** The places of all links, kept up to date change by change: there may be many links. */
export interface PlaceIndex {
  /** Returns whether the shards may be others than before. */
  note(change: ResourceChange<SageMakerPrivateLink>): boolean;
  /** The first place of an account that has links, in an order that every replica has. */
  firstOf(account: string | undefined): string | undefined;
  /** @param accounts as the account map is now @param queues regions whose queue of events is read */
  shards(accounts: AccountMap, queues: readonly string[]): readonly NamedShard[];
}

/** Creates an index of no links. */
export function createPlaceIndex(): PlaceIndex {
  const counts = new Map<string, Counted>();

  function count(link: SageMakerPrivateLink, by: 1 | -1): void {
    const { account, region } = link.spec;
    const place = account === undefined ? { region } : { account, region };
    const id = placeId(place);
    const known = counts.get(id) ?? { place, links: 0, needingCluster: 0 };
    known.links += by;
    if (needsCluster(link)) known.needingCluster += by;
    if (known.links === 0) counts.delete(id);
    else counts.set(id, known);
  }

  return {
    note(change) {
      const { object } = change;
      if (change.kind === 'updated' && isSameFor(change.previous, object)) return false;
      const ids = [object, ...(change.kind === 'updated' ? [change.previous] : [])].map(
        ({ spec }) => placeId(spec),
      );
      const before = ids.map((id) => tellingOf(counts.get(id)));
      if (change.kind === 'updated') count(change.previous, -1);
      count(object, change.kind === 'deleted' ? -1 : 1);
      return ids.some((id, index) => tellingOf(counts.get(id)) !== before[index]);
    },
    firstOf: (account) =>
      [...counts]
        .filter(([, { place }]) => place.account === account)
        .map(([id]) => id)
        .toSorted()[0],
    shards(accounts, queues) {
      const ofQueues = queues.map((region) => ({ place: { region }, links: 0, needingCluster: 0 }));
      const places = new Map<string, Counted>(
        [...ofQueues, ...counts.values()].map((one) => [placeId(one.place), one]),
      );
      return [
        { id: clusterShard, group: clusterShard, marks: {} },
        ...[...places].map(([id, { place, needingCluster }]) => ({
          id,
          group: needingCluster > 0 ? clusterShard : groupOf(place, accounts, queues),
          marks: { account: place.account ?? '', region: place.region },
        })),
      ];
    },
  };
}

function isSameFor(one: SageMakerPrivateLink, other: SageMakerPrivateLink): boolean {
  return placeId(one.spec) === placeId(other.spec) && needsCluster(one) === needsCluster(other);
}

/** Everything about a place that its shard depends on. */
function tellingOf(counted: Counted | undefined): number {
  return counted === undefined ? 0 : counted.needingCluster > 0 ? 2 : 1;
}

/**
 * AWS counts calls by account number and region, so names of one number go together. Regions whose queues
 * of events are read have one owner: events of IAM come in one region for all of them.
 */
function groupOf(
  { account, region }: AwsPlace,
  accounts: AccountMap,
  queues: readonly string[],
): string {
  if (queues.includes(region)) return 'events';
  if (account === undefined) return region;
  const entry = accounts.get(account);
  // Nothing can be done at AWS under a name that is not known.
  return entry === undefined ? clusterShard : `${entry.accountId} ${region}`;
}
