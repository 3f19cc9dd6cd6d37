/** Brings links about, or takes them away, without a cluster: the operator's passes in a loop. */
import type { SageMakerPrivateLinkStatus } from '../api/sagemaker-private-link.ts';
import type { Action } from '../plan/actions.ts';
import type { Cloud, CloudError } from '../plan/cloud.ts';
import type { Difference, Note } from '../plan/findings.ts';
import type { Findings, PassEnd } from '../plan/pass-end.ts';
import { newsOfDrift } from '../plan/report/news-of-drift.ts';
import { reportPass } from '../plan/report/report.ts';
import type { Patience } from '../plan/sightings.ts';
import { goesOnByTimeAlone } from '../plan/report/time-alone.ts';
import { type ActionOutcome, runPass } from '../reconcile/pass.ts';
import { createQuietTime } from '../reconcile/waits/quiet-time.ts';
import { rememberedFrom } from '../plan/report/remembered.ts';
import { createSightingTimes } from '../reconcile/sighting-times.ts';
import { untilTick } from '../reconcile/waits/next-pass.ts';
import type { Clock } from '../runtime/clock.ts';
import type { StandaloneLink } from './link-files.ts';

/** The events of the work on a link, in the order in which they happen. */
export type Progress =
  | { readonly kind: 'drift'; readonly differences: readonly Difference[] }
  /** With the id that AWS gave to what the action made. */
  | { readonly kind: 'changed'; readonly action: Action; readonly id?: string }
  | { readonly kind: 'refused'; readonly action: Action; readonly error: CloudError }
  | { readonly kind: 'noted'; readonly notes: readonly Note[] }
  | {
      readonly kind: 'status';
      readonly status: SageMakerPrivateLinkStatus;
      readonly findings: Findings;
    };

/** Everything that a run works with. */
export interface StandaloneOptions {
  readonly link: StandaloneLink;
  readonly goal: 'present' | 'absent';
  readonly cloud: Cloud;
  readonly clock: Clock;
  /** How often AWS is looked at while it works, in milliseconds. */
  readonly pollMs: number;
  /** How long AWS may take to show what was created, in milliseconds. */
  readonly consistencyMs: number;
  readonly patience: Patience;
  /**
   * `settled`: ends when the link is ready (or gone), or needs a person.
   * `once`: ends as soon as AWS is at work, after what needs some seconds only (see
   * `goesOnByTimeAlone`): so many runs come to the end of any work, each from where the last one
   * was. `never`: goes on looking until the signal aborts.
   */
  readonly until: 'settled' | 'once' | 'never';
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** How a run ended. */
export interface StandaloneEnd {
  readonly outcome: 'ready' | 'gone' | 'stalled' | 'unfinished';
  readonly status: SageMakerPrivateLinkStatus;
  readonly findings: Findings;
  /** Whether AWS has nothing to finish before the link goes on: some seconds have to pass. */
  readonly goesOnByTimeAlone: boolean;
}

/**
 * Runs passes until the end that was asked for.
 *
 * @throws the signal's reason when it aborts first
 */
export async function runStandalone(options: StandaloneOptions): Promise<StandaloneEnd> {
  const { clock, signal, until } = options;
  const run = new StandaloneRun(options);
  for (;;) {
    const end = await run.pass();
    if (until !== 'never' && end.outcome !== 'unfinished') return end;
    if (until === 'once' && !end.goesOnByTimeAlone) return end;
    await clock.sleep(untilTick(clock.now(), options.pollMs), signal);
  }
}

class StandaloneRun {
  private readonly options: StandaloneOptions;
  private readonly quietTime;
  private readonly sightingTimes = createSightingTimes();
  private status: SageMakerPrivateLinkStatus = { observedGeneration: -1 };

  constructor(options: StandaloneOptions) {
    this.options = options;
    this.quietTime = createQuietTime(options.consistencyMs);
    this.quietTime.noteActivity(options.link.uid, options.clock.now());
  }

  async pass(): Promise<StandaloneEnd> {
    const { options } = this;
    const { link, clock, cloud } = options;
    const begun = clock.now();
    const input = {
      owner: link.owner,
      spec: link.spec,
      goal: options.goal,
      remembered: rememberedFrom(this.status, generation, false),
      absenceIsFinal: begun >= this.quietTime.quietAt(link.uid, begun),
      elapsed: {
        sightings: this.sightingTimes.of(link.uid, begun),
        patience: options.patience,
      },
    };
    const end = await runPass({
      ...input,
      repair: true,
      ports: { AWS: cloud },
      freshness: { resourcesSince: cloud.now(), networkSince: cloud.now() - networkMaxAgeMs },
      signal: options.signal,
      onAction: (action, outcome, id) => this.noteAction(action, outcome, id),
    });
    this.sightingTimes.note(link.uid, end.plan.seen, clock.now());
    return { ...this.ended(end), goesOnByTimeAlone: goesOnByTimeAlone(input, end) };
  }

  private noteAction(action: Action, outcome: ActionOutcome, id: string | undefined): void {
    const { link, clock, onProgress } = this.options;
    this.quietTime.noteActivity(link.uid, clock.now());
    if (outcome === 'begun' || outcome === 'there') return;
    const made = id === undefined ? {} : { id };
    if (outcome === 'done') onProgress({ kind: 'changed', action, ...made });
    else onProgress({ kind: 'refused', action, error: outcome });
  }

  private ended(end: PassEnd): Omit<StandaloneEnd, 'goesOnByTimeAlone'> {
    const { link, goal, onProgress, clock } = this.options;
    const differences = newsOfDrift(end.found, this.status, generation);
    if (differences.length > 0) onProgress({ kind: 'drift', differences });
    if (end.notes.length > 0) onProgress({ kind: 'noted', notes: end.notes });
    const { status } = reportPass(
      {
        owner: link.owner,
        spec: link.spec,
        generation,
        deleting: goal === 'absent',
        former: this.status,
        remembered: rememberedFrom(this.status, generation, false),
        now: clock.wallTime().toISOString(),
      },
      end,
    );
    this.status = status;
    const { findings } = end;
    onProgress({ kind: 'status', status: this.status, findings });
    return { outcome: this.outcome(end), status: this.status, findings };
  }

  private outcome(end: PassEnd): StandaloneEnd['outcome'] {
    if (end.plan.gone) return 'gone';
    const isTrue = (type: string): boolean =>
      this.status.conditions?.some((one) => one.type === type && one.status === 'True') === true;
    if (isTrue('Ready')) return 'ready';
    return isTrue('Stalled') ? 'stalled' : 'unfinished';
  }
}

/** A file has no generations. */
const generation = 1;
/** Within one run the network is looked at anew when somebody may have repaired it. */
const networkMaxAgeMs = 30_000;
