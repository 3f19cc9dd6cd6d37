/** What happens to a link, as lines of a plain log. Pure. */
import type { Condition, SageMakerPrivateLinkStatus } from '../api/sagemaker-private-link.ts';
import { failureWords } from '../plan/aws-errors/failure-words.ts';
import type { Progress } from './standalone-run.ts';

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
            ({ resource, field, desired, actual }) =>
              `${name}: drift: ${resource} ${field}: ${actual} should be ${desired}`,
          );
        case 'changed':
          return [
            `${name}: ${progress.action.kind} done${madeWords(progress)}: ${progress.action.reason}`,
          ];
        case 'refused':
          return [
            `${name}: ${progress.action.kind}: ${failureWords(progress.error)}: ${progress.error.message}`,
          ];
        case 'noted': {
          const news = progress.notes.filter(({ message }) => !noted.has(message));
          for (const { message } of news) noted.add(message);
          return news.map(({ message }) => `${name}: note: ${message}`);
        }
        case 'status': {
          const now = conditionTexts(progress.status);
          const news = [...now].filter(([type, text]) => said.get(type) !== text);
          said = now;
          return news.map(([type, text]) => `${name}: ${type}=${text}`);
        }
      }
    },
  };
}

function madeWords({ id }: { readonly id?: string }): string {
  return id === undefined ? '' : ` (${id})`;
}

function conditionTexts({ conditions = [] }: SageMakerPrivateLinkStatus): Map<string, string> {
  return new Map(conditions.map((condition) => [condition.type, conditionText(condition)]));
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
