/** The world that a plan is made on: AWS as it is, and the changes of the plan as if they were made. */
import { createdId, rowOf } from '../plan/actions/action-catalogue.ts';
import type { Imagination } from '../plan/actions/action-table.ts';
import type { Action, ActionResults } from '../plan/actions.ts';
import { type Cloud, CloudError, type LookOptions } from '../plan/cloud.ts';
import { withEffect } from '../plan/actions/effects.ts';
import type { Endpoint } from '../plan/facts.ts';
import type { Look, LookAnswers, LookKind, OwnerIdentity } from '../plan/looks.ts';
import { callerIn } from '../plan/network/caller-in.ts';
import {
  answerTo,
  nothingObserved,
  type Observation,
  withAnswer,
  withAnswers,
} from '../plan/observation.ts';
import { knownAfterApply } from './known-after-apply.ts';
import { ownedIn } from '../plan/ownership/observed-holdings.ts';

/** A cloud that only imagines changes. */
export interface PlanningCloud extends Cloud {
  /** From now on looks show what AWS will have when it is done with what it does now. */
  letTimePass(): void;
  /** AWS's own answers so far, without the effects of imagined changes. */
  asIs(): Observation;
  /** The data with words in the place of ids that were only imagined. */
  worded<T>(data: T): T;
}

/**
 * A cloud that answers looks from AWS and imagines changes: passes over it find out everything
 * that real ones would do one after the other, and do none of it. Imagined changes are in the
 * answers to later looks; AWS is asked nothing about it.
 */
export function planningCloud(cloud: Cloud, owner: OwnerIdentity): PlanningCloud {
  return new ImaginingCloud(cloud, owner);
}

interface Imagined {
  readonly action: Action;
  readonly result: ActionResults[Action['kind']];
}

/** Looks whose answers the plan's own actions change. */
const changing: ReadonlySet<LookKind> = new Set([
  'Owned',
  'VpcEndpoints',
  'ManagedPolicy',
  'PoliciesByARN',
  'PolicyVersions',
  'PolicyBoundaryUses',
]);

class ImaginingCloud implements PlanningCloud {
  private readonly cloud: Cloud;
  private readonly owner: OwnerIdentity;
  /** AWS's own answers, by the look. */
  private readonly answers = new Map<string, LookAnswers[LookKind]>();
  /** The same, with what follows from them. */
  private asked: Observation = nothingObserved;
  private readonly imagined: Imagined[] = [];
  /** Imagined id to words for people. */
  private readonly imaginedIds = new Map<string, string>();
  private timeHasPassed = false;

  constructor(cloud: Cloud, owner: OwnerIdentity) {
    this.cloud = cloud;
    this.owner = owner;
  }

  now(): number {
    return this.cloud.now();
  }

  letTimePass(): void {
    this.timeHasPassed = true;
  }

  asIs(): Observation {
    return this.asked;
  }

  async look<L extends Look>(look: L, options: LookOptions): Promise<never> {
    const key = JSON.stringify(look);
    const answer =
      this.answers.get(key) ?? this.aboutImagined(look) ?? (await this.cloud.look(look, options));
    this.answers.set(key, answer);
    this.asked = withAnswer(this.asked, look, answer as never);
    return (changing.has(look.kind) ? answerTo(this.expected(), look) : answer) as never;
  }

  async apply(action: Action, { signal }: { readonly signal: AbortSignal }): Promise<never> {
    const there = await this.whatIsThere(action, signal);
    const result = there ?? rowOf(action).imagined?.(action, this.imagination()) ?? {};
    this.imagined.push({ action, result });
    return result as never;
  }

  /**
   * AWS's answer where what the action makes is there already. Throws what AWS would throw, as far as
   * a look can tell.
   */
  private async whatIsThere(
    action: Action,
    signal: AbortSignal,
  ): Promise<Imagined['result'] | undefined> {
    const check = rowOf(action).check?.(action);
    if (check === undefined) return undefined;
    let answer: LookAnswers[LookKind];
    try {
      answer = await this.cloud.look(check.look, { since: this.now(), signal });
    } catch (error) {
      // A caller that may not look may still be allowed to act.
      if (error instanceof CloudError) return undefined;
      throw error;
    }
    const refusal = check.refusal?.(answer as never);
    if (refusal !== undefined) throw refusal;
    return check.there?.(answer as never);
  }

  worded<T>(data: T): T {
    const text = [...this.imaginedIds].reduce(
      (former, [id, words]) => former.replaceAll(id, `${knownAfterApply} for ${words}`),
      JSON.stringify(data),
    );
    return JSON.parse(text) as T;
  }

  /** AWS's own answer about a resource that the plan makes: AWS need not be asked. */
  private aboutImagined(look: Look): LookAnswers[LookKind] | undefined {
    if (look.kind !== 'PolicyBoundaryUses' && look.kind !== 'PolicyVersions') return undefined;
    return this.isImagined(look.arn) ? [] : undefined;
  }

  private isImagined(id: string): boolean {
    return this.imagined.some(({ action, result }) => createdId(action, result) === id);
  }

  private imagination(): Imagination {
    return {
      unknownId: knownAfterApply,
      newId: (prefix, words) => {
        // As long as AWS's ids, and none of them: those are hexadecimal.
        const id = `${prefix}-x${String(this.imaginedIds.size + 1).padStart(16, '0')}`;
        this.imaginedIds.set(id, words);
        return id;
      },
      caller: () => {
        const caller = callerIn(this.asked);
        if (caller === undefined) throw new Error('an action was planned for an unknown account');
        return caller;
      },
      policyVersions: (arn) => answerTo(this.expected(), { kind: 'PolicyVersions', arn }) ?? [],
    };
  }

  /** The answers that AWS would give with everything done that was imagined. */
  private expected(): Observation {
    const done = this.imagined.reduce(
      (known, { action, result }) => withEffect(known, this.owner, action, result),
      this.asked,
    );
    const own = new Map(ownedIn(done, this.owner)?.endpoints.map((one) => [one.id, one]));
    const owned = withAnswers(done, 'Owned', (holdings) => ({
      ...holdings,
      endpoints: this.inTime(holdings.endpoints),
    }));
    const inVpc = withAnswers(owned, 'VpcEndpoints', (endpoints) =>
      this.inTime(endpoints.map((one) => own.get(one.id) ?? one)),
    );
    return withAnswers(inVpc, 'ManagedPolicy', ({ policy }) =>
      policy === undefined ? {} : { policy: { ...policy, settling: false } },
    );
  }

  private inTime(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    if (!this.timeHasPassed) return endpoints;
    return endpoints
      .filter(({ state }) => state !== 'deleting')
      .map((one) => ({
        ...one,
        state: one.state === 'pending' ? 'available' : one.state,
        settling: false,
      }));
  }
}
