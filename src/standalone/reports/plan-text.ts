/** A plan as text, in the form that Terraform's users know. */
import pc from 'picocolors';
import { rowOf } from '../../plan/actions/action-catalogue.ts';
import type { ActionText, Sign } from '../../plan/actions/action-table.ts';
import { documentDiff } from './document-diff.ts';
import { costWords } from '../monthly-cost.ts';
import type { LinkPlan } from '../link-plan.ts';
import type { PlannedAction } from '../planned-action.ts';
import { withoutRepeats } from '../../plan/report/without-repeats.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** The whole plan, with the estimated cost and a last line that counts. */
export function planText(plan: LinkPlan, useColor: boolean): string {
  const colors = pc.createColors(useColor);
  const where = [plan.region, plan.account, plan.vpcId].filter((part) => part !== undefined);
  const head = colors.bold(`SageMakerPrivateLink ${plan.name} (${where.join(', ')})`);
  const lines = plan.actions.flatMap((action) => actionLines(action, colors));
  const cost = plan.cost === undefined ? [] : [costWords(plan.cost)];
  return [head, ...lines, ...findingLines(plan, colors), ...cost, countLine(plan)].join('\n');
}

function actionLines(action: PlannedAction, colors: Colors): readonly string[] {
  const { sign, title, details, document } = textOf(action);
  const diff = document === undefined ? [] : documentDiff(document.before, document.after);
  const { interruption, reason } = action;
  return [
    `  ${colored(sign, sign, colors)} ${title}`,
    ...details.map((detail) => `      ${detail}`),
    ...diff.map(({ sign: mark, text }) => `      ${colored(mark, `${mark} ${text}`, colors)}`),
    ...(interruption === undefined ? [] : [colors.yellow(`      impact: ${interruption}`)]),
    colors.dim(`      because ${reason}`),
  ];
}

function findingLines({ findings, notes }: LinkPlan, colors: Colors): readonly string[] {
  const problems = withoutRepeats(findings.problems.map(({ message }) => message));
  return [
    ...notes.map(({ message }) => `  ${colors.yellow('i')} note: ${message}`),
    ...findings.problems.map(
      ({ reason }, index) => `  ${colors.red('!')} ${reason}: ${problems[index]}`,
    ),
    ...findings.waits.map(({ reason, message }) => `  ${colors.cyan('…')} ${reason}: ${message}`),
  ];
}

/**
 * How much would be done, in one sentence.
 *
 * @param problems where the reader finds the problems
 */
export function countLine(
  { actions, findings }: LinkPlan,
  problems: 'above' | 'below' = 'above',
): string {
  const counted = actions.map(textOf).filter(({ isPart }) => isPart !== true);
  const count = (wanted: Sign): number => counted.filter(({ sign }) => sign === wanted).length;
  if (actions.length === 0) {
    return findings.problems.length > 0
      ? `Plan: nothing can be done before the problems ${problems} are solved.`
      : 'No changes.';
  }
  return `Plan: ${count('+')} to create, ${count('~')} to change, ${count('-')} to delete.`;
}

function colored(sign: Sign | ' ', text: string, colors: Colors): string {
  if (sign === ' ') return text;
  if (sign === '+') return colors.green(text);
  return sign === '-' ? colors.red(text) : colors.yellow(text);
}

function textOf({ before, interruption: _felt, ...action }: PlannedAction): ActionText {
  return rowOf(action).text(action, before ?? {});
}
