import { appendFileSync } from 'node:fs';

/** What the tests count while they run, for docs/reliability.md: scripts/test.mjs adds it up. */
export type Figure =
  | 'scenarios'
  | 'crash points'
  | 'runs with faults'
  | 'faults survived'
  | 'random runs'
  | 'mutants caught'
  | 'invalid specs refused by the API server'
  | 'replicas killed'
  | 'replicas frozen'
  | 'replicas cut off from the API server'
  | 'replicas asked to end';

/** Counts something that a test has just shown; nothing where nobody adds up. */
export function count(figure: Figure, by = 1): void {
  const file = process.env['SMPL_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify([figure, by])}\n`);
}
