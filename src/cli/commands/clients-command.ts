import { type Command, Option } from 'commander';
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { ClusterCredentialsFromSource } from '../../kubernetes/credentials/kube-config.ts';
import { type ApiClient, createApiClient } from '../../kubernetes/client/api-client.ts';
import { clusterCredentials } from '../../operator/cluster.ts';
import { auditNamespace, type NamespaceAudit } from '../../plan/clients/audit/audit-namespace.ts';
import type { AuditedCluster } from '../../plan/clients/audit/audited-cluster.ts';
import { networkPolicyName } from '../../plan/clients/network-policy/plan-network-policy.ts';
import { linkRemarks } from '../../plan/clients/preview/link-remarks.ts';
import { previewClusterPolicy } from '../../plan/clients/preview/preview-cluster-policy.ts';
import {
  type NamespacePreview,
  previewNamespace,
} from '../../plan/clients/preview/preview-namespace.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/user-error.ts';
import {
  auditText,
  clientsEntry,
  type ClientsReport,
  clientsYaml,
  isWellServed,
} from '../../standalone/reports/clients-report.ts';
import {
  type ClientsCluster,
  readAuditedCluster,
  readClientObjects,
  readClientsCluster,
} from './clients-cluster.ts';
import { readClusterPolicies } from './clients-policies.ts';
import { addFileOptions, type FileOptions, loadLinks } from '../link-input.ts';
import type { SetExitCode } from '../exit-code.ts';
import { shutdownSignal } from '../signals.ts';

interface ClientsOptions extends FileOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: readonly string[];
  readonly operatorNamespace: string;
  readonly audit?: true;
  readonly ignore: readonly string[];
  readonly output: 'yaml' | 'json';
}

/** Adds `clients`. Exit code 0: all is as wanted, 2: something is missing or cut off, 1: an error. */
export function addClientsCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('clients')
    .description(
      'show what the operator would do in the namespaces of a cluster for spec.clients; changes nothing',
    )
    .option('--kubeconfig <file>', 'kubeconfig; default: $KUBECONFIG, ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; default: its current context')
    .addOption(repeatable('-n, --namespace <name>', 'show this namespace only; may be repeated'))
    .option(
      '--operator-namespace <name>',
      'namespace that the operator runs in, which gets no policy',
      'sagemaker-privatelink-system',
    )
    .option(
      '--audit',
      'also show which running pods a policy would select, and what it would cut them off from',
    )
    .addOption(
      repeatable(
        '--ignore <loss>',
        'with --audit, accept this loss: kubernetesAPI, podIdentity, sts or service/NAMESPACE/NAME, which may end in *; may be repeated',
      ),
    )
    .addOption(new Option('-o, --output <form>', 'form').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', help);
  addFileOptions(command, { isFileRequired: false }).action(async (options: ClientsOptions) => {
    const report = await reportFor(options, shutdownSignal());
    process.stdout.write(textOf(report, options));
    setExitCode(isWellServed(report) ? 0 : 2);
  });
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((text: string, former: readonly string[]) => [...former, text])
    .default([]);
}

const help = `
It needs a cluster even with -f. Without -f it shows the cluster's links as they are. A file takes the place of the cluster's link of
its name, whose status knows the addresses; with -f the namespaces of the files' links are shown.
Exit code: 0 namespaces get everything that they should, and nothing is cut off except what is ignored,
2 something is missing, in the way, suspended, not selected or cut off, 1 error.
The JSON output is described by docs/clients.schema.json.`;

function textOf(report: ClientsReport, { output, audit }: ClientsOptions): string {
  if (output === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  return audit === true ? auditText(report) : clientsYaml(report);
}

async function reportFor(options: ClientsOptions, signal: AbortSignal): Promise<ClientsReport> {
  const clock = systemClock();
  const client = createApiClient({ credentials: credentialsFor(options, clock), clock });
  try {
    return await clientsReport(client, options, signal);
  } finally {
    await client.close();
  }
}

/** @throws UserError that says why files alone do not do */
function credentialsFor(options: ClientsOptions, clock: Clock): ClusterCredentialsFromSource {
  try {
    return clusterCredentials(options, clock, process.env);
  } catch (error) {
    if (!(error instanceof UserError) || options.filename === undefined) throw error;
    throw new UserError(
      `${error.message}. clients compares links with the namespaces of a cluster, so it needs a cluster even with -f`,
    );
  }
}

async function clientsReport(
  client: ApiClient,
  options: ClientsOptions,
  signal: AbortSignal,
): Promise<ClientsReport> {
  const cluster = await readClientsCluster(client, signal);
  const shown = await linksToShow(options, cluster.links);
  const policies = await clusterPolicyPreviews(client, { options, cluster, shown }, signal);
  const previews = await namespacePreviews(client, { options, cluster, shown, policies }, signal);
  const involved = new Set([
    ...shown.filter((one) => isAskedFor(one, options)).map(({ link }) => link.metadata.name),
    ...previews.flatMap(({ selectedBy, servedBefore }) => [...selectedBy, ...servedBefore]),
  ]);
  const audit =
    options.audit === true ? await auditor(client, { options, cluster, shown }, signal) : undefined;
  return {
    remarks: shown
      .filter(({ link }) => involved.has(link.metadata.name))
      .flatMap(({ link, isInCluster }) =>
        linkRemarks(link, {
          namespaces: cluster.namespaces,
          cluster: cluster.facts,
          isInCluster,
        }),
      ),
    clusterPolicies: policies.filter(({ link }) => involved.has(link)),
    namespaces: previews.map((preview) => clientsEntry(preview, audit?.(preview))),
  };
}

/** A link, and where it was found. */
interface ShownLink {
  readonly link: SageMakerPrivateLink;
  readonly isFromFile: boolean;
  readonly isInCluster: boolean;
}

interface Known {
  readonly options: ClientsOptions;
  readonly cluster: ClientsCluster;
  readonly shown: readonly ShownLink[];
}

/** True for a link that the command is about whichever namespaces are shown. */
function isAskedFor({ link, isFromFile }: ShownLink, options: ClientsOptions): boolean {
  if (options.filename !== undefined) return isFromFile;
  return options.namespace.length === 0 && link.spec.clients !== undefined;
}

async function clusterPolicyPreviews(
  client: ApiClient,
  { options: { operatorNamespace }, cluster, shown }: Known,
  signal: AbortSignal,
) {
  const links = shown.map(({ link }) => link);
  if (!links.some(({ spec }) => spec.clients?.clusterPolicy !== undefined)) return [];
  const found = await readClusterPolicies(client, signal);
  const surroundings = { ...found, cluster: cluster.facts, operatorNamespace };
  return links.flatMap((link) => previewClusterPolicy(link, surroundings) ?? []);
}

async function namespacePreviews(
  client: ApiClient,
  {
    options,
    cluster,
    shown,
    policies,
  }: Known & {
    readonly policies: Awaited<ReturnType<typeof clusterPolicyPreviews>>;
  },
  signal: AbortSignal,
): Promise<readonly NamespacePreview[]> {
  const links = shown.map(({ link }) => link);
  const existing = await readClientObjects(client, configMapNames(links), signal);
  const inForce = policies.filter((policy) => policy.inForce).map(({ link }) => link);
  const files = new Set(
    shown.filter(({ isFromFile }) => isFromFile).map(({ link }) => link.metadata.name),
  );
  const isShown = ({ selectedBy, servedBefore }: NamespacePreview): boolean => {
    const involved = [...selectedBy, ...servedBefore];
    if (options.namespace.length > 0) return true;
    return options.filename === undefined
      ? involved.length > 0
      : involved.some((name) => files.has(name));
  };
  return selectedNamespaces(options, cluster)
    .map((namespace) =>
      previewNamespace({
        namespace,
        links,
        existing: existing.filter(({ metadata }) => metadata.namespace === namespace.name),
        cluster: cluster.facts,
        clusterPolicies: new Set(inForce),
        operatorNamespace: options.operatorNamespace,
      }),
    )
    .filter(isShown);
}

/** Reads what runs in the cluster, and holds policies against it. */
async function auditor(
  client: ApiClient,
  { options, cluster, shown }: Known,
  signal: AbortSignal,
): Promise<(preview: NamespacePreview) => NamespaceAudit | undefined> {
  const audited: AuditedCluster = await readAuditedCluster(client, cluster.namespaces, signal);
  return ({ namespace, heldPolicy, selectedBy }) => {
    if (heldPolicy === undefined) return undefined;
    const links = shown.filter(({ link }) => selectedBy.includes(link.metadata.name));
    return auditNamespace({
      namespace,
      policy: { namespace, name: networkPolicyName, spec: heldPolicy.spec },
      cluster: audited,
      facts: cluster.facts,
      stsAddresses: addressesOfSts(links.map(({ link }) => link)),
      ignore: options.ignore,
    });
  };
}

function configMapNames(links: readonly SageMakerPrivateLink[]): readonly string[] {
  return [...new Set(links.flatMap(({ spec }) => spec.clients?.configMap?.name ?? []))];
}

function isSts(service: string): boolean {
  return service === 'sts' || service.endsWith('.sts');
}

/** Undefined where a link opens STS at addresses that are not known. */
function addressesOfSts(links: readonly SageMakerPrivateLink[]): readonly string[] | undefined {
  const wanted = links.flatMap(({ spec, status }) => {
    const names = spec.clients?.networkPolicy?.egress.awsServices ?? [];
    return names.filter(isSts).map((name) => {
      const found = (status?.clients?.services ?? []).find(({ service }) => service === name);
      return found?.addresses ?? [];
    });
  });
  return wanted.some((addresses) => addresses.length === 0) ? undefined : wanted.flat();
}

function selectedNamespaces({ namespace: names }: ClientsOptions, { namespaces }: ClientsCluster) {
  const unknown = names.find((name) => !namespaces.some((one) => one.name === name));
  if (unknown !== undefined) throw new UserError(`the cluster has no namespace ${unknown}`);
  const wanted = namespaces.filter(({ name }) => names.length === 0 || names.includes(name));
  return [...wanted].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The cluster's links, with those of files in the places of their names. */
async function linksToShow(
  options: ClientsOptions,
  present: readonly SageMakerPrivateLink[],
): Promise<readonly ShownLink[]> {
  const found = { isFromFile: false, isInCluster: true };
  if (options.filename === undefined) return present.map((link) => ({ link, ...found }));
  const objectOf = (name: string) => present.find(({ metadata }) => metadata.name === name);
  const files = await loadLinks(options, { clusterId: '', objectOf });
  const others = present.filter(
    ({ metadata }) => !files.some(({ name }) => name === metadata.name),
  );
  return [
    ...others.map((link) => ({ link, ...found })),
    ...files.map(({ name, uid, spec, object }): ShownLink => {
      const origin = { isFromFile: true, isInCluster: object !== undefined };
      if (object !== undefined) return { link: { ...object, spec }, ...origin };
      const metadata = { name, uid, generation: 1, resourceVersion: '' };
      const apiVersion = 'sagemaker.privatelink.dev/v1alpha1';
      return { link: { apiVersion, kind: 'SageMakerPrivateLink', metadata, spec }, ...origin };
    }),
  ];
}
