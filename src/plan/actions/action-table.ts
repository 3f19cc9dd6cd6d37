/** Everything that the machinery knows of an action: one row a kind, in its resource's folder. */
import type { QuotaPlace } from '../aws-errors/service-quotas.ts';
import type { Change } from './changes.ts';
import type { CloudError, CloudErrorKind, Target } from '../cloud.ts';
import type { Caller, Endpoint, ManagedPolicy, PolicyVersion, SecurityGroup } from '../facts.ts';
import type { Problem, Subject } from '../findings.ts';
import type { Look, LookAnswers, LookKind } from '../looks.ts';

/** One row for each kind of action: a kind without one does not compile. */
export type ActionTable<
  A extends { readonly kind: string },
  Results extends Record<A['kind'], object>,
> = {
  readonly [Kind in A['kind']]: ActionRow<Extract<A, { readonly kind: Kind }>, Results[Kind]>;
};

/** Everything that is known of one kind of action. */
export interface ActionRow<A, Result> extends ActionWords<A>, ActionRefusals<A> {
  /** The question that tells a plan whether AWS would refuse it, or what AWS would answer. */
  readonly check?: (action: A) => ActionCheck<Result>;
  /** The condition that it works for. */
  readonly subject: (action: A) => Subject;
  /** More conditions that it works for. @default none */
  readonly alsoFor?: (action: A) => readonly Subject[];
  /** The world that it changes. @default AWS */
  readonly target?: Target;
  /** Ids of the resources that it changes; none for what it makes. */
  readonly resourceIds: (action: A) => readonly string[];
  /** Its effect. */
  readonly changes: (action: A, result: Result) => readonly Change[];
  /** The answer of AWS as a plan imagines it, since a plan sends nothing. @default nothing */
  readonly imagined?: (action: A, imagination: Imagination) => Result;
  /** For an action that makes something: the id that AWS gave to it; undefined if it was there. */
  readonly createdId?: (result: Result) => string | undefined;
  /** It makes a resource that was not there, or deletes one. */
  readonly makesOrDeletes?: true;
  /** Takes ownership off: the link knows the resource no more. */
  readonly releases?: true;
}

/** How an action is told to people. */
export interface ActionWords<A> {
  /** Reason of the event that tells of it. */
  readonly eventReason: string;
  /** The words for its resource in an event. @default its resource ids */
  readonly about?: (action: A) => string;
  readonly text: (action: A, before: Before) => ActionText;
  /** Fields of the resource as they are now, as far as the action changes them. */
  readonly before?: (action: A, known: KnownResources) => Before | undefined;
  /** The connections that end, and for how long; undefined for an action that nobody feels. */
  readonly interruption?: (action: A) => string | undefined;
}

/** The meaning of an action's failure. */
export interface ActionRefusals<A> {
  /** Where it is done, for the words about quotas. */
  readonly place?: (action: A) => QuotaPlace;
  /** Changes of the resource that AWS is at, as the refusal tells: reads may not show them yet. */
  readonly shows?: (action: A, error: CloudError) => readonly Change[];
  /** Problems that only the refusal of the action tells. */
  readonly problems?: (action: A, error: CloudError) => readonly Problem[];
  /** A refusal of this kind has nothing to add to the plan's problem that holds the resource back. */
  readonly explained?: CloudErrorKind;
  /** Whether another action of the kind is a part of this one: that one tells the rest. */
  readonly hasPart?: (action: A, other: A) => boolean;
  /** The kind of action that is tried again after this one if a quota refused it. */
  readonly makesRoomFor?: string;
  /** Without an answer nobody knows whether the endpoints can still be used. */
  readonly mayCloseEndpoints?: true;
}

/** A question whose answer says what AWS would do with an action. */
export type ActionCheck<Result> = {
  readonly [Kind in LookKind]: {
    readonly look: Extract<Look, { readonly kind: Kind }>;
    /** AWS's refusal; undefined where the answer shows no reason for one. */
    readonly refusal?: (answer: LookAnswers[Kind]) => CloudError | undefined;
    /** AWS's answer where the thing to be made is there already; undefined where it is not. */
    readonly there?: (answer: LookAnswers[Kind]) => Result | undefined;
  };
}[LookKind];

/** Fields of a resource as they are at AWS now. */
export type Before = Readonly<Record<string, unknown>>;

/** `+` is made, `~` is changed, `-` is deleted. */
export type Sign = '+' | '~' | '-';

/** An action in a plan for people. */
export interface ActionText {
  readonly sign: Sign;
  readonly title: string;
  readonly details: readonly string[];
  /** A document before and after; undefined before: there was none. */
  readonly document?: { readonly before: unknown; readonly after: unknown };
  /** Part of another change, which is counted. */
  readonly isPart?: true;
}

/** Resources as AWS has them, by id. */
export interface KnownResources {
  endpoint(id: string): Endpoint | undefined;
  securityGroup(id: string): SecurityGroup | undefined;
  policy(arn: string): ManagedPolicy | undefined;
}

/** Everything that imagining AWS's answers takes. */
export interface Imagination {
  /** Stands for an id that AWS will choose. */
  readonly unknownId: string;
  /**
   * Stands for an id that AWS will choose, in the form of AWS's ids and told apart from all others:
   * documents with it are as long as they will be, and are read back like others.
   *
   * @param words what the resource is, for people
   */
  newId(prefix: string, words: string): string;
  /** Throws where it is not known who calls. */
  caller(): Caller;
  /** Versions of the policy as far as they are known. */
  policyVersions(arn: string): readonly PolicyVersion[];
}
