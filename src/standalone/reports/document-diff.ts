/** Two policy documents as a diff that people can read. */
import { diffLines } from 'diff';

/** Unchanged lines that are shown around a change. */
const context = 2;

export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** The lines of both, formatted; long unchanged parts are left out. All are `+` without a former one. */
export function documentDiff(former: unknown, latter: unknown): readonly DiffLine[] {
  const parts = diffLines(former === undefined ? '' : formatted(former), formatted(latter));
  return parts.flatMap(({ value, added, removed }, index): readonly DiffLine[] => {
    const lines = value.replace(/\n$/, '').split('\n');
    if (added) return lines.map((text) => ({ sign: '+', text }));
    if (removed) return lines.map((text) => ({ sign: '-', text }));
    const kept = shortened(lines, { isFirst: index === 0, isLast: index === parts.length - 1 });
    return kept.map((text) => ({ sign: ' ', text }));
  });
}

function shortened(
  lines: readonly string[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): readonly string[] {
  const head = isFirst ? [] : lines.slice(0, context);
  const tail = isLast ? [] : lines.slice(-context);
  return head.length + tail.length >= lines.length ? lines : [...head, '...', ...tail];
}

function formatted(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
