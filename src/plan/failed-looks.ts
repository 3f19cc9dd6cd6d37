/** Looks that failed, and the condition that each is asked for. */
import { findingsFromErrors } from './cloud-problems.ts';
import type { Subject } from './findings.ts';
import type { LookKind } from './looks.ts';
import type { Observation } from './observation.ts';
import { type Stage, stage } from './stage.ts';

const lookSubjects: Readonly<Record<LookKind, Subject>> = {
  Caller: 'NetworkResolved',
  Owned: 'EndpointsAvailable',
  ClusterHoldings: 'EndpointsAvailable',
  Vpcs: 'NetworkResolved',
  VpcDnsAttributes: 'NetworkResolved',
  Subnets: 'NetworkResolved',
  FreeAddresses: 'EndpointsAvailable',
  SubnetsById: 'NetworkResolved',
  EndpointServices: 'NetworkResolved',
  VpcEndpoints: 'EndpointsAvailable',
  SecurityGroups: 'SecurityGroupReady',
  SecurityGroupUses: 'SecurityGroupReady',
  PrefixLists: 'SecurityGroupReady',
  NetworkInterfaces: 'EndpointsAvailable',
  PolicyNames: 'NotebookAccessEnforced',
  ManagedPolicy: 'NotebookAccessEnforced',
  PoliciesByARN: 'NotebookAccessEnforced',
  PolicyVersions: 'NotebookAccessEnforced',
  PolicyBoundaryUses: 'NotebookAccessEnforced',
  PrincipalPolicies: 'NotebookAccessEnforced',
};

/** The condition that a look is asked for. */
export function subjectOfLook(kind: LookKind): Subject {
  return lookSubjects[kind];
}

/** Failed looks as findings of the conditions they would have answered. */
export function failedLooks({ failures }: Observation, deleting = false): Stage {
  // Who may not list policies has none: see `findPolicy`.
  const { PolicyNames: _names, ...relevant } = failures;
  const failed = Object.entries(relevant).map(([kind, error]) => ({
    error,
    subject: lookSubjects[kind as LookKind],
    deleting,
  }));
  return stage(findingsFromErrors(failed));
}
