import { type Command, Option } from 'commander';
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import { type ApiClient, createApiClient } from '../../kubernetes/client/api-client.ts';
import { clusterCredentials } from '../../operator/cluster.ts';
import { auditNamespace, type NamespaceAudit } from '../../plan/clients/audit/audit-namespace.ts';
import type { AuditedCluster } from '../../plan/clients/audit/audited-cluster.ts';
import { type NamespacePreview, previewNamespace } from '../../plan/clients/preview-namespace.ts';
import { systemClock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/user-error.ts';
import {
  auditText,
  clientsEntry,
  type ClientsReport,
  clientsYaml,
  isWellServed,
} from '../../standalone/clients-report.ts';
import {
  type ClientsCluster,
  readAuditedCluster,
  readClientsCluster,
  readOthersObjects,
} from './clients-cluster.ts';
import type { SetExitCode } from '../exit-code.ts';
import { addFileOptions, type FileOptions, loadLinks } from '../link-input.ts';
import { shutdownSignal } from '../signals.ts';

interface ClientsOptions extends FileOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: readonly string[];
  readonly audit?: true;
  readonly output: 'yaml' | 'json';
}

/** Adds `clients`. Exit code 0: all is shown, 2: something is missing or cut off, 1: an error. */
export function addClientsCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('clients')
    .description('show what the namespaces of a cluster would get of spec.clients; changes nothing')
    .option('--kubeconfig <file>', 'kubeconfig; default: $KUBECONFIG, ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; default: its current context')
    .addOption(
      new Option('-n, --namespace <name>', 'this namespace alone; may be repeated')
        .argParser((name: string, former: readonly string[]) => [...former, name])
        .default([]),
    )
    .option('--audit', 'show which running pods a policy would select, and cut off from what')
    .addOption(new Option('-o, --output <form>', 'form').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', help);
  addFileOptions(command, { isFileRequired: false }).action(async (options: ClientsOptions) => {
    const report = await reportFor(options, shutdownSignal());
    process.stdout.write(textOf(report, options));
    setExitCode(isWellServed(report) ? 0 : 2);
  });
}

const help = `
Without -f it shows the cluster's links as they are. A file takes the place of the cluster's link of
its name, whose status knows the addresses.
Exit code: 0 all is shown and nothing cut off, 2 something is missing or cut off, 1 error.
The JSON output is described by docs/clients.schema.json.`;

function textOf(report: ClientsReport, { output, audit }: ClientsOptions): string {
  if (output === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  return audit === true ? auditText(report) : clientsYaml(report);
}

async function reportFor(options: ClientsOptions, signal: AbortSignal): Promise<ClientsReport> {
  const clock = systemClock();
  const client = createApiClient({
    credentials: clusterCredentials(options, clock, process.env),
    clock,
  });
  try {
    return await clientsReport(client, options, signal);
  } finally {
    await client.close();
  }
}

async function clientsReport(
  client: ApiClient,
  options: ClientsOptions,
  signal: AbortSignal,
): Promise<ClientsReport> {
  const cluster = await readClientsCluster(client, signal);
  const links = await linksToShow(options, cluster.links);
  const others = await readOthersObjects(client, configMapNames(links), signal);
  const previews = selectedNamespaces(options, cluster)
    .map((namespace) =>
      previewNamespace({
        namespace,
        links,
        existing: others.filter(({ metadata }) => metadata.namespace === namespace.name),
        cluster: cluster.facts,
        clusterPolicies: new Set(),
      }),
    )
    .filter(({ selectedBy }) => selectedBy.length > 0);
  if (options.audit !== true) return { namespaces: previews.map((one) => clientsEntry(one)) };
  const audited = await readAuditedCluster(client, cluster.namespaces, signal);
  const stsAddresses = addressesOfSts(links);
  return {
    namespaces: previews.map((preview) =>
      clientsEntry(preview, auditOf(preview, audited, { facts: cluster.facts, stsAddresses })),
    ),
  };
}

function auditOf(
  { namespace, objects }: NamespacePreview,
  cluster: AuditedCluster,
  known: Pick<Parameters<typeof auditNamespace>[0], 'facts' | 'stsAddresses'>,
): NamespaceAudit | undefined {
  const policy = objects.find((one) => one.kind === 'NetworkPolicy');
  if (policy === undefined) return undefined;
  const { name } = policy.metadata;
  return auditNamespace({
    namespace,
    policy: { namespace, name, spec: policy.spec },
    cluster,
    ...known,
  });
}

function configMapNames(links: readonly SageMakerPrivateLink[]): readonly string[] {
  return [...new Set(links.flatMap(({ spec }) => spec.clients?.configMap?.name ?? []))];
}

function addressesOfSts(links: readonly SageMakerPrivateLink[]): readonly string[] {
  const services = links.flatMap(({ status }) => status?.clients?.services ?? []);
  return services
    .filter(({ service }) => service === 'sts' || service.endsWith('.sts'))
    .flatMap(({ addresses = [] }) => addresses);
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
): Promise<readonly SageMakerPrivateLink[]> {
  if (options.filename === undefined) return present;
  const objectOf = (name: string) => present.find(({ metadata }) => metadata.name === name);
  const files = await loadLinks(options, { clusterId: '', objectOf });
  const others = present.filter(
    ({ metadata }) => !files.some(({ name }) => name === metadata.name),
  );
  return [
    ...others,
    ...files.map(({ name, uid, spec, object }): SageMakerPrivateLink => {
      if (object !== undefined) return { ...object, spec };
      const metadata = { name, uid, generation: 1, resourceVersion: '' };
      return {
        apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
        kind: 'SageMakerPrivateLink',
        metadata,
        spec,
      };
    }),
  ];
}
