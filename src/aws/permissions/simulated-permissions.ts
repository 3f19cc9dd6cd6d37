/**
 * Permissions at IAM, which has no dry runs: `iam:SimulatePrincipalPolicy` evaluates the caller's
 * policies, without those of the organization (SCPs are taken into account only where IAM says so).
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
import type { ContextEntry, EvaluationResult } from '@aws-sdk/client-iam';
import type { CloudError } from '../../plan/cloud.ts';
import type { Caller, Tags } from '../../plan/facts.ts';
import type { AwsTransport } from '../client/operations.ts';
import { toCloudError } from '../client/to-cloud-error.ts';
import type { PermissionAnswer } from './permission-answer.ts';

/** The notebook policy of a link, as far as permissions are bound to it. */
export interface SimulationSubjects {
  readonly policyArn: string;
  /** ARNs of roles, users and groups that it is to be attached to. */
  readonly principalArns: readonly string[];
  readonly tags: Tags;
}

const simulate = 'iam:SimulatePrincipalPolicy';

/** Asks about every change of IAM that notebook access may need. Throws only when the signal aborts. */
export async function askBySimulation(
  transport: AwsTransport,
  caller: Caller,
  subjects: SimulationSubjects,
  signal: AbortSignal,
): Promise<readonly PermissionAnswer[]> {
  const answers: PermissionAnswer[] = [];
  for (const one of questions(subjects)) {
    answers.push(...(await ask(transport, caller, one, signal)));
  }
  return answers;
}

interface Question {
  readonly actions: readonly string[];
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

async function ask(
  transport: AwsTransport,
  caller: Caller,
  { actions, resource, context }: Question,
  signal: AbortSignal,
): Promise<readonly PermissionAnswer[]> {
  const unknown = (message: string): readonly PermissionAnswer[] =>
    actions.map((action) => ({ action, answer: 'unknown', message }));
  const source = identityArn(caller);
  if (source === undefined) return unknown(`IAM simulates no policies for ${caller.arn}`);
  try {
    const { EvaluationResults = [] } = await transport.send(
      simulate,
      {
        PolicySourceArn: source,
        ActionNames: [...actions],
        ResourceArns: [resource],
        ContextEntries: entriesOf(context),
      },
      { signal },
    );
    return actions.map((action) =>
      answerOf(
        action,
        resource,
        EvaluationResults.find(({ EvalActionName }) => EvalActionName === action),
      ),
    );
  } catch (thrown) {
    signal.throwIfAborted();
    return unknown(whyNot(toCloudError(simulate, thrown, signal)));
  }
}

function whyNot({ kind, message }: CloudError): string {
  return kind === 'Denied'
    ? `nobody can tell without the permission ${simulate}`
    : `it cannot be simulated: ${message}`;
}

function answerOf(
  action: string,
  resource: string,
  result: EvaluationResult | undefined,
): PermissionAnswer {
  const { EvalDecision: decision, MissingContextValues: missing = [] } = result ?? {};
  if (decision === 'allowed') return { action, answer: 'allowed', message: 'allowed' };
  if (decision === undefined) return { action, answer: 'unknown', message: 'IAM did not say' };
  if (missing.length > 0) {
    const message = `it depends on ${missing.join(', ')}, which a simulation does not know`;
    return { action, answer: 'unknown', message };
  }
  const words =
    decision === 'explicitDeny' ? 'a policy denies it' : 'no policy of the caller allows it';
  const message = `${words} for ${resource}`;
  return { action, answer: 'denied', message };
}

/** A session is simulated by its role. Undefined for the root user and for federated users. */
function identityArn({ arn }: Caller): string | undefined {
  const session = /^(arn:[^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn);
  if (session !== null) return `${session[1]}:iam::${session[2]}:role/${session[3]}`;
  return /^arn:[^:]+:iam::\d+:(user|role)\//.test(arn) ? arn : undefined;
}

function entriesOf(context: Question['context']): ContextEntry[] {
  return Object.entries(context).map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyType: 'string',
    ContextKeyValues: [value],
  }));
}

function questions({ policyArn, principalArns, tags }: SimulationSubjects): readonly Question[] {
  const keyed = (prefix: string): Record<string, string> =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
  const kinds = { role: 'Role', user: 'User', group: 'Group' } as const;
  return [
    {
      // A policy that is created with tags takes the right to tag it, too.
      actions: ['iam:CreatePolicy', 'iam:TagPolicy'],
      resource: policyArn,
      context: keyed('aws:RequestTag'),
    },
    {
      actions: [
        'iam:CreatePolicyVersion',
        'iam:SetDefaultPolicyVersion',
        'iam:DeletePolicyVersion',
        'iam:DeletePolicy',
        'iam:UntagPolicy',
      ],
      resource: policyArn,
      context: keyed('aws:ResourceTag'),
    },
    ...principalArns.map((resource) => {
      const kind = /:(role|user|group)\//.exec(resource)?.[1] as keyof typeof kinds;
      const of = kinds[kind];
      return {
        actions: [`iam:Attach${of}Policy`, `iam:Detach${of}Policy`],
        resource,
        context: { 'iam:PolicyARN': policyArn },
      };
    }),
  ];
}
