/** What `plan`, `apply` and `delete` have in common: files in, links and their clouds out. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CloudDirectory } from '../aws/cloud-directory.ts';
import { type Cloud, CloudError } from '../plan/cloud.ts';
import type { IdentitySource } from '../standalone/file-identity.ts';
import type { LinkFile, StandaloneLink } from '../standalone/link-files.ts';
import { readAccountMap } from './account-map-file.ts';
import { proxyFromEnvironment } from './proxy-settings.ts';
import { UserError } from './user-error.ts';

export interface LinkInputOptions {
  readonly filename: readonly string[];
  /** Undefined: see `clusterIdOf`. */
  readonly clusterId?: string;
  readonly accountMap?: string;
}

/** Adds `-f`, `--cluster-id` and `--account-map`. */
export function addLinkInputOptions(command: Command): Command {
  return command
    .requiredOption(
      '-f, --filename <file>',
      'YAML or JSON file with SageMakerPrivateLinks, - for standard input; may be repeated',
      (file: string, former: readonly string[] | undefined) => [...(former ?? []), file],
    )
    .addOption(
      new Option(
        '--cluster-id <id>',
        'identity in the ownership tags at AWS, yours alone: links of another identity are never touched',
      )
        .env(clusterIdVariable)
        .argParser(clusterIdFlag),
    )
    .option(
      '--account-map <file>',
      "YAML with the roles that the names in links' spec.account stand for",
    );
}

/**
 * Whose the links of the files are. There is no default: one that is the same for everybody would
 * make strangers' files of one name one link.
 *
 * @throws UserError when it is not given
 */
export function clusterIdOf({ clusterId }: LinkInputOptions): string {
  if (clusterId !== undefined && clusterId !== '') return clusterId;
  throw new UserError(
    `--cluster-id is missing: it says at AWS whose the resources are, so it has to be yours alone. Choose one for these files, such as the name of their repository, and give it each time, or set ${clusterIdVariable}. What earlier versions made without it carries the id "standalone": give --cluster-id standalone for that.`,
  );
}

const clusterIdVariable = 'SAGEMAKER_PRIVATELINK_CLUSTER_ID';

/** What every service of AWS takes as a tag's value; cut to a length that is shown whole. */
function clusterIdFlag(text: string): string {
  // A variable that is set to nothing is not set.
  if (text === '' || /^[\p{L}\p{N}_.:/=+@-]{1,128}$/u.test(text)) return text;
  throw new InvalidArgumentError('must be 1 to 128 letters, digits or _.:/=+-@');
}

/**
 * Reads and checks all files. Throws a `UserError` with every violation.
 *
 * @param source left out where it does not matter whose the links are
 */
export async function loadLinks(
  options: LinkInputOptions,
  source: IdentitySource = { clusterId: '' },
): Promise<readonly StandaloneLink[]> {
  const { readLinks } = await import('../standalone/link-files.ts');
  const files = await Promise.all(options.filename.map(readLinkFile));
  const { links, errors } = readLinks(files, source);
  if (errors.length > 0) throw new UserError(errors.join('\n'));
  return links;
}

async function readLinkFile(fileName: string): Promise<LinkFile> {
  if (fileName === '-') return { fileName: 'standard input', text: await text(process.stdin) };
  try {
    return { fileName, text: await readFile(fileName, 'utf8') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${fileName} cannot be read: ${why}`);
  }
}

/** The clouds of a command, by the AWS SDK's own environment variables and credential chain. */
export async function openClouds(
  { accountMap }: LinkInputOptions,
  clusterId: string,
): Promise<CloudDirectory> {
  const { createCloudDirectory } = await import('../aws/cloud-directory.ts');
  const accounts = accountMap === undefined ? undefined : await readAccountMap(accountMap);
  return createCloudDirectory({
    clusterId,
    proxyFor: proxyFromEnvironment(process.env),
    ...(accounts === undefined ? {} : { accounts: () => accounts }),
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

/** Milliseconds of a flag such as `90s`, `15m`, `1h`; at most what a timer can wait. */
export function durationFlag(value: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value);
  const [, amount, unit] = match ?? [];
  const factors: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  const factor = factors[unit ?? ''];
  if (amount === undefined || factor === undefined) {
    throw new InvalidArgumentError('must be a duration such as 90s, 15m or 1h');
  }
  const durationMs = Number(amount) * factor;
  if (durationMs > longestTimerMs) {
    throw new InvalidArgumentError('must be at most 596h (24.8 days)');
  }
  return durationMs;
}

/** Node's timers count in 32 bits: a longer one would end at once. */
const longestTimerMs = 2 ** 31 - 1;
