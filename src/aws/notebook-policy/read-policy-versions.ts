import type { PolicyVersion } from '../../plan/facts.ts';
import { versionNumber } from '../../plan/notebook-policy/actions/policy-changes.ts';
import { iamPage } from '../client/iam-pages.ts';
import { collectPages } from '../client/paginate.ts';
import type { AskOptions } from '../consistency/shared-read.ts';
import { findPolicy, orInTransition } from './read-managed-policy.ts';
import type { PolicyContext } from './policy-read-context.ts';

/** Answers `PolicyVersions`, oldest first; IAM lists them without their documents. */
export function createPolicyVersionsReader(context: PolicyContext) {
  const { calls, documents } = context;

  async function versionsOf(
    arn: string,
    policyId: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly PolicyVersion[]> {
    const versions = await collectPages('iam:ListPolicyVersions', async (Marker) => {
      const input = { PolicyArn: arn, Marker };
      const page = await calls.call('iam:ListPolicyVersions', input, { signal });
      return iamPage(page.Versions ?? [], page);
    });
    return Promise.all(
      versions.map(async ({ VersionId: id = '', IsDefaultVersion }): Promise<PolicyVersion> => {
        const key = { arn, policyId, versionId: id };
        const document = await documents.documentOf(key, calls, signal);
        const isDefault = IsDefaultVersion ?? false;
        return { id, isDefault, ...(document === undefined ? {} : { document }) };
      }),
    );
  }

  return async (arn: string, { signal }: AskOptions): Promise<readonly PolicyVersion[]> => {
    // Its id tells the versions of a policy from those of one of the same name before it.
    const policy = await findPolicy(arn, context, signal);
    if (policy === undefined) return [];
    const versions = await orInTransition(arn, () => versionsOf(arn, policy.PolicyId, signal));
    return versions.toSorted((a, b) => versionNumber(a.id) - versionNumber(b.id));
  };
}
