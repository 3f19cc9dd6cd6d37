/** The findings of pods about a link's endpoints, as the link's own pass gets to know them. */
import type { Reason } from '../../api/conditions.ts';

/** One namespace that a link is verified from. */
export interface NamespaceVerification {
  readonly namespace: string;
  /** `Unknown` where no pod could tell. */
  readonly state: 'Reachable' | 'Unreachable' | 'Unknown';
  /** `Succeeded`, or the most telling fault. */
  readonly reason: Reason;
  /** The faults and what to do; '' for `Reachable`. */
  readonly message: string;
  /** Zones of the endpoints' addresses that did not answer as they should. */
  readonly zones: readonly string[];
}

export type VerificationView =
  /** This operator starts no pods. */
  | { readonly kind: 'Disabled' }
  /** Nobody has looked since this process began: what was known before stands. */
  | { readonly kind: 'Pending' }
  /** Nothing can be known: why. */
  | { readonly kind: 'Unknown'; readonly message: string }
  | {
      readonly kind: 'Known';
      /** Digest of the names, addresses and settings that this is about. */
      readonly basis: string;
      /** In the order of their names. */
      readonly namespaces: readonly NamespaceVerification[];
      /** Namespaces that the spec takes, too, and that are over `maxNamespaces`. */
      readonly leftOut: number;
    };
