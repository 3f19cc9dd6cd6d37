/** The output of `clients`: what the operator would do in namespaces, and what an audit of it found. */
import { printable } from '../../api/printable.ts';
import { writeYaml } from '../../api/validation/write-yaml.ts';
import type { NamespaceAudit } from '../../plan/clients/audit/audit-namespace.ts';
import { isFailure, type LinkRemark } from '../../plan/clients/preview/link-remarks.ts';
import type { ClusterPolicyPreview } from '../../plan/clients/preview/preview-cluster-policy.ts';
import type { NamespacePreview } from '../../plan/clients/preview/preview-namespace.ts';

/** One namespace, as `-o json` shows it. */
export interface ClientsEntry
  extends Pick<
    NamespacePreview,
    'namespace' | 'deleting' | 'selectedBy' | 'objects' | 'audited' | 'findings'
  > {
  /** With `--audit`, where there is a policy. */
  readonly audit?: Omit<NamespaceAudit, 'namespace'> & {
    /** Parts that the policy lacks, since their addresses are not known. */
    readonly unknown: readonly string[];
  };
}

/** The document of `-o json`. */
export interface ClientsReport {
  readonly remarks: readonly LinkRemark[];
  readonly clusterPolicies: readonly ClusterPolicyPreview[];
  readonly namespaces: readonly ClientsEntry[];
}

export function clientsEntry(preview: NamespacePreview, audit?: NamespaceAudit): ClientsEntry {
  const { namespace, deleting, selectedBy, objects, audited, findings, heldPolicy } = preview;
  const base = { namespace, deleting, selectedBy, objects, audited, findings };
  if (audit === undefined) return base;
  const { namespace: _same, ...found } = audit;
  return { ...base, audit: { ...found, unknown: heldPolicy?.unknown ?? [] } };
}

/**
 * True if every namespace is selected and gets all that it is to have, and no audit found anything
 * cut off that is not ignored.
 */
export function isWellServed({ remarks, clusterPolicies, namespaces }: ClientsReport): boolean {
  return (
    namespaces.length > 0 &&
    !remarks.some(isFailure) &&
    clusterPolicies.every(({ findings }) => findings.length === 0) &&
    namespaces.every(isServed)
  );
}

function isServed({ selectedBy, findings, audit }: ClientsEntry): boolean {
  const lost = (audit?.cutOff ?? []).filter(({ ignored }) => !ignored);
  return selectedBy.length > 0 && findings.length === 0 && lost.length === 0;
}

const noNamespace = 'No namespace is selected.';

/** The objects as YAML, with what would become of each and what is to be known as comments. */
export function clientsYaml({ remarks, clusterPolicies, namespaces }: ClientsReport): string {
  const head = [
    ...(namespaces.length === 0 ? [noNamespace] : previewNotes),
    ...remarks.map(({ link, message }) => `${link}: ${message}`),
  ];
  return [
    commented(head),
    ...clusterPolicies.map(clusterPolicyYaml),
    ...namespaces.map(entryYaml),
  ].join('---\n');
}

/** An object is the operator's own by its labels and annotations, whoever applied it. */
const previewNotes = [
  'A preview: the operator writes these objects. One that is applied by hand with these labels and',
  "annotations becomes the operator's own, to change and to delete.",
];

function clusterPolicyYaml({ link, flavor, objects, findings }: ClusterPolicyPreview): string {
  const comments = [
    `Cluster policy of ${link}${flavor === undefined ? '' : `, flavor ${flavor}`}`,
    ...findings.map(({ message }) => `${link}: ${message}`),
  ];
  return `${commented(comments)}${documentsOf(objects.map((one) => ({ ...one, differences: [] })))}`;
}

function entryYaml(entry: ClientsEntry): string {
  return `${commented([headOf(entry), ...notesOf(entry)])}${documentsOf(entry.objects)}`;
}

function headOf({ namespace, selectedBy }: ClientsEntry): string {
  return selectedBy.length === 0
    ? `Namespace ${namespace}, selected by no link`
    : `Namespace ${namespace}, selected by ${selectedBy.join(', ')}`;
}

function notesOf({ deleting, audited, findings }: ClientsEntry): readonly string[] {
  return [
    ...(deleting ? ['It is being deleted: nothing is written into it.'] : []),
    ...audited.map((link) => `${link} has enforcement: Audit: its policy is not written.`),
    ...findings.map(({ link, message, when }) => {
      return when === 'Now' ? `${link}: ${message}` : `${link}, later: ${message}`;
    }),
  ];
}

interface ShownObject {
  readonly change: string;
  readonly object: { readonly kind: string; readonly metadata: { readonly name: string } };
  readonly differences: readonly string[];
}

/** Objects that go have no document: whoever applies the rest must not make them anew. */
function documentsOf(objects: readonly ShownObject[]): string {
  return objects
    .map(({ change, object, differences }) => {
      const { kind, metadata } = object;
      const comment = commented([`${change} ${kind} ${metadata.name}`, ...differences]);
      return change === 'Delete' ? comment : `${comment}${writeYaml(object)}`;
    })
    .join('---\n');
}

function commented(lines: readonly string[]): string {
  return lines.map((line) => `# ${printable(line)}\n`).join('');
}

/** The audit in words. */
export function auditText({ remarks, clusterPolicies, namespaces }: ClientsReport): string {
  const head = [
    ...(namespaces.length === 0 ? [noNamespace] : []),
    ...remarks.map(({ link, message }) => `${link}: ${message}`),
    ...clusterPolicies.flatMap(({ link, findings }) =>
      findings.map(({ message }) => `${link}: ${message}`),
    ),
  ];
  return [...(head.length === 0 ? [] : [head]), ...namespaces.map(auditLines)]
    .map((lines) => lines.map(printable).join('\n'))
    .join('\n\n')
    .concat('\n');
}

function auditLines(entry: ClientsEntry): readonly string[] {
  const { audit } = entry;
  const head = [headOf(entry), ...notesOf(entry).map((note) => `  ${note}`)];
  if (audit === undefined) return [...head, '  There is no policy to hold pods against.'];
  const { selected, onHostNetwork, cutOff, shutIn, unknown } = audit;
  const isWhole = !entry.findings.some(({ kind }) => kind === 'NetworkPolicy');
  return [
    ...head,
    `  The policy selects ${podsWords(selected)}.`,
    ...(unknown.length === 0
      ? []
      : [`  Not known: ${unknown.join(', ')}, of which nothing is said.`]),
    ...(onHostNetwork.length === 0
      ? []
      : [`  It cannot hold ${podsWords(onHostNetwork)} on the node's own network.`]),
    ...cutOff.map(({ destination, pods, ignored }) => {
      return `  Cut off from ${destination}: ${podsWords(pods)}${ignored ? ', ignored' : ''}.`;
    }),
    ...(shutIn.length === 0
      ? []
      : [`  Held to the listed addresses outside of the cluster: ${podsWords(shutIn)}.`]),
    ...(cutOff.length === 0 && isWhole
      ? ['  Nothing that is known without traffic is cut off.']
      : []),
  ];
}

/** So many names are read; a Deployment's pods differ in their last letters alone. */
const mostNames = 5;

function podsWords(names: readonly string[]): string {
  if (names.length === 0) return 'no running pod';
  const shown = names.slice(0, mostNames).join(', ');
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `${names.length === 1 ? '1 pod' : `${names.length} pods`} (${shown}${more})`;
}
