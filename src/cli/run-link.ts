/** One link of `apply` or `delete`, with its lines while it is worked on. */
import type { Cloud } from '../plan/cloud.ts';
import type { Patience } from '../plan/sightings.ts';
import type { StandaloneLink } from '../standalone/link-files.ts';
import { createPatienceText, createProgressText } from '../standalone/reports/progress-text.ts';
import type { LinkRun, RunChange } from '../standalone/reports/run-report.ts';
import { type Progress, runStandalone } from '../standalone/standalone-run.ts';
import { systemClock } from '../runtime/clock.ts';
import type { WaitOptions } from './link-input.ts';
import { TimeIsOver } from './time-limit.ts';

export type Goal = 'present' | 'absent';

/** Options of one link's run. */
export interface RunLinkOptions extends Omit<WaitOptions, 'timeoutMs'>, Patience {
  readonly goal: Goal;
  readonly cloud: Cloud;
  readonly signal: AbortSignal;
  readonly wait: boolean;
  readonly output: 'text' | 'json';
}

/** How a link ended, and the error that ended it. */
export interface EndedRun {
  readonly run: LinkRun;
  readonly error?: unknown;
}

/** Silence that is longer than this looks like a hang. */
const remindEveryMs = 30_000;

/** Runs one link to its end. Nothing that happens to it ends the others: it never rejects. */
export async function runLink(link: StandaloneLink, options: RunLinkOptions): Promise<EndedRun> {
  const { goal, cloud, signal, wait, pollMs, consistencyMs, output } = options;
  const { dnsSettleMs, iamSettleMs, wayDeadlineMs } = options;
  const text = createProgressText(link.name);
  const patienceText = createPatienceText(link.name);
  const record = new RunRecord(link);
  const begun = Date.now();
  const reminder = setInterval(() => {
    if (output === 'text') process.stderr.write(`${patienceText.line(Date.now() - begun)}\n`);
  }, remindEveryMs);
  try {
    const { outcome } = await runStandalone({
      link,
      goal,
      cloud,
      clock: systemClock(),
      pollMs,
      consistencyMs,
      patience: { dnsSettleMs, iamSettleMs, wayDeadlineMs },
      until: wait ? 'settled' : 'once',
      signal,
      onProgress: (progress) => {
        record.note(progress);
        if (progress.kind === 'status') patienceText.note(progress.status);
        if (output === 'json') return;
        for (const line of text.linesOf(progress)) process.stdout.write(`${line}\n`);
      },
    });
    return { run: record.ended(outcome) };
  } catch (error) {
    if (!signal.aborted) return { run: record.ended('failed'), error };
    const cutOff = signal.reason instanceof TimeIsOver ? 'timeout' : 'interrupted';
    return { run: { ...record.ended('unfinished'), cutOff }, error: signal.reason };
  } finally {
    clearInterval(reminder);
  }
}

/** Notes the progress of a run, and has a report even if the run is cut off. */
class RunRecord {
  private readonly link: StandaloneLink;
  private readonly changes: RunChange[] = [];
  private last: Extract<Progress, { kind: 'status' }> | undefined;

  constructor(link: StandaloneLink) {
    this.link = link;
  }

  note(progress: Progress): void {
    if (progress.kind === 'status') this.last = progress;
    if (progress.kind !== 'changed') return;
    const { action, id } = progress;
    const made = id === undefined ? {} : { id };
    this.changes.push({ action: action.kind, ...made, reason: action.reason });
  }

  ended(outcome: LinkRun['outcome']): LinkRun {
    const { name, spec } = this.link;
    const problems = this.last?.findings.problems ?? [];
    return {
      name,
      region: spec.region,
      outcome,
      changes: this.changes,
      problems: problems.map(({ reason, message }) => ({ reason, message })),
      ...(this.last === undefined ? {} : { status: this.last.status }),
    };
  }
}
