import type { PolicyDocument } from '../../plan/facts.ts';
import { parsePolicyDocument } from './policy-document.ts';
import type { AwsCalls } from '../client/aws-calls.ts';

/** One version of one policy. IAM never changes it and never uses its id again. */
export interface VersionKey {
  readonly arn: string;
  /**
   * IAM's own id of the policy (`ANPA...`). A policy that is deleted and made anew has the ARN and
   * the version ids of the old one, but another id. Undefined where IAM did not say.
   */
  readonly policyId: string | undefined;
  readonly versionId: string;
}

/** Documents of policy versions, each of them read once. */
export interface PolicyDocuments {
  /** Undefined for a document that is no JSON object. Throws `CloudError`. */
  documentOf(
    key: VersionKey,
    calls: AwsCalls,
    signal: AbortSignal,
  ): Promise<PolicyDocument | undefined>;
}

/** At 6 KiB for the largest document this is 12 MiB, and far more versions than links. */
const keptDocuments = 2000;

/** A memory of documents; what was used longest ago is forgotten first. */
export function createPolicyDocuments(): PolicyDocuments {
  const kept = new Map<string, PolicyDocument>();

  function keep(key: string, document: PolicyDocument): void {
    kept.delete(key);
    kept.set(key, document);
    for (const oldest of kept.keys()) {
      if (kept.size <= keptDocuments) return;
      kept.delete(oldest);
    }
  }

  return {
    async documentOf({ arn, policyId, versionId }, calls, signal) {
      const key = `${policyId ?? ''} ${versionId}`;
      const known = policyId === undefined ? undefined : kept.get(key);
      const document = known ?? (await readDocument({ arn, versionId }, calls, signal));
      if (policyId !== undefined && document !== undefined) keep(key, document);
      return document;
    },
  };
}

async function readDocument(
  { arn, versionId }: Pick<VersionKey, 'arn' | 'versionId'>,
  calls: AwsCalls,
  signal: AbortSignal,
): Promise<PolicyDocument | undefined> {
  const input = { PolicyArn: arn, VersionId: versionId };
  const { PolicyVersion } = await calls.call('iam:GetPolicyVersion', input, { signal });
  return parsePolicyDocument(PolicyVersion?.Document);
}
