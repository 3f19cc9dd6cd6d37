/** A plan as text, in the form that Terraform's users know. */
import pc from 'picocolors';
import type { Action } from '../plan/actions.ts';
import type { SecurityGroupRule } from '../plan/facts.ts';
import type { PolicyAction } from '../plan/notebook-policy/policy-effects.ts';
import { type DiffLine, documentDiff } from './document-diff.ts';
import type { LinkPlan } from './link-plan.ts';
import type { Before, PlannedAction } from './planned-action.ts';
import { withoutRepeats } from '../plan/report/without-repeats.ts';

type Colors = ReturnType<typeof pc.createColors>;

type Sign = '+' | '~' | '-';

interface ActionText {
  readonly sign: Sign;
  readonly title: string;
  readonly details: readonly string[];
  /** A document before and after. */
  readonly diff?: readonly DiffLine[];
}

/** The whole plan, with a last line that counts. */
export function planText(plan: LinkPlan, useColor: boolean): string {
  const colors = pc.createColors(useColor);
  const where = [plan.region, plan.account, plan.vpcId].filter((part) => part !== undefined);
  const head = colors.bold(`SageMakerPrivateLink ${plan.name} (${where.join(', ')})`);
  const lines = plan.actions.flatMap((action) => actionLines(action, colors));
  return [head, ...lines, ...findingLines(plan, colors), countLine(plan)].join('\n');
}

function actionLines(action: PlannedAction, colors: Colors): readonly string[] {
  const { sign, title, details, diff = [] } = actionText(action);
  const { interruption, reason } = action;
  return [
    `  ${colored(sign, sign, colors)} ${title}`,
    ...details.map((detail) => `      ${detail}`),
    ...diff.map(({ sign: mark, text }) => `      ${colored(mark, `${mark} ${text}`, colors)}`),
    ...(interruption === undefined ? [] : [colors.yellow(`      felt: ${interruption}`)]),
    colors.dim(`      because ${reason}`),
  ];
}

function findingLines({ findings, notes }: LinkPlan, colors: Colors): readonly string[] {
  const problems = withoutRepeats(findings.problems.map(({ message }) => message));
  return [
    ...notes.map(({ message }) => `  ${colors.yellow('i')} note: ${message}`),
    ...findings.problems.map(
      ({ reason }, index) => `  ${colors.red('!')} ${reason}: ${problems[index]}`,
    ),
    ...findings.waits.map(({ reason, message }) => `  ${colors.cyan('…')} ${reason}: ${message}`),
  ];
}

function countLine({ actions, findings }: LinkPlan): string {
  // The egress rule that AWS gives to a new group is part of making the group as it should be.
  const counted = actions.filter(({ kind }) => kind !== 'RevokeEgress').map(actionText);
  const count = (wanted: Sign): number => counted.filter(({ sign }) => sign === wanted).length;
  if (actions.length === 0) {
    return findings.problems.length > 0
      ? 'Plan: nothing can be done before the problems above are solved.'
      : 'No changes.';
  }
  return `Plan: ${count('+')} to create, ${count('~')} to change, ${count('-')} to delete.`;
}

function colored(sign: Sign | ' ', text: string, colors: Colors): string {
  if (sign === ' ') return text;
  if (sign === '+') return colors.green(text);
  return sign === '-' ? colors.red(text) : colors.yellow(text);
}

function actionText(action: PlannedAction): ActionText {
  switch (action.kind) {
    case 'CreateSecurityGroup':
      return { sign: '+', title: `security group ${action.name}`, details: [`in ${action.vpcId}`] };
    case 'AuthorizeIngress':
      return {
        sign: '+',
        title: `ingress of ${action.groupId}`,
        details: action.rules.map(({ source, port }) => `tcp ${port} from ${sourceOf(source)}`),
      };
    case 'RevokeIngress':
      return {
        sign: '-',
        title: `ingress of ${action.groupId}`,
        details: revokedRules(action),
      };
    case 'RevokeEgress':
      return {
        sign: '-',
        title: `egress of ${action.groupId}`,
        details: action.rules.map(({ source }) => `all traffic to ${sourceOf(source)}`),
      };
    case 'UpdateRuleDescriptions':
      return {
        sign: '~',
        title: `descriptions of rules of ${action.groupId}`,
        details: action.descriptions.map(({ ruleId, description }) => `${ruleId}: ${description}`),
      };
    case 'DeleteSecurityGroup':
      return { sign: '-', title: `security group ${action.groupId}`, details: [] };
    case 'CreateVpcEndpoint':
      return endpointText(action);
    case 'ModifyVpcEndpoint':
      return {
        sign: '~',
        title: `endpoint ${action.endpointId}`,
        details: changesOf(action),
        ...policyDiff(action),
      };
    case 'DeleteVpcEndpoints':
      return { sign: '-', title: `endpoints ${action.endpointIds.join(', ')}`, details: [] };
    case 'CreateTags':
      return {
        sign: '~',
        title: `tags of ${action.resourceIds.join(', ')}`,
        details: tagLines(action),
      };
    case 'DeleteTags':
      return {
        sign: '~',
        title: `tags of ${action.resourceIds.join(', ')}`,
        details: action.keys.map((key) => `without ${key}`),
      };
    default:
      return policyActionText(action);
  }
}

function policyActionText(action: PolicyAction & Pick<PlannedAction, 'before'>): ActionText {
  switch (action.kind) {
    case 'CreatePolicy':
      return {
        sign: '+',
        title: `IAM policy ${action.path}${action.name}`,
        details: [],
        diff: documentDiff(undefined, action.document),
      };
    case 'CreatePolicyVersion':
      return {
        sign: '~',
        title: `IAM policy ${action.arn}`,
        details: [],
        diff: documentDiff(action.before?.['document'], action.document),
      };
    case 'SetDefaultPolicyVersion':
      return {
        sign: '~',
        title: `IAM policy ${action.arn}`,
        details: [`default version ${action.versionId}`],
        diff: documentDiff(action.before?.['document'], action.document),
      };
    case 'DeletePolicyVersion':
      return { sign: '-', title: `version ${action.versionId} of ${action.arn}`, details: [] };
    case 'AttachPolicy':
      return attachmentText('+', action);
    case 'DetachPolicy':
      return attachmentText('-', action);
    case 'DeletePolicy':
      return { sign: '-', title: `IAM policy ${action.arn}`, details: [] };
    case 'TagPolicy':
      return {
        sign: '~',
        title: `tags of ${action.arn}`,
        details: tagLines(action),
      };
    case 'UntagPolicy':
      return {
        sign: '~',
        title: `tags of ${action.arn}`,
        details: action.keys.map((key) => `without ${key}`),
      };
  }
}

function attachmentText(
  sign: Sign,
  { arn, principal }: Extract<Action, { readonly principal: unknown }>,
): ActionText {
  return { sign, title: `${arn} on ${principal.kind} ${principal.name}`, details: [] };
}

function tagLines({
  tags,
  before,
}: {
  readonly tags: Readonly<Record<string, string>>;
  readonly before?: Before;
}): readonly string[] {
  const former = (before?.['tags'] ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(tags).map(([key, value]) => {
    const was = former[key];
    return was === undefined ? `${key} = ${value}` : `${key} = ${value} (was ${was})`;
  });
}

function revokedRules({
  ruleIds,
  before,
}: Extract<PlannedAction, { kind: 'RevokeIngress' }>): readonly string[] {
  const rules = (before?.['rules'] ?? []) as readonly SecurityGroupRule[];
  return ruleIds.map((id) => {
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) return id;
    const { protocol, fromPort, toPort, source } = rule;
    const ports = fromPort === toPort ? `${fromPort}` : `${fromPort}-${toPort}`;
    const traffic = protocol === '-1' ? 'all traffic' : `${protocol} ${ports}`;
    return `${traffic} from ${sourceOf(source)} (${id})`;
  });
}

function policyDiff({
  policy,
  before,
}: Extract<PlannedAction, { kind: 'ModifyVpcEndpoint' }>): Pick<ActionText, 'diff'> {
  return policy === undefined ? {} : { diff: documentDiff(before?.['policy'], policy) };
}

function sourceOf(source: object): string {
  return Object.values(source).join('');
}

function endpointText(action: Extract<Action, { kind: 'CreateVpcEndpoint' }>): ActionText {
  return {
    sign: '+',
    title: `endpoint for ${action.serviceName}`,
    details: [
      `in ${action.vpcId}: ${action.subnetIds.join(', ')}`,
      `security groups ${action.securityGroupIds.join(', ')}`,
      `private DNS ${action.privateDnsEnabled ? 'on' : 'off'}, ${action.ipAddressType}`,
      ...(action.policy === undefined ? [] : [`policy ${JSON.stringify(action.policy)}`]),
    ],
  };
}

/** Only what the call carries: absent fields and empty lists stay as they are. */
function changesOf(
  action: Extract<PlannedAction, { kind: 'ModifyVpcEndpoint' }>,
): readonly string[] {
  const { kind: _kind, reason: _reason, endpointId: _id, policy: _policy, ...rest } = action;
  const { before = {}, interruption: _interruption, ...changes } = rest;
  return Object.entries(changes)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([field, value]) => {
      const was = before[field];
      return was === undefined
        ? `${field}: ${wordsOf(value)}`
        : `${field}: ${wordsOf(was)} -> ${wordsOf(value)}`;
    });
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
