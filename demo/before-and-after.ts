import Table from 'cli-table3';

/** A decision about one way, without and with the link. */
export interface DecisionRow {
  readonly way: string;
  readonly before: string;
  readonly after: string;
}

/** The decisions as lines of a table without a frame. */
export function tableLines(head: string, rows: readonly DecisionRow[]): readonly string[] {
  const none = { top: '', bottom: '', left: '', right: '', mid: '' };
  const edges = Object.fromEntries(
    ['top', 'bottom', 'left', 'right'].flatMap((side) =>
      ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
    ),
  );
  const table = new Table({
    head: [head, 'before', 'now'],
    chars: { ...edges, ...none, 'left-mid': '', 'mid-mid': '', 'right-mid': '', middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const { way, before, after } of rows) table.push([way, before, after]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
