/** Resources that a link owns and no longer wants. */
import type { Endpoint, Holdings } from '../facts.ts';
import type { Wait } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { Observation } from '../observation.ts';
import { isOwnedBy } from '../ownership/ownership.ts';
import { deletionOf } from '../endpoint/actions/deletion-of.ts';
import { isDead, isGoing, serves } from '../endpoint/plan-endpoint.ts';
import { planGroupDeletion } from '../security-group/plan-group-deletion.ts';
import { managedGroup } from '../security-group/plan-security-group.ts';
import { joined, type Stage, stage } from '../stage.ts';

/** Everything that the plan depends on. */
export interface LeftoversInput {
  readonly owner: OwnerIdentity;
  readonly observation: Observation;
  readonly holdings: Holdings;
  /** Full names of every service in the spec, also of those that cannot be had now. */
  readonly wantedServices: readonly string[];
  readonly vpcId: string;
  /** Whether the spec wants a managed group. */
  readonly keepsGroup: boolean;
  /** Whether an endpoint may be deleted as far as the notebook policy goes. */
  readonly mayDelete: (endpoint: Endpoint) => boolean;
  /** Entries of the spec, by what a user calls them, whose endpoints take no traffic yet. */
  readonly unserved: readonly string[];
  /** AWS has no room for another endpoint: those that left the spec make room. */
  readonly hasNoRoom: boolean;
}

/**
 * Deletes endpoints of services that left the spec, and groups that no endpoint uses any more. An
 * endpoint that serves is given up when every entry of the spec is served: any of them may be its
 * successor, and one that AWS does not know, or refuses, is none.
 */
export function planLeftovers(input: LeftoversInput): Stage {
  const { owner, holdings, wantedServices, vpcId } = input;
  const endpoints = holdings.endpoints.filter(({ tags }) => isOwnedBy(tags, owner));
  const unwanted = endpoints.filter(
    (one) => !isGoing(one) && !(wantedServices.includes(one.serviceName) && one.vpcId === vpcId),
  );
  const outlived = unwanted.filter((one) => isOutlived(one, input));
  const mayGo = (one: Endpoint): boolean => isDead(one) || input.mayDelete(one);
  const deletable = outlived.filter(mayGo);
  const services = [...new Set(deletable.map(({ serviceName }) => serviceName))].join(', ');
  const actions = deletionOf(deletable, `${services} is no longer in the spec`);
  const groupsGo = planGroupDeletion({
    owner,
    observation: input.observation,
    holdings,
    groupIds: unusedGroups(input, endpoints),
    reason: 'the spec brings its own security groups and no endpoint uses this one',
  });
  const endpointsGo = stage({
    actions,
    waits: [
      ...leavingWaits(endpoints, wantedServices),
      ...heldWaits(outlived.filter((one) => !mayGo(one))),
      ...successorWaits(
        unwanted.filter((one) => !outlived.includes(one)),
        input.unserved,
      ),
    ],
    differences: unwanted.map(({ id, serviceName }) => ({
      resource: id,
      field: 'endpoint',
      desired: 'absent',
      actual: `there for ${serviceName}`,
    })),
  });
  return joined([endpointsGo, groupsGo]);
}

/** Waits for endpoints that AWS has not deleted yet. A successor that waits says so itself. */
function leavingWaits(
  endpoints: readonly Endpoint[],
  wantedServices: readonly string[],
): readonly Wait[] {
  const standing = endpoints.filter((one) => !isGoing(one));
  const leaving = endpoints.filter(
    ({ state, serviceName }) =>
      state === 'deleting' &&
      (!wantedServices.includes(serviceName) ||
        standing.some((other) => other.serviceName === serviceName)),
  );
  if (leaving.length === 0) return [];
  const endpointIds = leaving.map(({ id }) => id);
  const message = `AWS is deleting ${endpointIds.join(', ')}.`;
  return [{ subject: 'EndpointsAvailable', reason: 'WaitingForDeletion', message, endpointIds }];
}

function isOutlived(endpoint: Endpoint, { unserved, hasNoRoom }: LeftoversInput): boolean {
  return !serves(endpoint) || hasNoRoom || unserved.length === 0;
}

function successorWaits(
  endpoints: readonly Endpoint[],
  unserved: readonly string[],
): readonly Wait[] {
  if (endpoints.length === 0) return [];
  const which = endpoints.map(({ id, serviceName }) => `${id} (${serviceName})`).join(', ');
  return [
    {
      subject: 'EndpointsAvailable',
      reason: 'WaitingForSuccessor',
      message: `${which} is no longer in the spec and is kept until ${unserved.join(', ')} can be used.`,
      awaits: ['NetworkResolved', 'SecurityGroupReady', 'EndpointsAvailable'],
    },
  ];
}

function heldWaits(endpoints: readonly Endpoint[]): readonly Wait[] {
  if (endpoints.length === 0) return [];
  const ids = endpoints.map(({ id }) => id).join(', ');
  return [
    {
      subject: 'EndpointsAvailable',
      reason: 'WaitingForPolicy',
      message: `${ids} is no longer in the spec and is deleted when the notebook policy allows for it (see NotebookAccessEnforced).`,
      awaits: ['NotebookAccessEnforced'],
    },
  ];
}

function unusedGroups(input: LeftoversInput, endpoints: readonly Endpoint[]): readonly string[] {
  const { owner, holdings, vpcId, keepsGroup } = input;
  const kept = keepsGroup ? managedGroup(holdings.securityGroups, owner, vpcId) : undefined;
  const inUse = new Set(
    endpoints.filter(({ state }) => state !== 'deleted').flatMap((one) => one.securityGroupIds),
  );
  return holdings.securityGroups
    .filter(({ id, tags }) => isOwnedBy(tags, owner) && id !== kept?.id && !inUse.has(id))
    .map(({ id }) => id);
}
