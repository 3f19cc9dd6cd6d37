/** Shared parts of `plan`, `apply` and `delete`: files in, links and their clouds out. */
import { type Command, Option } from 'commander';
import { printable } from '../api/printable.ts';
import type { CreateTransports } from '../aws/accounts/account-transports.ts';
import type { CloudDirectory } from '../aws/accounts/cloud-directory.ts';
import { type Cloud, CloudError } from '../plan/cloud.ts';
import type { IdentitySource } from '../standalone/file-identity.ts';
import type { StandaloneLink } from '../standalone/link-files.ts';
import { readAccountMap } from '../operator/account-map-file.ts';
import { DurationOption } from './flags/duration-option.ts';
import { readLinkFiles } from './read-link-files.ts';
import { proxyFromEnvironment } from '../operator/proxy-settings.ts';
import { mistakesError } from './mistakes.ts';
import { clusterIdFlag } from './flags/cluster-id-flag.ts';
import { UserError } from '../runtime/user-error.ts';

/** Files with links. */
export interface FileOptions {
  /** Undefined where no file is needed and none was given. */
  readonly filename?: readonly string[];
  readonly recursive?: true;
}

export interface LinkInputOptions extends FileOptions {
  /** Undefined: see `clusterIdOf`. */
  readonly clusterId?: string;
  readonly accountMap?: string;
}

/** Adds `-f` and `-R`. */
export function addFileOptions(
  command: Command,
  { isFileRequired }: { readonly isFileRequired: boolean },
): Command {
  return command
    .addOption(
      new Option(
        '-f, --filename <file>',
        'YAML or JSON file with SageMakerPrivateLinks, a folder of them, or - for standard input; may be repeated; objects of other kinds are skipped',
      )
        .argParser((file: string, former: readonly string[] | undefined) => [
          ...(former ?? []),
          file,
        ])
        .makeOptionMandatory(isFileRequired),
    )
    .option('-R, --recursive', 'include files of subfolders');
}

/** Adds `-f`, `-R`, `--cluster-id` and `--account-map`. */
export function addLinkInputOptions(
  command: Command,
  { isFileRequired } = { isFileRequired: true },
): Command {
  return addFileOptions(command, { isFileRequired })
    .addOption(
      new Option(
        '--cluster-id <id>',
        'identity in the ownership tags at AWS, unique to you; resources with another identity are never changed',
      )
        .env(clusterIdVariable)
        // A variable that is set to nothing is not set.
        .argParser((text) => (text === '' ? text : clusterIdFlag(text))),
    )
    .option(
      '--account-map <file>',
      "YAML file that maps the names in links' spec.account to roles",
    );
}

/**
 * The owner of the files' links. There is no default: one that is the same for everybody would
 * make strangers' files of one name one link.
 *
 * @param environment where the flag does not read it itself
 * @throws UserError when it is not given
 */
export function clusterIdOf(
  { clusterId: given }: Pick<LinkInputOptions, 'clusterId'>,
  environment: Readonly<Record<string, string | undefined>> = {},
): string {
  const clusterId = given ?? environment[clusterIdVariable];
  if (clusterId !== undefined && clusterId !== '') return clusterId;
  throw new UserError(
    `--cluster-id is missing: it says at AWS whose the resources are, so it has to be yours alone. Choose one for these files, such as the name of their repository, and give it each time, or set ${clusterIdVariable}. Resources that earlier versions made without it carry the id "standalone": give --cluster-id standalone for that.`,
  );
}

/** Gives `--cluster-id`. */
export const clusterIdVariable = 'SAGEMAKER_PRIVATELINK_CLUSTER_ID';

/**
 * Reads and checks all files. Throws a `UserError` with the first violations.
 *
 * @param source left out where it does not matter whose the links are
 */
export async function loadLinks(
  options: FileOptions,
  source: IdentitySource = { clusterId: '' },
): Promise<readonly StandaloneLink[]> {
  const { readLinks } = await import('../standalone/link-files.ts');
  const { links, errors, passedOver } = readLinks(
    await readLinkFiles({ ...options, filename: options.filename ?? [] }),
    source,
  );
  for (const one of passedOver) process.stderr.write(`${printable(one)} is skipped\n`);
  if (errors.length > 0) throw mistakesError(errors);
  return links;
}

/** The clouds of a command, by the AWS SDK's own environment variables and credential chain. */
export async function openClouds(
  { accountMap }: Pick<LinkInputOptions, 'accountMap'>,
  clusterId: string,
  createTransports?: CreateTransports,
): Promise<CloudDirectory> {
  const { createCloudDirectory } = await import('../aws/accounts/cloud-directory.ts');
  const accounts = accountMap === undefined ? undefined : await readAccountMap(accountMap);
  return createCloudDirectory({
    clusterId,
    proxyFor: proxyFromEnvironment(process.env),
    ...(accounts === undefined ? {} : { accounts: () => accounts }),
    ...(createTransports === undefined ? {} : { createTransports }),
  });
}

/** The account and region of a link. Throws a `UserError` for an account that the map lacks. */
export function cloudOfLink(clouds: CloudDirectory, { name, uid, spec }: StandaloneLink): Cloud {
  try {
    return clouds.cloudFor({ region: spec.region, account: spec.account, uid });
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    throw new UserError(`${name}: spec.account: ${error.message} (--account-map)`);
  }
}

/** How long a command waits for AWS, in milliseconds. */
export interface WaitOptions {
  readonly timeoutMs: number;
  readonly pollMs: number;
  readonly consistencyMs: number;
}

/** Adds the flags of commands that wait for AWS: `--timeout`, `--poll` and `--consistency`. */
export function addWaitOptions(command: Command): Command {
  return command
    .addOption(new DurationOption('--timeout', 'the longest time to wait', { usual: '15m' }))
    .addOption(
      new DurationOption('--poll', 'interval between looks while AWS works', { usual: '5s' }),
    )
    .addOption(
      new DurationOption(
        '--consistency',
        'how long AWS may take to show what was created, before an absence is believed',
        { usual: '10s' },
      ),
    );
}
