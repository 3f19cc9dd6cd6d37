import type { CloudError } from './cloud.ts';
import type { ManagedPolicy, NetworkInterface, SecurityGroup } from './facts.ts';
import type { AnswerTo, Look, LookAnswers, LookKind, OwnerIdentity } from './looks.ts';
import { isOwnedBy } from './ownership/ownership.ts';

/**
 * All that a pass knows about AWS so far. A kind of look that was not asked yet is in neither
 * record; one that failed is in `failures`.
 */
export interface Observation {
  readonly answers: { readonly [K in LookKind]?: LookAnswers[K] };
  readonly failures: { readonly [K in LookKind]?: CloudError };
  /** The group that has the name which the managed group would have. */
  readonly namesakeGroup?: SecurityGroup;
  /** Endpoints that our client tokens made and that carry another owner's tags by now. */
  readonly claimedByOthers?: readonly string[];
  /** The IAM policy that has the name which ours would have. */
  readonly namesakePolicy?: ManagedPolicy;
  /**
   * AWS error codes of actions that were refused in this pass, by action kind; those of an endpoint
   * also by kind and id (`ModifyVpcEndpoint vpce-1`).
   */
  readonly refusals: Readonly<Record<string, string>>;
}

/** Before the first look. */
export const nothingObserved: Observation = { answers: {}, failures: {}, refusals: {} };

/** The observation with one more answer. */
export function withAnswer<L extends Look>(
  observation: Observation,
  look: L,
  answer: AnswerTo<L>,
): Observation {
  const merged = look.kind === 'NetworkInterfaces' ? mergedInterfaces(observation, answer) : answer;
  const answers = { ...observation.answers, [look.kind]: merged };
  const own = look.kind === 'PoliciesByARN' ? ownPolicy(answers, look.owner) : {};
  return { ...observation, answers: { ...answers, ...own } };
}

/** The link's policy under the name that an earlier link gave it. */
function ownPolicy(
  { ManagedPolicy: known, PoliciesByARN: policies = [] }: Observation['answers'],
  owner: OwnerIdentity,
): Observation['answers'] {
  const policy = policies.find(({ tags }) => isOwnedBy(tags, owner));
  return policy === undefined || known?.policy !== undefined ? {} : { ManagedPolicy: { policy } };
}

/** The observation with one failed look. */
export function withFailure(observation: Observation, look: Look, error: CloudError): Observation {
  return { ...observation, failures: { ...observation.failures, [look.kind]: error } };
}

/** Interfaces are asked for in portions, as endpoints get them. */
function mergedInterfaces(observation: Observation, answer: unknown): readonly NetworkInterface[] {
  const added = answer as readonly NetworkInterface[];
  const ids = new Set(added.map(({ id }) => id));
  const known = observation.answers.NetworkInterfaces ?? [];
  return [...known.filter(({ id }) => !ids.has(id)), ...added];
}
