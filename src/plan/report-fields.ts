/** Fields of the status that show what was seen. Pure. */
import type { SageMakerPrivateLinkStatus } from '../api/sagemaker-private-link.ts';
import type { Endpoint, ManagedPolicy, Principal } from './facts.ts';
import { listedPrincipals } from './notebook-access/protected-principals.ts';
import { foreignOwnerOf, isOwnedBy } from './ownership.ts';
import type { PassEnd } from './pass-end.ts';
import { managedGroup } from './plan-security-group.ts';
import { isSamePrincipal } from './policy-effects.ts';
import { endpointStatuses } from './report-endpoints.ts';
import type { ReportInput } from './report-input.ts';

/** The endpoints of the spec as they are; undefined if that is not known. */
export function endpointList(
  input: ReportInput,
  { plan, observation }: PassEnd,
): SageMakerPrivateLinkStatus['endpoints'] {
  const { Owned: owned, Caller: caller, EndpointServices: services = [] } = observation.answers;
  const vpcId = plan.vpc?.id ?? input.former.vpcId;
  const partition = caller?.partition ?? input.former.partition;
  if (owned === undefined || vpcId === undefined || partition === undefined) return undefined;
  const { spec, remembered } = input;
  const looked = observation.answers.NetworkInterfaces ?? [];
  // The status may have come by them meanwhile: after a conflict it is read again.
  const isLooked = new Set(looked.map(({ id }) => id));
  const kept = remembered.networkInterfaces.filter(({ id }) => !isLooked.has(id));
  const interfaces = [...kept, ...looked];
  const known = [...owned.endpoints, ...withoutTags(input, observation)];
  const { endpointIds: formerIds } = remembered;
  const { settledNames } = plan;
  const ids = { formerIds, settledNames };
  const shown = { spec, partition, vpcId, owned: known, services, interfaces, ...ids };
  return endpointStatuses(shown);
}

/**
 * Endpoints of ours whose ownership tags somebody removed and that may not be marked again now
 * (denied, or `driftPolicy: Report`): without its id in the status it could never be.
 */
function withoutTags(
  { owner, remembered }: ReportInput,
  { answers }: PassEnd['observation'],
): readonly Endpoint[] {
  return (answers.VpcEndpoints ?? []).filter(
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
  const { Caller: caller } = observation.answers;
  const endpoints = input.deleting ? undefined : endpointList(input, end);
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
  const { ManagedPolicy: answer } = observation.answers;
  if (answer === undefined) return {};
  const { policy } = answer;
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

function groupField(input: ReportInput, { plan, observation }: PassEnd): Partial<ObservedFields> {
  const groups = observation.answers.Owned?.securityGroups;
  if (groups === undefined || plan.vpc === undefined) return {};
  const [foreignId] = input.spec.securityGroup?.ids ?? [];
  if (foreignId !== undefined) return { securityGroup: { id: foreignId, managed: false } };
  const group = managedGroup(groups, input.owner, plan.vpc.id);
  return group === undefined ? {} : { securityGroup: { id: group.id, managed: true } };
}
