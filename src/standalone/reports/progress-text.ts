/** The events of a link, as lines of a plain log. Pure. */
import type { Condition, SageMakerPrivateLinkStatus } from '../../api/sagemaker-private-link.ts';
import { resourceWords } from '../../plan/actions/action-catalogue.ts';
import { failureWords } from '../../plan/aws-errors/failure-words.ts';
import { differenceWords } from '../../plan/endpoint/difference-words.ts';
import { withoutRepeats } from '../../plan/report/without-repeats.ts';
import type { Progress } from '../standalone-run.ts';

/** Turns progress into lines; remembers what it said, so that only news is said. */
export interface ProgressText {
  linesOf(progress: Progress): readonly string[];
}

/** @param name of the link: every line begins with it */
export function createProgressText(name: string): ProgressText {
  let said = new Map<string, string>();
  const noted = new Set<string>();
  return {
    linesOf(progress) {
      switch (progress.kind) {
        case 'drift':
          return progress.differences.map(
            (one) => `${name}: drift: ${one.resource} ${differenceWords(one)}`,
          );
        case 'changed':
          return [
            `${name}: ${progress.action.kind} done (${progress.id ?? resourceWords(progress.action)}): ${progress.action.reason}`,
          ];
        case 'refused':
          // The condition has AWS's words and what to do.
          return [
            `${name}: ${progress.action.kind} (${resourceWords(progress.action)}): ${failureWords(progress.error)} (${progress.error.code})`,
          ];
        case 'noted': {
          const news = progress.notes.filter(({ message }) => !noted.has(message));
          for (const { message } of news) noted.add(message);
          return news.map(({ message }) => `${name}: note: ${message}`);
        }
        case 'status': {
          const now = inOrder(progress.status);
          const news = now.filter((one) => said.get(one.type) !== conditionText(one));
          said = new Map(now.map((one) => [one.type, conditionText(one)]));
          const messages = withoutRepeats(news.map(({ message }) => message));
          return news.map((one, index) =>
            `${name}: ${one.type}=${one.status} (${one.reason}) ${messages[index]}`.trimEnd(),
          );
        }
      }
    },
  };
}

/** Conditions that only sum up what the others say: these come last. */
const sums: readonly string[] = ['Ready', 'Reconciling', 'Stalled'];

function inOrder({ conditions = [] }: SageMakerPrivateLinkStatus): readonly Condition[] {
  return conditions.toSorted((a, b) => sums.indexOf(a.type) - sums.indexOf(b.type));
}

function conditionText({ status, reason, message }: Condition): string {
  return `${status} (${reason}) ${message}`;
}

/** The names that clients dial, one line per endpoint. */
export function endpointLines({ endpoints = [] }: SageMakerPrivateLinkStatus): readonly string[] {
  return endpoints.map(({ service, serviceName, id, state, url }) => {
    const parts = [service ?? serviceName, id ?? 'none', state ?? 'missing', url ?? ''];
    return parts.join('  ').trimEnd();
  });
}

/** A line for people who wait for a long time: how long, and for what. */
export interface PatienceText {
  note(status: SageMakerPrivateLinkStatus): void;
  line(elapsedMs: number): string;
}

/** @param name of the link: every line begins with it */
export function createPatienceText(name: string): PatienceText {
  let waitsFor = 'the first answers of AWS';
  return {
    note({ conditions = [] }) {
      const current = ['Reconciling', 'Ready'].flatMap(
        (type) => conditions.find((one) => one.type === type) ?? [],
      );
      waitsFor = current[0]?.message ?? waitsFor;
    },
    line: (elapsedMs) => `${name}: after ${Math.round(elapsedMs / 1000)} s: ${waitsFor}`,
  };
}
