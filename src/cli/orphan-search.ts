/** The places where `status` and `prune` look for orphans, and the links that live. */
import { type Command, Option } from 'commander';
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkSpec,
} from '../api/sagemaker-private-link.ts';
import type { CloudDirectory } from '../aws/accounts/cloud-directory.ts';
import { createApiClient } from '../kubernetes/client/api-client.ts';
import type { OrphanPlace, PlaceOrphans } from '../reconcile/orphans/find-orphans.ts';
import { systemClock } from '../runtime/clock.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import { givenClusterIdFlag } from './flags/cluster-id-flag.ts';
import {
  clusterCredentials,
  livingLinks,
  livingOwners,
  readClusterId,
} from '../operator/cluster.ts';
import { UserError, userErrorFrom } from '../runtime/user-error.ts';
import { checkCredentials } from './credentials-check.ts';
import { clusterIdOf, type LinkInputOptions, loadLinks, openClouds } from './link-input.ts';

export interface OrphanSearchOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly clusterId?: string;
  readonly accountMap?: string;
  readonly region: readonly string[];
  readonly account: readonly string[];
}

/** Adds the flags that say which cluster, and where at AWS. */
export function addOrphanSearchOptions(command: Command): Command {
  const list = (text: string, former: readonly string[]): readonly string[] => [...former, text];
  return command
    .option('--kubeconfig <file>', 'kubeconfig; default: $KUBECONFIG, ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; default: its current context')
    .option(
      '--cluster-id <id>',
      "the operator's --cluster-id; default: UID of namespace kube-system",
      givenClusterIdFlag,
    )
    .option('--account-map <file>', "YAML file that maps the names in links' spec.account to roles")
    .addOption(
      new Option(
        '--region <region>',
        'also search this region, besides those of links; may be repeated',
      )
        .argParser(list)
        .default([]),
    )
    .addOption(
      new Option('--account <name>', 'also search this account of the map; may be repeated')
        .argParser(list)
        .default([]),
    );
}

/** Which links live, and what lives no more and is at AWS. */
export interface OrphanFindings {
  readonly clusterId: string;
  /** The cluster's links; none where files say which links live. */
  readonly links: readonly SageMakerPrivateLink[];
  readonly found: readonly PlaceOrphans[];
  close(): Promise<void>;
}

/** The owners whose resources are looked for, and the places. */
interface Living {
  readonly clusterId: string;
  readonly links: readonly SageMakerPrivateLink[];
  readonly specs: readonly Pick<SageMakerPrivateLinkSpec, 'region' | 'account'>[];
  /** Asked once more after AWS was: nothing that was made in between is an orphan. */
  readonly uids: () => Promise<readonly Pick<OwnerIdentity, 'uid' | 'name'>[]>;
  close(): Promise<void>;
}

/**
 * Asks the cluster, or files, which links live, and AWS for everything that carries their id.
 *
 * @throws UserError when one of them has no answer: half of the truth would show living links as
 *   orphans
 */
export async function searchOrphans(
  options: OrphanSearchOptions & Pick<LinkInputOptions, 'filename' | 'recursive'>,
  signal: AbortSignal,
): Promise<OrphanFindings> {
  const { findOrphans } = await import('../reconcile/orphans/find-orphans.ts');
  const living = await (options.filename === undefined
    ? livingInCluster(options, signal)
    : livingInFiles(options));
  try {
    const { clusterId, links } = living;
    const clouds = await openClouds(options, clusterId);
    const places = placesOf(options, living.specs, clouds);
    await checkCredentials(
      places.map(({ cloud }) => cloud),
      signal,
    );
    const found = await findOrphans({
      clusterId,
      places,
      living: living.uids,
      maxAgeMs: 0,
      foreignPolicies: new Set(),
      onSkipped: ({ region, account }, { message }) => {
        throw new UserError(`${account ?? 'your account'}, ${region}: ${message}`);
      },
      signal,
    });
    return {
      clusterId,
      links,
      found,
      async close() {
        clouds.close();
        await living.close();
      },
    };
  } catch (error) {
    await living.close();
    throw error;
  }
}

async function livingInCluster(options: OrphanSearchOptions, signal: AbortSignal): Promise<Living> {
  const clock = systemClock();
  const client = createApiClient({
    credentials: clusterCredentials(options, clock, process.env),
    clock,
  });
  try {
    const clusterId = options.clusterId ?? (await answered(readClusterId(client, signal), signal));
    const links = await answered(livingLinks(client, signal), signal);
    return {
      clusterId,
      links,
      specs: links.map(({ spec }) => spec),
      uids: () => livingOwners(client, signal),
      close: () => client.close(),
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** A file's former self counts as living while the file does: `apply` can take it back. */
async function livingInFiles(
  options: OrphanSearchOptions & Pick<LinkInputOptions, 'filename' | 'recursive'>,
): Promise<Living> {
  if (options.kubeconfig !== undefined || options.context !== undefined) {
    throw new UserError('-f takes no cluster: leave out --context and --kubeconfig, or -f');
  }
  const clusterId = clusterIdOf(options);
  const links = await loadLinks(options, { clusterId });
  const owners = links.flatMap(({ owner: { uid, name, formerUids = [] } }) =>
    [uid, ...formerUids].map((one) => ({ uid: one, name })),
  );
  return {
    clusterId,
    links: [],
    specs: links.map(({ spec }) => spec),
    uids: async () => owners,
    close: async () => undefined,
  };
}

/** The API server's answer; its refusal is the user's to repair. */
async function answered<T>(asking: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    signal.throwIfAborted();
    throw userErrorFrom(error);
  }
}

function placesOf(
  { region: regions, account: accounts }: OrphanSearchOptions,
  specs: Living['specs'],
  clouds: CloudDirectory,
): readonly OrphanPlace[] {
  const named = regions.flatMap((region) => [
    { region },
    ...accounts.map((account) => ({ region, account })),
  ]);
  const places = [
    ...specs.map(({ region, account }) =>
      account === undefined ? { region } : { region, account },
    ),
    ...named,
  ];
  const distinct = new Map(places.map((place) => [JSON.stringify(Object.entries(place)), place]));
  if (distinct.size === 0) {
    throw new UserError('the cluster has no links: say where to look with --region');
  }
  try {
    return [...distinct.values()].map((place) => ({ ...place, cloud: clouds.cloudFor(place) }));
  } catch (error) {
    throw userErrorFrom(error);
  }
}
