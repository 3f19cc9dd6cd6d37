/** Reasons why a link's objects in one namespace are not as wanted. */
import type { ClientObjectKind } from './client-object.ts';

export type ClientReason =
  /** The link's endpoints were not available yet: a policy would shut pods in. */
  | 'EndpointsNotAvailable'
  /** Addresses or names at AWS are not known: the last good content stays. */
  | 'AddressesUnknown'
  /** An older CRD has dropped whether policies are in force: they stay as they are. */
  | 'EnforcementUnknown'
  /** The VPC has no endpoint of a service in egress.awsServices. */
  | 'ServiceMissing'
  /** A rule of egress.rules would open every destination. */
  | 'RuleWithoutDestination'
  /** The cluster-scoped policy that is to take the place of this one is not in force yet. */
  | 'ConfiguringClusterPolicy'
  /** Another link holds up the object that this one shares with it. */
  | 'SharedObjectHeld'
  /** A link that was served before wants something else in the same namespace. */
  | 'LinksDisagree'
  /** An object with the name is there and somebody else's. */
  | 'OwnedByAnother'
  /** The API server refuses a write: a quota, an admission policy or a right that is missing. */
  | 'WriteRefused'
  /** Somebody undoes each write. */
  | 'UndoneAgain'
  /** The API server did not answer, or asks to wait. */
  | 'ClusterUnavailable'
  /** A policy in a namespace of the cluster's own would stop the cluster. */
  | 'ProtectedNamespace';

export interface ClientFinding {
  readonly link: string;
  readonly kind: ClientObjectKind;
  readonly reason: ClientReason;
  /** Says what is wrong and what to do, without the namespace's name. */
  readonly message: string;
}
