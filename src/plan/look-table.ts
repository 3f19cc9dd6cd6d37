/** Everything that the machinery knows of a look: a row for each kind. */
import type { Target } from './cloud.ts';
import type { Subject } from './findings.ts';
import type { Look, LookKind } from './looks.ts';

/** Everything that is known of one kind of look. */
export interface LookRow {
  /** The condition that it is asked for. */
  readonly subject: Subject;
  /** The world that it asks. @default AWS */
  readonly target?: Target;
  /** It is about resources that links change: its answer may be another after each change. */
  readonly isAboutResources?: true;
}

const ofNetwork: LookRow = { subject: 'NetworkResolved' };
const ofGroups: LookRow = { subject: 'SecurityGroupReady' };
const ofEndpoints: LookRow = { subject: 'EndpointsAvailable' };
const ofLinks: LookRow = { ...ofEndpoints, isAboutResources: true };
const ofPolicies: LookRow = { subject: 'NotebookAccessEnforced', isAboutResources: true };

const rows: Readonly<Record<LookKind, LookRow>> = {
  Caller: ofNetwork,
  Owned: ofLinks,
  ClusterHoldings: ofLinks,
  Vpcs: ofNetwork,
  VpcDnsAttributes: ofNetwork,
  Subnets: ofNetwork,
  FreeAddresses: ofLinks,
  SubnetsById: ofNetwork,
  EndpointServices: ofNetwork,
  VpcEndpoints: ofLinks,
  SecurityGroups: ofGroups,
  SecurityGroupsByName: { ...ofGroups, isAboutResources: true },
  SecurityGroupUses: { ...ofGroups, isAboutResources: true },
  PrefixLists: ofGroups,
  NetworkInterfaces: ofEndpoints,
  ClientServices: { subject: 'ClientsConfigured', isAboutResources: true },
  PolicyNames: ofPolicies,
  ManagedPolicy: ofPolicies,
  PoliciesByARN: ofPolicies,
  PolicyVersions: ofPolicies,
  PolicyBoundaryUses: ofPolicies,
  PrincipalPolicies: ofPolicies,
};

/** The condition that a look is asked for. */
export function subjectOfLook({ kind }: Look): Subject {
  return rows[kind].subject;
}

/** The world that a look asks. */
export function targetOfLook({ kind }: Look): Target {
  return rows[kind].target ?? 'AWS';
}

/** True for a question about what links change: its answer may be another after each change. */
export function isAboutResources({ kind }: Look): boolean {
  return rows[kind].isAboutResources === true;
}
