/** The output of `clients`: what namespaces would get, and what an audit of it found. */
import { stringify } from 'yaml';
import { printable } from '../api/printable.ts';
import type { NamespaceAudit } from '../plan/clients/audit/audit-namespace.ts';
import type { ClientObject } from '../plan/clients/client-object.ts';
import type { ClientFinding } from '../plan/clients/finding.ts';
import type { NamespacePreview } from '../plan/clients/preview-namespace.ts';

/** One namespace, as `-o json` shows it. */
export interface ClientsEntry {
  readonly namespace: string;
  /** Names of the links that select it. */
  readonly selectedBy: readonly string[];
  readonly objects: readonly ClientObject[];
  /** Links whose policy is shown and not written: `enforcement: Audit`. */
  readonly audited: readonly string[];
  readonly findings: readonly Pick<ClientFinding, 'link' | 'kind' | 'reason' | 'message'>[];
  /** With `--audit`, where there is a policy. */
  readonly audit?: Omit<NamespaceAudit, 'namespace'>;
}

/** The document of `-o json`. */
export interface ClientsReport {
  readonly namespaces: readonly ClientsEntry[];
}

export function clientsEntry(preview: NamespacePreview, audit?: NamespaceAudit): ClientsEntry {
  const { namespace, selectedBy, objects, audited, waits, problems } = preview;
  const base = { namespace, selectedBy, objects, audited, findings: [...waits, ...problems] };
  if (audit === undefined) return base;
  const { namespace: _same, ...found } = audit;
  return { ...base, audit: found };
}

/** True if everything that is wanted is shown, and no audit found anything cut off. */
export function isWellServed({ namespaces }: ClientsReport): boolean {
  return namespaces.every(
    ({ findings, audit }) => findings.length === 0 && (audit?.cutOff ?? []).length === 0,
  );
}

/** The objects as YAML that `kubectl apply` takes, with what is to be known as comments. */
export function clientsYaml({ namespaces }: ClientsReport): string {
  if (namespaces.length === 0) return '# No namespace is selected.\n';
  return namespaces.map(entryYaml).join('---\n');
}

function entryYaml({ namespace, selectedBy, objects, audited, findings }: ClientsEntry): string {
  const comments = [
    `Namespace ${namespace}, selected by ${selectedBy.join(', ')}`,
    ...audited.map((link) => `${link} has enforcement: Audit: its policy is not written.`),
    ...findings.map(({ link, message }) => `${link}: ${message}`),
  ];
  const documents = objects.map((object) => stringify(object, yamlForm));
  return `${commented(comments)}${documents.join('---\n')}`;
}

/** Without anchors: each rule is read by itself. */
const yamlForm = { lineWidth: 0, aliasDuplicateObjects: false };

function commented(lines: readonly string[]): string {
  return lines.map((line) => `# ${printable(line)}\n`).join('');
}

/** The audit in words. */
export function auditText({ namespaces }: ClientsReport): string {
  if (namespaces.length === 0) return 'No namespace is selected.\n';
  return namespaces
    .map((entry) => auditLines(entry).map(printable).join('\n'))
    .join('\n\n')
    .concat('\n');
}

function auditLines({ namespace, selectedBy, findings, audit }: ClientsEntry): readonly string[] {
  const head = [
    `Namespace ${namespace}, selected by ${selectedBy.join(', ')}`,
    ...findings.map(({ link, message }) => `  ${link}: ${message}`),
  ];
  if (audit === undefined) return [...head, '  There is no policy to hold pods against.'];
  const { selected, onHostNetwork, cutOff, shutIn } = audit;
  return [
    ...head,
    `  The policy selects ${podsWords(selected)}.`,
    ...(onHostNetwork.length === 0
      ? []
      : [`  It cannot hold ${podsWords(onHostNetwork)} on the node's own network.`]),
    ...cutOff.map(({ destination, pods }) => `  Cut off from ${destination}: ${podsWords(pods)}.`),
    ...(shutIn.length === 0
      ? []
      : [`  Held to the listed addresses outside of the cluster: ${podsWords(shutIn)}.`]),
    ...(cutOff.length === 0 ? ['  Nothing that is known without traffic is cut off.'] : []),
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
