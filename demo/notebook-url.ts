/** Whether IAM lets a presigned notebook URL be used, by the policies that a role has. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { AccountControl } from '../src/simulator/control/account-control.ts';

/** Where a request for the notebook comes from, with the condition keys that AWS gives to it. */
export interface Source {
  readonly words: string;
  readonly context: Readonly<Record<string, string>>;
}

export type Decision = 'allowed' | 'denied';

/** A policy as IAM has it. */
export interface RoleDocument {
  readonly name: string;
  readonly document: unknown;
}

/**
 * The decision of `@cloud-copilot/iam-simulate`, which is no part of the operator, on all documents
 * of a role: AWS asks IAM for every request that a browser makes with the URL.
 *
 * @throws Error where a document or the question is not valid for AWS
 */
export async function decideUse(
  documents: readonly RoleDocument[],
  roleArn: string,
  notebookArn: string,
  { context }: Source,
): Promise<Decision> {
  const answer = await runSimulation(
    {
      request: {
        principal: roleArn,
        action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
        resource: { resource: notebookArn, accountId: notebookArn.split(':')[4] ?? '' },
        contextVariables: { ...context, 'aws:ViaAWSService': 'false' },
      },
      identityPolicies: documents.map(({ name, document }) => ({ name, policy: document })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === 'Allowed' ? 'allowed' : 'denied';
}

/** The documents that IAM has for a role now: its own, and those of the policies that it is given. */
export function documentsOf(account: AccountControl, arn: string): readonly RoleDocument[] {
  const role = account.principals().find((one) => one.arn === arn);
  if (role === undefined) throw new Error(`IAM has no role ${arn}`);
  const own = Object.entries(role.inlinePolicies).map(([name, text]) => ({ name, text }));
  const attached = account
    .policies()
    .filter((policy) => role.attachedPolicyArns.includes(policy.arn))
    .map(({ name, versions, defaultVersionId }) => {
      return { name, text: versions.find(({ id }) => id === defaultVersionId)?.document ?? '' };
    });
  return [...own, ...attached].map(({ name, text }) => ({
    name,
    document: JSON.parse(text) as unknown,
  }));
}
