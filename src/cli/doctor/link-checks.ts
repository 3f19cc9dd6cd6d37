/** Whether a link could be brought about, asked before anybody tries. */
import type { AwsTransport } from '../../aws/client/operations.ts';
import { askByDryRun, type DryRunSubjects } from '../../aws/permissions/dry-run.ts';
import type { PermissionAnswer } from '../../aws/permissions/permission-answer.ts';
import { askBySimulation } from '../../aws/permissions/simulated-permissions.ts';
import type { Cloud } from '../../plan/cloud.ts';
import { serviceNameOf } from '../../plan/endpoint/service-catalogue.ts';
import type { Caller, OwnHoldings } from '../../plan/facts.ts';
import { ownershipTagsOf } from '../../plan/ownership/ownership.ts';
import type { Check, CheckedLink } from '../../standalone/reports/doctor-report.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import { countLine } from '../../standalone/reports/plan-text.ts';
import { type LinkPlan, planLinkChanges } from '../../standalone/link-plan.ts';
import { grantAdvice } from './advice.ts';
import { policySubjects } from './policy-subjects.ts';
import { quotaChecks, type QuotaValues } from './quota-checks.ts';

export interface LinkCheckInput {
  readonly link: StandaloneLink;
  readonly cloud: Cloud;
  /** The way on which permissions are asked about. */
  readonly transport: AwsTransport;
  readonly quotaValues: QuotaValues;
  readonly signal: AbortSignal;
}

/** A link with its plan, and with the account that the plan is for. */
export interface PlannedCheck extends LinkCheckInput {
  readonly plan: LinkPlan;
  readonly caller: Caller;
}

/** Plans the link. Changes nothing. */
export async function planCheck(input: LinkCheckInput): Promise<PlannedCheck> {
  const { link, cloud, signal } = input;
  const plan = await planLinkChanges({ link, goal: 'present', cloud, signal });
  const caller = await cloud.look({ kind: 'Caller' }, { since: cloud.now(), signal });
  return { ...input, plan, caller };
}

/**
 * Asks AWS about permissions and quotas for a link. Changes nothing.
 *
 * @param all the links that are to be brought about together: they share quotas
 */
export async function checkLink(
  input: PlannedCheck,
  all: readonly PlannedCheck[],
): Promise<CheckedLink> {
  const { link, plan, caller } = input;
  const { vpcId } = plan;
  return {
    name: link.name,
    region: link.spec.region,
    ...(vpcId === undefined ? {} : { vpcId }),
    checks: [
      ...planChecks(plan),
      ...(await permissionChecks(input, plan, caller)),
      ...(vpcId === undefined ? [] : await quotaChecks(input, vpcId, all)),
    ],
  };
}

/** Conflicts, attributes of the VPC, subnets, zones: whatever a plan finds, with its advice. */
function planChecks(plan: LinkPlan): readonly Check[] {
  const { findings, notes, actions } = plan;
  const ok: Check = {
    area: 'link',
    subject: 'plan',
    outcome: 'ok',
    message:
      actions.length === 0
        ? 'everything is as the spec says'
        : `nothing in the way of what apply would do. ${countLine(plan)}`,
  };
  return [
    ...(findings.problems.length === 0 ? [ok] : []),
    ...findings.problems.map(
      ({ subject, reason, message }): Check => ({
        area: subject === 'NetworkResolved' ? 'network' : 'link',
        subject: reason,
        outcome: 'problem',
        message,
      }),
    ),
    ...notes.map(
      ({ reason, message }): Check => ({
        area: 'link',
        subject: reason,
        outcome: 'warning',
        message,
      }),
    ),
  ];
}

async function permissionChecks(
  { link, cloud, transport, signal }: LinkCheckInput,
  plan: LinkPlan,
  caller: Caller,
): Promise<readonly Check[]> {
  const owned = await ownedBy(cloud, link, signal);
  const subnets = await subnetsOf(cloud, plan, signal);
  const answers = await askByDryRun(
    transport,
    dryRunSubjects({ link, plan, caller, owned, subnetId: subnets[0] }),
    signal,
  );
  const access = link.spec.notebookAccess;
  if (access === undefined) return answers.map(permissionCheck);
  const subjects = policySubjects(link.owner, access, caller);
  const simulated = await askBySimulation(transport, caller, subjects, signal);
  return [...answers, ...simulated].map(permissionCheck);
}

function permissionCheck({ action, answer, message }: PermissionAnswer): Check {
  const outcomes = { allowed: 'ok', denied: 'problem', unknown: 'unknown' } as const;
  return {
    area: 'permission',
    subject: action,
    outcome: outcomes[answer],
    message,
    ...(answer === 'denied' ? { advice: grantAdvice(action) } : {}),
  };
}

/** A read that fails is a problem of the plan already. */
async function ownedBy(
  cloud: Cloud,
  { owner }: StandaloneLink,
  signal: AbortSignal,
): Promise<OwnHoldings> {
  try {
    return await cloud.look({ kind: 'Owned', owner }, { since: cloud.now(), signal });
  } catch {
    signal.throwIfAborted();
    return { endpoints: [], securityGroups: [] };
  }
}

async function subnetsOf(
  cloud: Cloud,
  { vpcId }: LinkPlan,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (vpcId === undefined) return [];
  try {
    const subnets = await cloud.look({ kind: 'Subnets', vpcId }, { since: cloud.now(), signal });
    return subnets.map(({ id }) => id);
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

function dryRunSubjects(known: {
  readonly link: StandaloneLink;
  readonly plan: LinkPlan;
  readonly caller: Caller;
  readonly owned: OwnHoldings;
  readonly subnetId: string | undefined;
}): DryRunSubjects {
  const { link, plan, caller, owned, subnetId } = known;
  const [group] = owned.securityGroups;
  const [endpoint] = owned.endpoints;
  const [first = {}] = link.spec.endpoints;
  const listed = link.spec.securityGroup?.ids;
  const ruleId = group?.rules?.find(({ isEgress }) => !isEgress)?.id;
  return {
    ...(plan.vpcId === undefined ? {} : { vpcId: plan.vpcId }),
    ...(subnetId === undefined ? {} : { subnetId }),
    serviceName: serviceNameOf(first, link.spec.region, caller.partition),
    ...(listed === undefined ? {} : { listedGroupIds: listed }),
    ...(group === undefined
      ? {}
      : { group: { id: group.id, ...(ruleId === undefined ? {} : { ruleId }) } }),
    ...(endpoint === undefined ? {} : { endpointId: endpoint.id }),
    tags: ownershipTagsOf(link.owner, 'endpoint'),
  };
}
