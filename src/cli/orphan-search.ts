/** Where `status` and `prune` look for orphans, and which links live. */
import { type Command, Option } from 'commander';
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type CloudDirectory, createCloudDirectory } from '../aws/accounts/cloud-directory.ts';
import { createApiClient } from '../kubernetes/client/api-client.ts';
import type { OrphanPlace, PlaceOrphans } from '../reconcile/find-orphans.ts';
import { systemClock } from '../runtime/clock.ts';
import { readAccountMap } from '../operator/account-map-file.ts';
import { clusterCredentials, readClusterId, livingLinks } from '../operator/cluster.ts';
import { proxyFromEnvironment } from '../operator/proxy-settings.ts';
import { UserError, userErrorFrom } from '../runtime/user-error.ts';

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
    )
    .option('--account-map <file>', "YAML with the roles that links' spec.account stands for")
    .addOption(
      new Option('--region <region>', 'look there too, not only where links are; may be repeated')
        .argParser(list)
        .default([]),
    )
    .addOption(
      new Option('--account <name>', 'look in this account of the map too; may be repeated')
        .argParser(list)
        .default([]),
    );
}

/** What a cluster has, and what it left at AWS. */
export interface ClusterFindings {
  readonly links: readonly SageMakerPrivateLink[];
  readonly found: readonly PlaceOrphans[];
  close(): Promise<void>;
}

/**
 * Asks the cluster for its links and AWS for everything that carries its id.
 *
 * @throws UserError when either has no answer: half of the truth would show living links as orphans
 */
export async function searchCluster(
  options: OrphanSearchOptions,
  signal: AbortSignal,
): Promise<ClusterFindings> {
  const { findOrphans } = await import('../reconcile/find-orphans.ts');
  const clock = systemClock();
  const client = createApiClient({
    credentials: clusterCredentials(options, clock, process.env),
    clock,
  });
  try {
    const clusterId = options.clusterId ?? (await answered(readClusterId(client, signal), signal));
    const links = (await answered(livingLinks(client, signal), signal)).map(({ link }) => link);
    const clouds = await cloudsFor(options, clusterId);
    const found = await findOrphans({
      clusterId,
      places: placesOf(options, links, clouds),
      living: () => livingLinks(client, signal),
      maxAgeMs: 0,
      foreignPolicies: new Set(),
      onSkipped: ({ region, account }, { message }) => {
        throw new UserError(`${account ?? 'your account'}, ${region}: ${message}`);
      },
      signal,
    });
    return {
      links,
      found,
      async close() {
        clouds.close();
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The API server's answer; its refusal is the user's to mend. */
async function answered<T>(asking: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    signal.throwIfAborted();
    throw userErrorFrom(error);
  }
}

async function cloudsFor(
  { accountMap }: OrphanSearchOptions,
  clusterId: string,
): Promise<CloudDirectory> {
  const accounts = accountMap === undefined ? undefined : await readAccountMap(accountMap);
  return createCloudDirectory({
    clusterId,
    proxyFor: proxyFromEnvironment(process.env),
    ...(accounts === undefined ? {} : { accounts: () => accounts }),
  });
}

function placesOf(
  { region: regions, account: accounts }: OrphanSearchOptions,
  links: readonly SageMakerPrivateLink[],
  clouds: CloudDirectory,
): readonly OrphanPlace[] {
  const named = regions.flatMap((region) => [
    { region },
    ...accounts.map((account) => ({ region, account })),
  ]);
  const places = [
    ...links.map(({ spec: { region, account } }) =>
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
