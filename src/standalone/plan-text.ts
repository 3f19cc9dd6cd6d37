/** A plan as text, in the form that Terraform's users know. */
import pc from 'picocolors';
import type { Action } from '../plan/actions.ts';
import type { PolicyAction } from '../plan/policy-effects.ts';
import type { LinkPlan } from './link-plan.ts';
import { withoutRepeats } from '../plan/without-repeats.ts';

type Colors = ReturnType<typeof pc.createColors>;

type Sign = '+' | '~' | '-';

interface ActionText {
  readonly sign: Sign;
  readonly title: string;
  readonly details: readonly string[];
}

/** The whole plan, with a last line that counts. */
export function planText(plan: LinkPlan, useColor: boolean): string {
  const colors = pc.createColors(useColor);
  const where = [plan.region, plan.account, plan.vpcId].filter((part) => part !== undefined);
  const head = colors.bold(`SageMakerPrivateLink ${plan.name} (${where.join(', ')})`);
  const texts = plan.actions.map(actionText);
  const lines = texts.flatMap((text, index) => {
    const { sign, title, details } = text;
    const reason = plan.actions[index]?.reason ?? '';
    return [
      `  ${colored(sign, colors)} ${title}`,
      ...details.map((detail) => `      ${detail}`),
      colors.dim(`      because ${reason}`),
    ];
  });
  return [head, ...lines, ...findingLines(plan, colors), countLine(texts, plan)].join('\n');
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

function countLine(texts: readonly ActionText[], { findings }: LinkPlan): string {
  const count = (wanted: Sign): number => texts.filter(({ sign }) => sign === wanted).length;
  if (texts.length === 0) {
    return findings.problems.length > 0 ? 'Plan: cannot be made as the spec is.' : 'No changes.';
  }
  return `Plan: ${count('+')} to create, ${count('~')} to change, ${count('-')} to delete.`;
}

function colored(sign: Sign, colors: Colors): string {
  if (sign === '+') return colors.green(sign);
  return sign === '-' ? colors.red(sign) : colors.yellow(sign);
}

function actionText(action: Action): ActionText {
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
      return { sign: '-', title: `ingress of ${action.groupId}`, details: action.ruleIds };
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
      return { sign: '~', title: `endpoint ${action.endpointId}`, details: changesOf(action) };
    case 'DeleteVpcEndpoints':
      return { sign: '-', title: `endpoints ${action.endpointIds.join(', ')}`, details: [] };
    case 'CreateTags':
      return {
        sign: '~',
        title: `tags of ${action.resourceIds.join(', ')}`,
        details: Object.entries(action.tags).map(([key, value]) => `${key} = ${value}`),
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

function policyActionText(action: PolicyAction): ActionText {
  switch (action.kind) {
    case 'CreatePolicy':
      return {
        sign: '+',
        title: `IAM policy ${action.path}${action.name}`,
        details: [JSON.stringify(action.document)],
      };
    case 'CreatePolicyVersion':
      return {
        sign: '~',
        title: `IAM policy ${action.arn}`,
        details: [JSON.stringify(action.document)],
      };
    case 'SetDefaultPolicyVersion':
      return {
        sign: '~',
        title: `IAM policy ${action.arn}`,
        details: [`default version ${action.versionId}`],
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
        details: Object.entries(action.tags).map(([key, value]) => `${key} = ${value}`),
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
function changesOf(action: Extract<Action, { kind: 'ModifyVpcEndpoint' }>): readonly string[] {
  const { kind: _kind, reason: _reason, endpointId: _id, ...changes } = action;
  return Object.entries(changes)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([field, value]) => `${field}: ${wordsOf(value)}`);
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
