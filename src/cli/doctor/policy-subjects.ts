/** The parts of a link that permissions at IAM are bound to. Pure. */
import type { NotebookAccessSpec } from '../../api/sagemaker-private-link.ts';
import type { SimulationSubjects } from '../../aws/permissions/simulated-permissions.ts';
import type { Caller } from '../../plan/facts.ts';
import type { OwnerIdentity } from '../../plan/looks.ts';
import { ownershipTagsOf, policyArn } from '../../plan/ownership/ownership.ts';

/** The notebook policy as the operator would make it, and whom it would be attached to. */
export function policySubjects(
  owner: OwnerIdentity,
  { attachTo, policyName }: NotebookAccessSpec,
  caller: Caller,
): SimulationSubjects {
  const { account, partition } = caller;
  const { roles = [], users = [], groups = [] } = attachTo ?? {};
  const arn = (rest: string): string => `arn:${partition}:iam::${account}:${rest}`;
  return {
    policyArn: policyArn(owner, caller, policyName),
    principalArns: [
      ...roles.map((name) => arn(`role/${name}`)),
      ...users.map((name) => arn(`user/${name}`)),
      ...groups.map((name) => arn(`group/${name}`)),
    ],
    tags: ownershipTagsOf(owner, 'notebook-policy'),
  };
}
