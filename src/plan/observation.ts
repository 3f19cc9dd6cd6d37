/** All that a pass knows about AWS so far: a map from looks to answers. */
import { isDeepStrictEqual } from 'node:util';
import type { CloudError } from './cloud.ts';
import type { ManagedPolicy, SecurityGroup } from './facts.ts';
import type { AnswerTo, Look, LookAnswers, LookKind, OwnerIdentity } from './looks.ts';
import { isOwnedBy } from './ownership/ownership.ts';

/** The looks of one kind. */
export type LookOf<Kind extends LookKind> = Extract<Look, { readonly kind: Kind }>;

/** A look with its answer. */
export interface Answered<Kind extends LookKind> {
  readonly look: LookOf<Kind>;
  readonly answer: LookAnswers[Kind];
}

/** A look that failed. */
export interface FailedLook {
  readonly look: Look;
  readonly error: CloudError;
}

/** Plain data. A look that was not asked yet is in neither `answers` nor `failures`. */
export interface Observation {
  /** By the kind of the look; looks of one kind that ask for different things stand side by side. */
  readonly answers: { readonly [Kind in LookKind]?: readonly Answered<Kind>[] };
  readonly failures: readonly FailedLook[];
  /** The group that has the name which the managed group would have. */
  readonly namesakeGroup?: SecurityGroup;
  /** Endpoints that our client tokens made and that carry another owner's tags by now. */
  readonly claimedByOthers?: readonly string[];
  /** The IAM policy that has the name which ours would have. */
  readonly namesakePolicy?: ManagedPolicy;
  /**
   * AWS error codes of actions that were refused in this pass, by action kind; those of actions on
   * something that is there also by kind and id (`ModifyVpcEndpoint vpce-1`).
   */
  readonly refusals: Readonly<Record<string, string>>;
}

/** Before the first look. */
export const nothingObserved: Observation = { answers: {}, failures: [], refusals: {} };

/** The answer to a look; undefined while it was not asked, or if it failed. */
export function answerTo<L extends Look>(
  { answers }: Observation,
  look: L,
): AnswerTo<L> | undefined {
  const ofKind: readonly { readonly look: Look; readonly answer: unknown }[] =
    answers[look.kind] ?? [];
  // Each kind of look is paired with its answers; the types cannot follow over a union.
  return ofKind.find((one) => isSame(one.look, look))?.answer as AnswerTo<L> | undefined;
}

/** Every answer to looks of a kind, with the looks. */
export function answersOf<Kind extends LookKind>(
  { answers }: Observation,
  kind: Kind,
): readonly Answered<Kind>[] {
  return (answers[kind] ?? []) as readonly Answered<Kind>[];
}

/** Everything that looks of a kind found, for kinds whose answers are lists. */
export function allFound<Kind extends ListKind>(
  observation: Observation,
  kind: Kind,
): readonly LookAnswers[Kind][number][] {
  const lists: readonly (readonly unknown[])[] = answersOf(observation, kind).map(
    ({ answer }) => answer,
  );
  // Lists of these kinds are what the kind answers; the types cannot follow over a union.
  return lists.flat() as readonly LookAnswers[Kind][number][];
}

type ListKind = {
  [Kind in LookKind]: LookAnswers[Kind] extends readonly unknown[] ? Kind : never;
}[LookKind];

/** Why a look failed; undefined if it was answered, or was not asked. */
export function failureOf({ failures }: Observation, look: Look): CloudError | undefined {
  return failures.find((one) => isSame(one.look, look))?.error;
}

/** Whether a look of the kind failed. */
export function hasFailed({ failures }: Observation, kind: LookKind): boolean {
  return failures.some(({ look }) => look.kind === kind);
}

/** Whether a look was asked, whatever came of it. */
export function isAsked(observation: Observation, look: Look): boolean {
  return answerTo(observation, look) !== undefined || failureOf(observation, look) !== undefined;
}

/** The observation with one more answer. */
export function withAnswer<L extends Look>(
  observation: Observation,
  look: L,
  answer: AnswerTo<L>,
): Observation {
  const known: Observation = putAnswer(observation, look, answer);
  if (look.kind !== 'PoliciesByARN') return known;
  return withOwnPolicy(known, look.owner, answer as LookAnswers['PoliciesByARN']);
}

function putAnswer(observation: Observation, look: Look, answer: unknown): Observation {
  const former: readonly { readonly look: Look }[] = observation.answers[look.kind] ?? [];
  const others = former.filter((one) => !isSame(one.look, look));
  const answers = { ...observation.answers, [look.kind]: [...others, { look, answer }] };
  return { ...observation, answers };
}

/** The link's policy under the name that an earlier link gave it. */
function withOwnPolicy(
  observation: Observation,
  owner: OwnerIdentity,
  policies: readonly ManagedPolicy[],
): Observation {
  const policy = policies.find(({ tags }) => isOwnedBy(tags, owner));
  if (policy === undefined) return observation;
  return withAnswers(observation, 'ManagedPolicy', (known) =>
    known.policy === undefined ? { policy } : known,
  );
}

/** The observation with other answers to the looks of a kind. */
export function withAnswers<Kind extends LookKind>(
  observation: Observation,
  kind: Kind,
  change: (answer: LookAnswers[Kind]) => LookAnswers[Kind],
): Observation {
  const changed = answersOf(observation, kind).map((one) => ({
    ...one,
    answer: change(one.answer),
  }));
  if (changed.length === 0) return observation;
  return { ...observation, answers: { ...observation.answers, [kind]: changed } };
}

/** The observation with one failed look. */
export function withFailure(observation: Observation, look: Look, error: CloudError): Observation {
  const others = observation.failures.filter((one) => !isSame(one.look, look));
  return { ...observation, failures: [...others, { look, error }] };
}

/** Looks are data: the same question is the same look, whoever made it. */
function isSame(one: Look, other: Look): boolean {
  if (one === other) return true;
  const fields = Object.entries(one);
  const others: Readonly<Record<string, unknown>> = other;
  return (
    fields.length === Object.keys(other).length &&
    fields.every(([name, value]) => isSameField(value, others[name]))
  );
}

/** Most fields are ids: thousands of looks are compared in a second. */
function isSameField(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && isDeepStrictEqual(one, other));
}
