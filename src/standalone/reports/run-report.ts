/** The report of `apply` and `delete` at their end: for people, for machines, and as an exit code. Pure. */
import type { SageMakerPrivateLinkStatus } from '../../api/sagemaker-private-link.ts';
import type { Problem } from '../../plan/findings.ts';
import { endpointLines } from './progress-text.ts';

/** One change that was made at AWS. */
export interface RunChange {
  readonly action: string;
  /** The id that AWS gave to what the action made. */
  readonly id?: string;
  readonly reason: string;
}

/** How the work on one link ended; what is not known of it is left out. */
export interface LinkRun {
  readonly name: string;
  readonly region: string;
  /**
   * `ready`, `gone`: done. `stalled`: somebody has to change something. `unfinished`: more is to be
   * done, by the same command again. `suspended`: left alone. `kept`: whoever was asked did not want it
   * deleted. `failed`: the program has a fault.
   */
  readonly outcome: 'ready' | 'gone' | 'stalled' | 'unfinished' | 'suspended' | 'kept' | 'failed';
  /** The cause that ended the work before it was done. */
  readonly cutOff?: 'timeout' | 'interrupted';
  /** In the order in which they took effect. */
  readonly changes: readonly RunChange[];
  /** The problems that the last pass found. */
  readonly problems: readonly Pick<Problem, 'reason' | 'message'>[];
  /** As the operator would write it; absent when the first pass did not end. */
  readonly status?: SageMakerPrivateLinkStatus;
}

/** Exit codes of `apply` and `delete`; a signal ends them with 128 plus its number. */
const runExitCodes = { done: 0, failed: 1, unfinished: 2 } as const;

/** The one JSON document of a run. */
export function runJson(links: readonly LinkRun[]): string {
  return `${JSON.stringify({ links }, undefined, 2)}\n`;
}

/** The last lines of a run for people: what there is now, and with several links a count. */
export function runLines(links: readonly LinkRun[]): readonly string[] {
  const lines = links.flatMap(({ name, outcome, status }) => {
    if (outcome === 'gone') return [`${name}: gone`];
    if (status === undefined) return [];
    const prefix = links.length === 1 ? '' : `${name}: `;
    return endpointLines(status).map((line) => `${prefix}${line}`);
  });
  return links.length < 2 ? lines : [...lines, countLine(links)];
}

const outcomeWords: readonly (readonly [LinkRun['outcome'], string])[] = [
  ['ready', 'ready'],
  ['gone', 'gone'],
  ['suspended', 'suspended'],
  ['kept', 'kept'],
  ['unfinished', 'not finished'],
  ['stalled', 'in need of somebody'],
  ['failed', 'failed'],
];

function countLine(links: readonly LinkRun[]): string {
  const counts = outcomeWords.flatMap(([outcome, words]) => {
    const names = links.filter((one) => one.outcome === outcome).map(({ name }) => name);
    const which = outcome === 'ready' || outcome === 'gone' ? '' : ` (${names.join(', ')})`;
    return names.length === 0 ? [] : [`${names.length} ${words}${which}`];
  });
  return `${links.length} links: ${counts.join(', ')}.`;
}

/**
 * The remaining work of each link that is not done although nothing is wrong with it, and the command
 * that goes on. A link with a problem has said so in its conditions.
 *
 * @param command the one that waits until it is done, such as `apply --wait`
 */
export function unfinishedLines(links: readonly LinkRun[], command: string): readonly string[] {
  return links
    .filter((one) => one.outcome === 'unfinished' && one.cutOff === undefined && !isFailing(one))
    .map(({ name, status }) => {
      const reconciling = status?.conditions?.find(({ type }) => type === 'Reconciling');
      const left = reconciling?.message ?? 'AWS is at work.';
      return `${name}: not finished: ${left} To go on, run the same command again, or ${command}, which waits until it is done.`;
    });
}

/** The exit code: the worst that happened to one of the links. */
export function runExitCode(links: readonly LinkRun[]): number {
  if (links.some(isFailing)) return runExitCodes.failed;
  const isUnfinished = links.some(({ outcome }) => outcome === 'unfinished' || outcome === 'kept');
  return isUnfinished ? runExitCodes.unfinished : runExitCodes.done;
}

/** Whether something is wrong with it that no waiting for AWS repairs. */
function isFailing({ outcome, problems }: LinkRun): boolean {
  return (
    outcome === 'stalled' ||
    outcome === 'failed' ||
    (outcome === 'unfinished' && problems.length > 0)
  );
}
