import type { PolicyVersion } from '../../plan/facts.ts';
import { iamPage } from '../iam-pages.ts';
import { answerOf, loadEach, type Outcome } from '../outcome.ts';
import { collectPages } from '../paginate.ts';
import { type AskOptions, createSharedRead } from '../shared-read.ts';
import { findPolicy, orInTransition } from './managed-policy.ts';
import type { PolicyContext } from './policy-context.ts';

const action = 'iam:ListPolicyVersions';

/** Answers `PolicyVersions`, oldest first; IAM lists them without their documents. */
export function createPolicyVersionsReader(context: PolicyContext) {
  const { calls, clock, documents, gatherMs } = context;

  async function load(arn: string, signal: AbortSignal): Promise<readonly PolicyVersion[]> {
    // Its id tells the versions of a policy from those of one of the same name before it.
    const policy = await findPolicy(arn, context, signal);
    if (policy === undefined) return [];
    return orInTransition(arn, async () => {
      const versions = await collectPages(async (Marker) => {
        const page = await calls.call(action, { PolicyArn: arn, Marker }, { signal });
        return iamPage(page.Versions ?? [], page);
      });
      return Promise.all(
        versions.map(async ({ VersionId: id = '', IsDefaultVersion }): Promise<PolicyVersion> => {
          const key = { arn, policyId: policy.PolicyId, versionId: id };
          const document = await documents.documentOf(key, calls, signal);
          const isDefault = IsDefaultVersion ?? false;
          return { id, isDefault, ...(document === undefined ? {} : { document }) };
        }),
      );
    });
  }

  const read = createSharedRead<Outcome<readonly PolicyVersion[]>>({
    action,
    clock,
    gatherMs,
    load: (arns, signal) => loadEach(arns, (arn) => load(arn, signal)),
  });

  return async (arn: string, options: AskOptions): Promise<readonly PolicyVersion[]> => {
    const versions = answerOf((await read.ask([arn], options)).get(arn)) ?? [];
    return versions.toSorted((a, b) => versionNumber(a.id) - versionNumber(b.id));
  };
}

/** `v12` is later than `v9`. */
export function versionNumber(id: string): number {
  return Number(id.slice(1));
}
