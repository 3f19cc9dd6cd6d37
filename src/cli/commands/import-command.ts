import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { checkName } from '../../api/validation/object-name.ts';
import { type Cloud, CloudError } from '../../plan/cloud.ts';
import { UserError, userErrorFrom } from '../../runtime/user-error.ts';
import type { ImportedLinks, NameHolder } from '../../standalone/import/imported-links.ts';
import type { StateAddress } from '../../standalone/import/terraform-state.ts';
import { checkCredentials } from '../credentials-check.ts';
import type { SetExitCode } from '../exit-code.ts';
import { openClouds } from '../link-input.ts';
import { rememberedWays, type RememberedWays } from '../remembered-ways.ts';
import { shutdownSignal } from '../signals.ts';

interface ImportOptions {
  readonly vpc: string;
  readonly region: string;
  readonly name?: string;
  readonly account?: string;
  readonly accountMap?: string;
  readonly terraformState?: string;
  readonly output: 'yaml' | 'json';
}

/** Adds `import`: the manifest of what is in a VPC already. */
export function addImportCommand(program: Command, setExitCode: SetExitCode): void {
  program
    .command('import')
    .description('print links for the SageMaker endpoints that a VPC has; changes nothing')
    .requiredOption('--vpc <id>', 'the VPC', vpcId)
    .addOption(
      new Option('--region <region>', 'its region').env('AWS_REGION').makeOptionMandatory(),
    )
    .option('--name <name>', 'name of the link; default: the id of the VPC', linkName)
    .option('--account <name>', 'account of the VPC, by its name in the account map')
    .option('--account-map <file>', 'YAML file that maps --account to a role')
    .option(
      '--terraform-state <file>',
      'file with the output of terraform state pull; the comments then list the addresses to remove from the state',
    )
    .addOption(new Option('-o, --output <form>', 'form').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', help)
    .action(async (options: ImportOptions) => {
      setExitCode(await runImport(options));
    });
}

const help = `
Exit code: 0 all is in the links, 2 something was left out, 1 error.
The JSON output is described by docs/import.schema.json; docs/migration.md says how to go on.`;

function vpcId(text: string): string {
  if (/^vpc-[0-9a-f]{8,17}$/.test(text)) return text;
  throw new InvalidArgumentError('must be the id of a VPC, such as vpc-0a1b2c3d4e5f67890');
}

function linkName(text: string): string {
  if ([...checkName({ metadata: { name: text } })].length === 0) return text;
  throw new InvalidArgumentError(
    "must be a name of Kubernetes: lower case letters, digits, '-' and '.', such as ml-prod",
  );
}

async function runImport(options: ImportOptions): Promise<number> {
  const signal = shutdownSignal();
  const state = await stateText(options);
  const ways = await rememberedWays();
  // Nothing is looked up by owner: whose the links will be is decided when they are applied.
  const clouds = await openClouds(options, '', ways.create);
  try {
    const cloud = cloudAt(clouds, options);
    await checkCredentials([cloud], signal);
    const found = await answered(findLinks(cloud, ways, options, signal), signal);
    const terraform = await addressesIn(state, found, options);
    process.stdout.write(await rendered(found, terraform, options.output));
    return found.leftOut.length === 0 && found.links.length > 0 ? 0 : 2;
  } finally {
    clouds.close();
  }
}

function cloudAt(clouds: Awaited<ReturnType<typeof openClouds>>, place: ImportOptions): Cloud {
  try {
    return clouds.cloudFor({ region: place.region, account: place.account });
  } catch (error) {
    throw userErrorFrom(error);
  }
}

async function answered<T>(asking: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof CloudError ? new UserError(error.message) : error;
  }
}

async function findLinks(
  cloud: Cloud,
  ways: RememberedWays,
  { vpc, region, account, name: givenName }: ImportOptions,
  signal: AbortSignal,
): Promise<ImportedLinks> {
  const { listVpcEndpoints } = await import('../../aws/endpoint/list-vpc-endpoints.ts');
  const { holderOf, importedLinks } = await import('../../standalone/import/imported-links.ts');
  const options = { since: cloud.now(), signal };
  const { partition } = await cloud.look({ kind: 'Caller' }, options);
  const vpcs = await cloud.look({ kind: 'Vpcs', selector: { id: vpc } }, options);
  if (vpcs.length === 0) throw new UserError(`there is no ${vpc} in ${region}`);
  const endpoints = await listVpcEndpoints(ways.wayFor({ region, account }), vpc, signal);
  if (givenName !== undefined) refuseTaken(holderOf(givenName, endpoints), givenName);
  const names = [...new Set(endpoints.map(({ serviceName }) => serviceName))];
  const services =
    names.length === 0 ? [] : await cloud.look({ kind: 'EndpointServices', names }, options);
  const place = account === undefined ? {} : { account };
  const name = givenName ?? vpc;
  return importedLinks({ name, region, ...place, partition, vpcId: vpc, endpoints, services });
}

function refuseTaken(holder: NameHolder | undefined, name: string): void {
  if (holder === undefined) return;
  throw new UserError(
    `option '--name': ${name} is taken: ${holder.id} belongs to ${holder.owner}, which a second link of this name would replace; choose another name`,
  );
}

async function stateText({ terraformState: file }: ImportOptions): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${userErrorFrom(error).message}`);
  }
}

async function addressesIn(
  state: string | undefined,
  { links }: ImportedLinks,
  { terraformState = '' }: ImportOptions,
): Promise<readonly StateAddress[]> {
  if (state === undefined) return [];
  const { stateAddresses } = await import('../../standalone/import/terraform-state.ts');
  try {
    return stateAddresses(
      state,
      links.flatMap(({ endpointIds }) => endpointIds),
    );
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${terraformState}: ${error.message}`);
    throw error;
  }
}

async function rendered(
  found: ImportedLinks,
  terraform: readonly StateAddress[],
  output: ImportOptions['output'],
): Promise<string> {
  if (output === 'json') return `${JSON.stringify({ ...found, terraform }, undefined, 2)}\n`;
  const { importText } = await import('../../standalone/import/import-text.ts');
  return importText(found, terraform);
}
