/**
 * Durations as people write them, in the spec and in flags: hours, minutes, seconds and
 * milliseconds in this order, each at most once, such as `90s`, `1h30m`, `0.5s` or `300ms`. The
 * schema of the kind admits whole hours, minutes and seconds only.
 */

const amount = String.raw`(\d+(?:\.\d+)?)`;
const grammar = new RegExp(`^(?:${amount}h)?(?:${amount}m)?(?:${amount}s)?(?:${amount}ms)?$`);
/** Milliseconds of each unit, in the order of the grammar. */
const units = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/**
 * Milliseconds of a duration.
 *
 * @throws RangeError for a text that is none
 */
export function durationMs(text: string): number {
  const match = text === '' ? null : grammar.exec(text);
  if (match === null) throw new RangeError(`not a duration: ${JSON.stringify(text)}`);
  const parts = units.map(([, unitMs], index) => Number(match[index + 1] ?? 0) * unitMs);
  return parts.reduce((sum, part) => sum + part);
}

/** The shortest text for a duration of whole milliseconds: `1h30m` for 5400000. */
export function durationText(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, unitMs] of units) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) text += `${count}${unit}`;
  }
  return text || '0s';
}
