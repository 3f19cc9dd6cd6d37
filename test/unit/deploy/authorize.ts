import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ireland, type Policy } from './iam-documents.ts';

/** One question that AWS asks IAM: may this action be done to this resource? */
export interface Authorization {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request; several values for keys that have several. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * True if IAM allows a role with these policies (and nothing else) what is asked. The decision is
 * that of `@cloud-copilot/iam-simulate`. Throws if the policy or the question is not valid for AWS.
 */
export async function isAllowed(
  policies: readonly Policy[],
  question: Authorization,
): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ireland.ACCOUNT_ID}:role/${ireland.OPERATOR_ROLE}`,
        action: question.action,
        resource: { resource: question.resource, accountId: ireland.ACCOUNT_ID },
        contextVariables: question.context as Record<string, string | string[]>,
      },
      identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') {
    throw new Error(`${question.action}: ${JSON.stringify(answer.errors)}`);
  }
  const ignored = answer.resultType === 'single' ? (answer.result.ignoredContextKeys ?? []) : [];
  if (ignored.length > 0) {
    throw new Error(`${question.action} on ${question.resource} has no ${ignored.join(', ')}`);
  }
  return answer.overallResult === 'Allowed';
}

/** True if every part of a call is allowed: AWS asks for each resource that it touches. */
export async function allAllowed(
  policies: readonly Policy[],
  call: readonly Authorization[],
): Promise<boolean> {
  const answers = await Promise.all(call.map((question) => isAllowed(policies, question)));
  return answers.every(Boolean);
}
