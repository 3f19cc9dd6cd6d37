/** Fields of the status that show what was seen. Pure. */
import type { SageMakerPrivateLinkStatus } from '../../api/sagemaker-private-link.ts';
import type { Endpoint, ManagedPolicy, Principal } from '../facts.ts';
import { listedPrincipals } from '../notebook-policy/protected-principals.ts';
import { foreignOwnerOf, isOwnedBy } from '../ownership/ownership.ts';
import type { PassEnd } from '../pass-end.ts';
import { managedGroup } from '../security-group/plan-security-group.ts';
import { isSamePrincipal } from '../notebook-policy/actions/policy-changes.ts';
import { endpointStatuses } from './report-endpoints.ts';
import type { ReportInput } from './report-input.ts';
import { allFound, answerTo } from '../observation.ts';
import { callerIn } from '../network/caller-in.ts';
import { isPolicyKnown, ownPolicy } from '../notebook-policy/own-policy.ts';
import { knownEndpoints, knownGroups, ownedIn } from '../ownership/observed-holdings.ts';

/** The link's endpoints at AWS, and where they are. */
export interface ShownEndpoints {
  readonly vpcId: string;
  readonly partition: string;
  readonly endpoints: readonly Endpoint[];
}

/** The endpoints of the link as AWS shows them; undefined if they were not looked at. */
export function shownEndpoints(
  input: ReportInput,
  { plan, observation }: PassEnd,
): ShownEndpoints | undefined {
  const owned = knownEndpoints(ownedIn(observation, input.owner));
  const caller = callerIn(observation);
  const vpcId = plan.vpc?.id ?? input.former.vpcId;
  const partition = caller?.partition ?? input.former.partition;
  if (owned === undefined || vpcId === undefined || partition === undefined) return undefined;
  const endpoints = [...owned, ...withoutTags(input, observation)];
  return { vpcId, partition, endpoints };
}

/** The endpoints of the spec as they are; undefined if that is not known. */
function endpointList(input: ReportInput, end: PassEnd): SageMakerPrivateLinkStatus['endpoints'] {
  const shown = shownEndpoints(input, end);
  if (shown === undefined) return undefined;
  const { spec, remembered } = input;
  const services = allFound(end.observation, 'EndpointServices');
  const looked = allFound(end.observation, 'NetworkInterfaces');
  // The status may have come by them meanwhile: after a conflict it is read again.
  const isLooked = new Set(looked.map(({ id }) => id));
  const kept = remembered.networkInterfaces.filter(({ id }) => !isLooked.has(id));
  const interfaces = [...kept, ...looked];
  const { endpointIds: formerIds } = remembered;
  const { settledNames } = end.plan;
  const ids = { formerIds, settledNames };
  const { partition, vpcId, endpoints: owned } = shown;
  return endpointStatuses({ spec, partition, vpcId, owned, services, interfaces, ...ids });
}

/**
 * Endpoints of ours whose ownership tags somebody removed and that may not be marked again now
 * (denied, or `driftPolicy: Report`): without its id in the status it could never be.
 */
function withoutTags(
  { owner, remembered }: ReportInput,
  observation: PassEnd['observation'],
): readonly Endpoint[] {
  return allFound(observation, 'VpcEndpoints').filter(
    ({ id, serviceName, tags }) =>
      id === remembered.endpointIds[serviceName] &&
      !isOwnedBy(tags, owner) &&
      foreignOwnerOf(tags, owner) === undefined,
  );
}

/** A field that is there and undefined is to be taken away. */
type ObservedFields = {
  readonly [Field in ObservedField]: SageMakerPrivateLinkStatus[Field] | undefined;
};

type ObservedField =
  | 'account'
  | 'partition'
  | 'vpcId'
  | 'subnets'
  | 'skippedSubnets'
  | 'endpoints'
  | 'available'
  | 'securityGroup'
  | 'notebookAccess';

/** Fields that show what was seen; what was not looked at keeps its former value. */
export function observedFields(input: ReportInput, end: PassEnd): Partial<ObservedFields> {
  const { plan, observation } = end;
  const caller = callerIn(observation);
  const endpoints = endpointList(input, end);
  return {
    ...(caller === undefined ? {} : { account: caller.account, partition: caller.partition }),
    ...(plan.vpc === undefined ? {} : { vpcId: plan.vpc.id }),
    ...(plan.subnets.length === 0 ? {} : networkFields(plan)),
    ...(endpoints === undefined ? {} : { endpoints, available: availableCount(endpoints) }),
    ...groupField(input, end),
    ...policyField(input, end),
  };
}

/** The policy as IAM shows it; `undefined` takes the field away. */
function policyField(input: ReportInput, { observation }: PassEnd): Partial<ObservedFields> {
  if (!isPolicyKnown(observation)) return {};
  const policy = ownPolicy(observation);
  if (policy === undefined || !isOrWasOurs(policy, input)) return { notebookAccess: undefined };
  const ours = [
    ...listedPrincipals(input.spec.notebookAccess?.attachTo),
    ...input.remembered.access.attachedTo,
  ];
  const attached = policy.attachedTo.filter((one) =>
    ours.some((other) => isSamePrincipal(one, other)),
  );
  const names = (kind: Principal['kind']): readonly string[] =>
    attached
      .filter((one) => one.kind === kind)
      .map(({ name }) => name)
      .sort();
  const attachedTo = { roles: names('role'), users: names('user'), groups: names('group') };
  const { arn: policyArn, defaultVersionId: versionId } = policy;
  return { notebookAccess: { policyArn, versionId, attachedTo } };
}

/** Ours, or ours without its tags: without its ARN in the status it could not be marked again. */
function isOrWasOurs({ arn, tags }: ManagedPolicy, { owner, remembered }: ReportInput): boolean {
  if (isOwnedBy(tags, owner)) return true;
  return arn === remembered.access.policyArn && foreignOwnerOf(tags, owner) === undefined;
}

function networkFields({ subnets, skippedSubnets }: PassEnd['plan']): Partial<ObservedFields> {
  return { subnets: subnets.map(({ id, zone }) => ({ id, zone })), skippedSubnets };
}

function availableCount(endpoints: NonNullable<ObservedFields['endpoints']>): string {
  const available = endpoints.filter(({ state }) => state === 'available').length;
  return `${available}/${endpoints.length}`;
}

/** The group as AWS shows it; `undefined` takes the field away. */
function groupField(input: ReportInput, { plan, observation }: PassEnd): Partial<ObservedFields> {
  const owned = ownedIn(observation, input.owner);
  const vpcId = plan.vpc?.id ?? input.former.vpcId;
  if (owned === undefined || vpcId === undefined) return {};
  const [foreignId] = input.deleting ? [] : (input.spec.securityGroup?.ids ?? []);
  if (foreignId === undefined) {
    const groups = knownGroups(owned);
    if (groups === undefined) return {};
    const group = managedGroup(groups, input.owner, vpcId);
    return { securityGroup: group === undefined ? undefined : { id: group.id, managed: true } };
  }
  const { ids = [] } = input.spec.securityGroup ?? {};
  const listed = answerTo(observation, { kind: 'SecurityGroups', ids });
  if (listed === undefined) return {};
  const isThere = listed.some((one) => one.id === foreignId && one.vpcId === vpcId);
  return { securityGroup: isThere ? { id: foreignId, managed: false } : undefined };
}
