import type {
  NetworkPolicyEgressRule,
  SageMakerPrivateLink,
} from '../../../api/sagemaker-private-link.ts';
import { isInside } from '../../network/cidr.ts';
import { selects } from '../label-selector.ts';
import type { ClientNamespace } from '../plan-namespace.ts';
import { type ClusterFacts, wantedEgress } from '../wanted-egress.ts';

export type LinkRemarkReason =
  | 'Deleting'
  | 'Suspended'
  | 'NoClients'
  | 'SelectsNothing'
  | 'AddressesUnknown'
  | 'Audit'
  | 'OpensInternet'
  | 'OpensInstanceMetadata';

/** Something about a link that is the same for all of its namespaces. */
export interface LinkRemark {
  readonly link: string;
  readonly reason: LinkRemarkReason;
  readonly message: string;
}

/** Remarks on what the spec says in so many words: no reason to end a pipeline. */
const intended: ReadonlySet<LinkRemarkReason> = new Set([
  'NoClients',
  'Audit',
  'OpensInternet',
  'OpensInstanceMetadata',
]);

/** True for a remark that says that clients do not get what the spec asks for. */
export function isFailure({ reason }: LinkRemark): boolean {
  return !intended.has(reason);
}

export interface RemarkSurroundings {
  /** Every namespace of the cluster. */
  readonly namespaces: readonly ClientNamespace[];
  readonly cluster: ClusterFacts;
  /** False for a link that is in a file alone. */
  readonly isInCluster: boolean;
}

/** Remarks on a link, beside the objects of its namespaces. */
export function linkRemarks(
  link: SageMakerPrivateLink,
  surroundings: RemarkSurroundings,
): readonly LinkRemark[] {
  const { name, deletionTimestamp } = link.metadata;
  const messages: Partial<Record<LinkRemarkReason, string | undefined>> =
    deletionTimestamp === undefined
      ? remarksOn(link, surroundings)
      : { Deleting: 'It is being deleted: namespaces lose what they have for it.' };
  return Object.entries(messages).flatMap(([reason, message]) =>
    message === undefined ? [] : [{ link: name, reason: reason as LinkRemarkReason, message }],
  );
}

function remarksOn(
  link: SageMakerPrivateLink,
  { namespaces, cluster, isInCluster }: RemarkSurroundings,
): Partial<Record<LinkRemarkReason, string | undefined>> {
  const { suspend, clients } = link.spec;
  if (clients === undefined) {
    return { NoClients: 'It has no spec.clients: namespaces get nothing of it.' };
  }
  const isSelecting = namespaces.some(({ labels }) => selects(clients.namespaceSelector, labels));
  const rules = clients.networkPolicy?.egress.rules ?? [];
  return {
    Suspended: suspend
      ? 'It is suspended: namespaces keep what they have, and nothing is written.'
      : undefined,
    SelectsNothing: isSelecting
      ? undefined
      : 'Its spec.clients.namespaceSelector selects no namespace of the cluster.',
    AddressesUnknown: addressesRemark(wantedEgress(link, cluster)?.unknown ?? [], isInCluster),
    Audit:
      clients.networkPolicy?.enforcement === 'Audit'
        ? 'It has enforcement: Audit: its policy is not written, and one that was is taken away.'
        : undefined,
    OpensInternet: internetRemark(rules),
    OpensInstanceMetadata: rules.some(opensMetadata)
      ? 'Its egress.rules open the instance metadata (169.254.169.254): pods can act as their node.'
      : undefined,
  };
}

function addressesRemark(unknown: readonly string[], isInCluster: boolean): string | undefined {
  if (unknown.length === 0) return undefined;
  const parts = unknown.join(', ');
  return isInCluster
    ? `Its status does not have the addresses of ${parts}. The operator asks AWS for what the applied spec names: apply it with enforcement: Audit, and look again when status has them.`
    : `It is in a file alone, and addresses (${parts}) come from the status of the cluster's link: apply it with enforcement: Audit, and look again when it is ready.`;
}

/** The widest blocks that are private or one owner's: 10.0.0.0/8, and AWS's smallest from IPv6. */
const widestPrivate = { ipv4: 8, ipv6: 16 };

function internetRemark(rules: readonly NetworkPolicyEgressRule[]): string | undefined {
  const wide = blocksOf(rules).filter(({ cidr }) => {
    const [address = '', length = ''] = cidr.split('/');
    return Number(length) < (address.includes(':') ? widestPrivate.ipv6 : widestPrivate.ipv4);
  });
  if (wide.length === 0) return undefined;
  const cidrs = [...new Set(wide.map(({ cidr }) => cidr))].join(', ');
  return `Its egress.rules open ${cidrs}: pods keep ways around the endpoints.`;
}

function blocksOf(rules: readonly NetworkPolicyEgressRule[]) {
  return rules.flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
const metadataAddresses = ['169.254.169.254', 'fd00:ec2::254'];

function opensMetadata(rule: NetworkPolicyEgressRule): boolean {
  const { ports = [] } = rule;
  const hasPort =
    ports.length === 0 ||
    ports.some(({ protocol, port, endPort }) => {
      return protocol === 'TCP' && (port === undefined || (port <= 80 && (endPort ?? port) >= 80));
    });
  return (
    hasPort &&
    blocksOf([rule]).some(({ cidr, except = [] }) =>
      metadataAddresses.some((address) => isInside(address, [cidr]) && !isInside(address, except)),
    )
  );
}
