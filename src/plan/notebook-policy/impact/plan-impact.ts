/** The impact of turning on private DNS on other policies of the attached principals. */
import { findingsFromErrors } from '../../cloud-problems.ts';
import type { Principal, PrincipalPolicies } from '../../facts.ts';
import { partitionOfRegion } from '../../network/partitions.ts';
import { serviceNameOf } from '../../endpoint/service-catalogue.ts';
import { joined, type Stage, settled, stage, stalledStage } from '../../stage.ts';
import { opensNotebooks } from '../document/actions.ts';
import type { EndpointPath } from './impact-conditions.ts';
import { findImpact } from './impact.ts';
import type { NotebookAccessInput } from '../access-input.ts';
import { heldPolicyArn, wantedPolicyArn } from '../find-policy.ts';
import { listedPrincipals } from '../protected-principals.ts';
import { answerTo, failureOf } from '../../observation.ts';
import { callerIn } from '../../network/caller-in.ts';

/** The stage, and whether private DNS may be turned on as far as other policies go. */
export interface ImpactPlan {
  readonly stage: Stage;
  readonly mayGoOn: boolean;
  /** The same for endpoints through which no notebook is opened: they do not wait for IAM. */
  readonly mayOthersGoOn: boolean;
  /** Principals whose policies cannot be read, where it may not because of that. */
  readonly unread: readonly Principal[];
}

const noImpact: ImpactPlan = {
  stage: settled,
  mayGoOn: true,
  mayOthersGoOn: true,
  unread: [],
};
const staysOff: ImpactPlan = { ...noImpact, mayGoOn: false, mayOthersGoOn: false };

/** Whether private DNS of an endpoint that could be changed now is to be turned on. */
export function awaitsPrivateDns(
  { spec, goal, owned = [], observation }: NotebookAccessInput,
  which: 'opening' | 'others',
): boolean {
  const { partition } = callerIn(observation) ?? {
    partition: partitionOfRegion(spec.region),
  };
  if (goal === 'absent') return false;
  return spec.endpoints
    .filter((entry) => entry.privateDNS && opensNotebooks(entry) === (which === 'opening'))
    .map((entry) => serviceNameOf(entry, spec.region, partition))
    .some((name) =>
      owned.some(
        ({ serviceName, state, privateDnsEnabled }) =>
          serviceName === name && state === 'available' && !privateDnsEnabled,
      ),
    );
}

/**
 * Looks at other policies right before private DNS is turned on: inside the VPC requests then carry
 * no `aws:SourceIp` any more, and a policy that looks at that alone begins to mean something else.
 */
export function planImpact(input: NotebookAccessInput, isDue: boolean): ImpactPlan {
  const access = input.spec.notebookAccess;
  if (!isDue || access === undefined || input.goal === 'absent') return noImpact;
  const principals = listedPrincipals(access.attachTo);
  if (principals.length === 0) return noImpact;
  const { observation } = input;
  const look = { kind: 'PrincipalPolicies', principals } as const;
  // Without the caller nobody can tell which policy is the link's own.
  if (failureOf(observation, look) !== undefined || callerIn(observation) === undefined) {
    return unknownImpact(principals, input);
  }
  const policies = answerTo(observation, look);
  if (policies === undefined) return { ...staysOff, stage: stage({ looks: [look] }) };
  const unread = unreadAmong(policies);
  const findings = findImpact(withoutOwn(policies, input), pathOf(input));
  if (findings.length === 0) {
    const isKnown = unread.principals.length === 0;
    return isKnown ? noImpact : { ...unknownImpact(unread.principals, input), stage: unread.stage };
  }
  const words = findings.map(({ message }) => message).join(' ');
  if (access.onImpact === 'Proceed') {
    const message = `With private DNS other policies mean something else inside the VPC. ${words}`;
    const reason = 'PolicyImpact';
    const notes = [{ subject: 'NotebookAccessEnforced', reason, message } as const];
    return { ...noImpact, stage: joined([unread.stage, stage({ notes })]) };
  }
  const impact = stalledStage(
    'NotebookAccessEnforced',
    'PolicyImpact',
    `Private DNS stays off: requests from inside the VPC would carry no aws:SourceIp any more. ${words} Change these policies, or set spec.notebookAccess.onImpact: Proceed.`,
  );
  return { ...staysOff, stage: joined([unread.stage, impact]) };
}

/** Nobody can tell whom private DNS would lock out of these. */
function unknownImpact(
  principals: readonly Principal[],
  { spec }: NotebookAccessInput,
): ImpactPlan {
  const mayGoOn = spec.notebookAccess?.onImpact === 'Proceed';
  return { ...noImpact, mayGoOn, unread: mayGoOn ? [] : principals };
}

/** Principals whose policies could not be read while those of others could, with the reasons. */
function unreadAmong(policies: readonly PrincipalPolicies[]): {
  readonly principals: readonly Principal[];
  readonly stage: Stage;
} {
  const unread = policies.flatMap(({ principal, unread: error }) =>
    error === undefined ? [] : [{ principal, error }],
  );
  const subject = 'NotebookAccessEnforced';
  return {
    principals: unread.map(({ principal }) => principal),
    stage: stage(findingsFromErrors(unread.map(({ error }) => ({ error, subject })))),
  };
}

/** Without the link's own policy, which says what the spec asks for, endpoints or none. */
function withoutOwn(
  principals: readonly PrincipalPolicies[],
  input: NotebookAccessInput,
): readonly PrincipalPolicies[] {
  const caller = callerIn(input.observation);
  const own =
    caller === undefined
      ? undefined
      : (heldPolicyArn(input, caller) ?? wantedPolicyArn(input, caller));
  return principals.map(({ policies, ...one }) => ({
    ...one,
    policies: policies.filter(({ arn }) => arn === undefined || arn !== own),
  }));
}

/** The endpoints that callers will come through. */
function pathOf({ owned = [] }: NotebookAccessInput): EndpointPath {
  const live = owned.filter(({ state }) => state !== 'deleted');
  return { endpointIds: live.map(({ id }) => id), vpcId: live[0]?.vpcId ?? '' };
}
