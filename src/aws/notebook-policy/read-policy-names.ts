import type { Policy } from '@aws-sdk/client-iam';
import type { AwsCalls } from '../client/aws-calls.ts';
import { iamPage } from '../client/iam-pages.ts';
import { answerOf, isFailed, loadEach, type Outcome } from '../client/outcome.ts';
import { collectPages } from '../client/paginate.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'iam:ListPolicies';

/** The account's own policies whose path begins with this one. Without tags: IAM lists none. */
export async function findPoliciesUnder(
  path: string,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<readonly Policy[]> {
  return collectPages(action, async (Marker) => {
    const input = { Scope: 'Local' as const, PathPrefix: path, MaxItems: 1000, Marker };
    const page = await calls.call(action, input, { signal });
    return iamPage(page.Policies ?? [], page);
  });
}

/** Answers `PolicyNames`: one list for all links of the account. */
export function createPolicyNamesReader({ calls, clock, gatherMs }: ReadContext) {
  const read = createSharedRead<Outcome<readonly string[]>>({
    action,
    clock,
    gatherMs,
    isFailure: isFailed,
    load: (paths, signal) =>
      loadEach(paths, async (path) => {
        const policies = await findPoliciesUnder(path, calls, signal);
        return policies.flatMap(({ PolicyName }) => PolicyName ?? []);
      }),
  });
  return async (path: string, options: AskOptions): Promise<readonly string[]> =>
    answerOf((await read.ask([path], options)).get(path)) ?? [];
}
