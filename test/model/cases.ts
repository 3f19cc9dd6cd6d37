/**
 * How many cases a property runs: its own number, times the environment variable `CASES_FACTOR`
 * for longer runs by hand or at night.
 */
export function cases(usual: number): number {
  return Math.ceil(usual * Number(process.env['CASES_FACTOR'] ?? '1'));
}
