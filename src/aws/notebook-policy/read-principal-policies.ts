import pMap from 'p-map';
import { CloudError } from '../../plan/cloud.ts';
import type {
  PolicyDocument,
  PolicyOfPrincipal,
  Principal,
  PrincipalPolicies,
} from '../../plan/facts.ts';
import { getOrMake } from '../get-or-make.ts';
import { parsePolicyDocument } from './policy-document.ts';
import type { AskOptions } from '../consistency/shared-read.ts';
import { attachedPolicies, groupsOfUser } from './read-attached-policies.ts';
import { inlinePolicyNames, inlinePolicyText } from './read-inline-policies.ts';
import { findPolicy } from './read-managed-policy.ts';
import { permissionsBoundary } from './read-permissions-boundary.ts';
import type { PolicyContext } from './policy-read-context.ts';

type DocumentOf = (arn: string) => Promise<PolicyDocument | undefined>;

/** Principals that are read side by side; each makes one call after the other. */
const concurrency = 4;

/**
 * Answers `PrincipalPolicies`. Many calls, and rare: only before private DNS is turned on. A
 * managed policy that several principals have is read once, also as a permissions boundary. A
 * principal whose reading is denied is told as such beside the others; any other failure, and a denial
 * of all of them, is the answer's.
 */
export function createPrincipalPoliciesReader(context: PolicyContext) {
  return async (
    principals: readonly Principal[],
    { signal }: AskOptions,
  ): Promise<readonly PrincipalPolicies[]> => {
    const documentOf = createDocumentReader(context, signal);
    const policiesOf = async (through: Principal): Promise<readonly PolicyOfPrincipal[]> => [
      ...(await managed(through, documentOf, context, signal)),
      ...(await inline(through, context, signal)),
    ];
    const readOne = (principal: Principal): Promise<PrincipalPolicies | undefined> =>
      unlessAbsent(async () => {
        const groups =
          principal.kind === 'user'
            ? await groupsOfUser(principal.name, context.calls, signal)
            : [];
        const policies = [...(await policiesOf(principal))];
        // A group that goes while it is being read takes its policies with it, not its members.
        for (const group of groups) {
          policies.push(...((await unlessAbsent(() => policiesOf(group))) ?? []));
        }
        const boundary = await boundaryOf(principal, documentOf, context, signal);
        return { principal, policies, ...(boundary === undefined ? {} : { boundary }) };
      });
    const readEach = (one: Principal) => orItsDenial(one, readOne(one));
    const read = await pMap(principals, readEach, { concurrency });
    const found = read.filter((one) => one !== undefined);
    const denials = found.flatMap(({ unread }) => unread ?? []);
    if (denials[0] !== undefined && denials.length === found.length) throw denials[0];
    return found;
  };
}

async function orItsDenial(
  principal: Principal,
  reading: Promise<PrincipalPolicies | undefined>,
): Promise<PrincipalPolicies | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'Denied') throw error;
    return { principal, policies: [], unread: error };
  }
}

/** Documents of the default versions of managed policies, each asked for once. */
function createDocumentReader(context: PolicyContext, signal: AbortSignal): DocumentOf {
  const asked = new Map<string, Promise<PolicyDocument | undefined>>();

  async function read(arn: string): Promise<PolicyDocument | undefined> {
    const policy = await findPolicy(arn, context, signal);
    if (policy?.DefaultVersionId === undefined) return undefined;
    const key = { arn, policyId: policy.PolicyId, versionId: policy.DefaultVersionId };
    return unlessAbsent(() => context.documents.documentOf(key, context.calls, signal));
  }

  return (arn) => getOrMake(asked, arn, () => read(arn));
}

async function managed(
  through: Principal,
  documentOf: DocumentOf,
  { calls }: PolicyContext,
  signal: AbortSignal,
): Promise<readonly PolicyOfPrincipal[]> {
  const policies: PolicyOfPrincipal[] = [];
  for (const { PolicyArn: arn, PolicyName } of await attachedPolicies(through, calls, signal)) {
    const document = arn === undefined ? undefined : await documentOf(arn);
    if (arn === undefined || document === undefined) continue;
    policies.push({ name: PolicyName ?? arn, arn, through, document });
  }
  return policies;
}

async function boundaryOf(
  principal: Principal,
  documentOf: DocumentOf,
  { calls }: PolicyContext,
  signal: AbortSignal,
): Promise<PolicyOfPrincipal | undefined> {
  const arn = await permissionsBoundary(principal, calls, signal);
  const document = arn === undefined ? undefined : await documentOf(arn);
  if (arn === undefined || document === undefined) return undefined;
  return { name: arn.slice(arn.lastIndexOf('/') + 1), arn, through: principal, document };
}

async function inline(
  through: Principal,
  { calls }: PolicyContext,
  signal: AbortSignal,
): Promise<readonly PolicyOfPrincipal[]> {
  const policies: PolicyOfPrincipal[] = [];
  for (const name of await inlinePolicyNames(through, calls, signal)) {
    const text = await unlessAbsent(() => inlinePolicyText(through, name, calls, signal));
    const document = parsePolicyDocument(text);
    if (document !== undefined) policies.push({ name, through, document });
  }
  return policies;
}

/** Undefined for what is not there, or went while it was being read. */
async function unlessAbsent<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CloudError && error.kind === 'NotFound') return undefined;
    throw error;
  }
}
