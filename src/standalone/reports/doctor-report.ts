/** The report of `doctor`: for people and for machines. Pure. */
import pc from 'picocolors';
import { wrapped } from '../../topology/render/wrapped.ts';

/** One thing that was looked at. */
export interface Check {
  readonly area: 'credentials' | 'way' | 'permission' | 'network' | 'quota' | 'orphans' | 'link';
  /** The thing: a call, a quota with its code, a reason. */
  readonly subject: string;
  /** `warning`: it works, and somebody may want to know. `unknown`: nobody could tell. */
  readonly outcome: 'ok' | 'warning' | 'unknown' | 'problem';
  readonly message: string;
  /** The next step, where the message does not say it. */
  readonly advice?: string;
}

/** An account and region, as flags and specs name it. */
export interface CheckedPlace {
  readonly region: string;
  readonly account?: string;
  readonly checks: readonly Check[];
}

export interface CheckedLink {
  readonly name: string;
  readonly region: string;
  readonly vpcId?: string;
  readonly checks: readonly Check[];
}

export interface DoctorReport {
  readonly places: readonly CheckedPlace[];
  readonly links: readonly CheckedLink[];
}

const signs = { ok: '✓', warning: '!', unknown: '?', problem: '✗' } as const;

/** True if nothing needs anybody. Warnings are no problems, nor is what nobody could tell. */
export function isHealthy(report: DoctorReport): boolean {
  return allChecks(report).every(({ outcome }) => outcome !== 'problem');
}

export interface DoctorTextOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The report for people, with a last line that counts. No line is longer than the width. */
export function doctorLines(
  report: DoctorReport,
  { color, width }: DoctorTextOptions,
): readonly string[] {
  const colors = pc.createColors(color);
  const paint = {
    ok: colors.green,
    warning: colors.yellow,
    unknown: (text: string) => text,
    problem: colors.red,
  };
  const indented = (text: string): readonly string[] =>
    wrapped(text, width - detail.length).map((line) => `${detail}${line}`);
  const lines = ({ area, subject, outcome, message, advice }: Check): readonly string[] => {
    const about = `${signs[outcome]} ${area} ${subject}${outcome === 'ok' ? `: ${message}` : ''}`;
    const [head = '', ...more] = wrapped(about, width - detail.length);
    return [
      `  ${paint[outcome](head)}`,
      ...more.map((line) => `${detail}${paint[outcome](line)}`),
      ...(outcome === 'ok' ? [] : indented(message)),
      ...(advice === undefined ? [] : indented(advice)),
    ];
  };
  return [
    ...report.places.flatMap(({ region, account, checks }) => [
      colors.bold(['AWS', account, region].filter((one) => one !== undefined).join(' ')),
      ...inGroups(checks).flatMap(lines),
    ]),
    ...report.links.flatMap(({ name, vpcId, checks }) => [
      colors.bold(`link ${name}${vpcId === undefined ? '' : ` (${vpcId})`}`),
      ...inGroups(checks).flatMap(lines),
    ]),
    countWords(report),
  ];
}

/** Checks without an answer for one and the same reason are one entry, where the first of them is. */
function inGroups(checks: readonly Check[]): readonly Check[] {
  const isLike = (one: Check, other: Check): boolean =>
    one.outcome === 'unknown' &&
    one.area === other.area &&
    one.outcome === other.outcome &&
    one.message === other.message;
  return checks.flatMap((check, index) => {
    const alike = checks.filter((other) => other === check || isLike(check, other));
    if (checks.indexOf(alike[0] ?? check) !== index) return [];
    return [{ ...check, subject: alike.map(({ subject }) => subject).join(', ') }];
  });
}

const detail = '      ';

function countWords(report: DoctorReport): string {
  const count = (wanted: Check['outcome']): number =>
    allChecks(report).filter(({ outcome }) => outcome === wanted).length;
  const problems = `${count('problem')} ${count('problem') === 1 ? 'problem' : 'problems'}`;
  const warnings = `${count('warning')} ${count('warning') === 1 ? 'warning' : 'warnings'}`;
  const unanswered = `${count('unknown')} ${count('unknown') === 1 ? 'check' : 'checks'} without an answer`;
  return `${problems}, ${warnings}, ${unanswered}.`;
}

function allChecks({ places, links }: DoctorReport): readonly Check[] {
  return [...places, ...links].flatMap(({ checks }) => checks);
}
