import type { ClusterPolicySpec } from '../../../api/sagemaker-private-link.ts';

/** One kind that the API server serves, as discovery lists it. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export type WantedFlavor = ClusterPolicySpec['flavor'];
export type Flavor = Exclude<WantedFlavor, 'Auto'>;

/** A flavour of the cluster, in the version to write. */
export interface ServedFlavor {
  readonly flavor: Flavor;
  readonly apiVersion: string;
  /** Calico only: whether policies can have a tier of their own. */
  readonly tiers: boolean;
}

export type FlavorChoice =
  | {
      readonly kind: 'Chosen';
      readonly served: ServedFlavor;
      /** The flavour in use that the cluster serves no more, with its policies. */
      readonly gone?: Flavor;
    }
  | {
      readonly kind: 'None';
      readonly reason: 'NoFlavorServed' | 'FlavorNotServed' | 'FlavorGone';
      readonly message: string;
    };

/** One kind of policy, with the versions that are written, best first. */
interface FlavorKind {
  readonly flavor: Flavor;
  readonly kind: string;
  readonly versions: readonly (readonly [group: string, version: string])[];
}

/**
 * The order of Auto. The kinds of one product come first: its installation brings them, so they are
 * a sign that it enforces policies here, while the Network Policy API's may be installed without
 * anything that heeds them. EKS serves its kind on clusters where Cilium or Calico took the place of
 * the VPC CNI's agent, so those two come before it.
 */
export const flavorKinds: readonly FlavorKind[] = [
  {
    flavor: 'Cilium',
    kind: 'CiliumClusterwideNetworkPolicy',
    versions: [['cilium.io', 'v2']],
  },
  {
    flavor: 'Calico',
    kind: 'GlobalNetworkPolicy',
    versions: [
      ['projectcalico.org', 'v3'],
      ['crd.projectcalico.org', 'v1'],
    ],
  },
  {
    flavor: 'EKS',
    kind: 'ClusterNetworkPolicy',
    versions: [['networking.k8s.aws', 'v1alpha1']],
  },
  {
    flavor: 'NetworkPolicyAPI',
    kind: 'ClusterNetworkPolicy',
    versions: [
      ['policy.networking.k8s.io', 'v1beta1'],
      ['policy.networking.k8s.io', 'v1alpha2'],
    ],
  },
];

/**
 * The flavour to write.
 *
 * @param served what discovery lists, in any order
 * @param wanted spec.clients.clusterPolicy.flavor
 * @param inUse the flavour that the link's policies have now. Auto stays with it while it is served,
 *   so that a kind which is installed later moves no policy.
 */
export function chooseFlavor(
  served: readonly ServedKind[],
  wanted: WantedFlavor,
  inUse?: Flavor,
): FlavorChoice {
  const here = flavorKinds
    .map((one) => servedFlavor(one, served))
    .filter((one) => one !== undefined);
  const candidates = wanted === 'Auto' ? here : here.filter(({ flavor }) => flavor === wanted);
  const kept = candidates.find(({ flavor }) => flavor === inUse);
  const chosen = kept ?? candidates[0];
  const isLost = inUse !== undefined && here.every(({ flavor }) => flavor !== inUse);
  const lost = isLost ? inUse : undefined;
  if (chosen === undefined) {
    // Another flavour that went away is not the one that is missed here.
    const missed = wanted === 'Auto' || wanted === lost ? lost : undefined;
    return {
      kind: 'None',
      reason: noneReason(wanted, missed),
      message: noneMessage(wanted, missed),
    };
  }
  return { kind: 'Chosen', served: chosen, ...(lost === undefined ? {} : { gone: lost }) };
}

function noneReason(wanted: WantedFlavor, missed: Flavor | undefined) {
  if (missed !== undefined) return 'FlavorGone';
  return wanted === 'Auto' ? 'NoFlavorServed' : 'FlavorNotServed';
}

/** The flavour that an object of a kind is of; undefined for kinds that are none's. */
export function flavorOf({ apiVersion, kind }: { apiVersion: string; kind: string }) {
  const [group = ''] = apiVersion.split('/');
  return flavorKinds.find(
    (one) =>
      (one.kind === kind || (one.flavor === 'Calico' && kind === tierKind)) &&
      one.versions.some(([name]) => name === group),
  )?.flavor;
}

/** The kinds to read and write, one version of each: another version shows the same objects. */
export function servedPolicyKinds(
  served: readonly ServedKind[],
): readonly (ServedKind & { readonly flavor: Flavor })[] {
  return flavorKinds.flatMap((one) => {
    const found = servedFlavor(one, served);
    if (found === undefined) return [];
    const [group = '', version = ''] = found.apiVersion.split('/');
    const kinds = [one.kind, ...(found.tiers ? [tierKind] : [])];
    return kinds.map((kind) => ({ flavor: one.flavor, group, version, kind }));
  });
}

/** Kinds that belong to a flavour and hold no rule. */
const tierKind = 'Tier';

function servedFlavor(
  { flavor, kind, versions }: FlavorKind,
  served: readonly ServedKind[],
): ServedFlavor | undefined {
  const serves = (group: string, version: string, name: string): boolean =>
    served.some((one) => one.group === group && one.version === version && one.kind === name);
  const version = versions.find(([group, name]) => serves(group, name, kind));
  if (version === undefined) return undefined;
  const tiers = flavor === 'Calico' && serves(...version, tierKind);
  return { flavor, apiVersion: version.join('/'), tiers };
}

function noneMessage(wanted: WantedFlavor, inUse: Flavor | undefined): string {
  const kinds = flavorKinds
    .filter(({ flavor }) => wanted === 'Auto' || flavor === wanted)
    .map(({ flavor, kind, versions }) => `${kind} of ${groupsOf(versions)} (${flavor})`);
  const before = inUse === undefined ? '' : ` The policies written as ${inUse} are gone with it.`;
  const rest =
    wanted === 'Auto'
      ? 'Install a network plugin that has one of them, or leave clusterPolicy out.'
      : 'Install it, set clusterPolicy.flavor to Auto, or leave clusterPolicy out.';
  return (
    `The cluster ${inUse === undefined ? 'does not serve' : 'no longer serves'} ` +
    `${kinds.join(', ')}.${before} ${rest}`
  );
}

function groupsOf(versions: FlavorKind['versions']): string {
  return versions.map((version) => version.join('/')).join(' or ');
}
