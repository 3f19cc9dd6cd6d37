/** Plans for a comment on a pull request. Pure. */
import type { LinkPlan } from '../link-plan.ts';
import { costWords } from '../monthly-cost.ts';
import { countLine, planText } from './plan-text.ts';

/**
 * A section for each plan, with the plan itself in a fence: whatever names and tags are in it, a
 * page shows them as text.
 */
export function planMarkdown(plans: readonly LinkPlan[]): string {
  if (plans.length === 0) return 'No links.\n';
  return `${plans.map(section).join('\n\n')}\n`;
}

function section(plan: LinkPlan): string {
  const cost = plan.cost === undefined ? [] : [costWords(plan.cost)];
  const isQuiet =
    plan.actions.length === 0 && plan.findings.problems.length === 0 && plan.notes.length === 0;
  const lines = planText(withoutCost(plan), false).split('\n').slice(1, -1).map(asDiff);
  return [
    `### SageMakerPrivateLink ${codeSpan(plan.name)}`,
    '',
    [`**${countLine(plan, 'below')}**`, ...cost].join(' '),
    ...(isQuiet ? [] : ['', fenced(lines.join('\n'))]),
  ].join('\n');
}

/** The head, the count and the cost are said outside of the fence. */
function withoutCost({ cost: _said, ...plan }: LinkPlan): LinkPlan {
  return plan;
}

/** The colours of a diff need its signs in the first column; it has none for a change but `!`. */
function asDiff(line: string): string {
  return line.replace(/^ {2}([+~-]) /, (_, sign: string) => `${sign === '~' ? '!' : sign} `);
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}diff\n${text}\n${fence}`;
}

function codeSpan(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  return ticks.length === 1 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
