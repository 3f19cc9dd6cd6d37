import type { ClientObject, ClientObjectKind } from './client-object.ts';
import type { ClientFinding } from './finding.ts';

/** The plan for one kind of object in a namespace. */
export interface PartialPlan {
  readonly wanted: readonly ClientObject[];
  /** States that end by themselves. */
  readonly waits: readonly ClientFinding[];
  /** States that somebody has to end. */
  readonly problems: readonly ClientFinding[];
}

/** A link whose endpoints were never all available gives its namespaces nothing. */
export function notAvailable(link: string, kind: ClientObjectKind): ClientFinding {
  return {
    link,
    kind,
    reason: 'EndpointsNotAvailable',
    message: `The ${kind} waits until all endpoints of ${link} are available for the first time.`,
  };
}

/** Links that say what they want, of an object that another link holds up. */
export function sharedWaits(
  kind: ClientObjectKind,
  links: readonly string[],
  culprits: readonly string[],
): readonly ClientFinding[] {
  return links
    .filter((link) => !culprits.includes(link))
    .map((link) => ({
      link,
      kind,
      reason: 'SharedObjectHeld',
      message: `The ${kind} is shared with ${culprits.join(' and ')}, and stays as it is until that link can be followed.`,
    }));
}

/** An older CRD drops `enforcement` from the spec: an `Audit` may have been there. */
export function enforcementWait(link: string): ClientFinding {
  return { link, kind: 'NetworkPolicy', ...enforcementUnknown(link) };
}

/** The words for policies of every kind. */
export function enforcementUnknown(link: string) {
  return {
    reason: 'EnforcementUnknown',
    message: `The CRD in the cluster is older than the operator and has dropped spec.clients.networkPolicy.enforcement of ${link}: no policy is made or taken away. Suspend the link if it had Audit, apply crds/sagemakerprivatelinks.yaml of the operator's version, then the link again.`,
  } as const;
}

/** While something is not known, the last good content stays, and nothing new is made. */
export function unknownWait(
  link: string,
  kind: ClientObjectKind,
  unknown: readonly string[],
): ClientFinding {
  return {
    link,
    kind,
    reason: 'AddressesUnknown',
    message: `No ${kind} is made, and nothing is taken out of one that is there, until ${unknown.join(', ')} has addresses that are known.`,
  };
}
