const around = 120;

/** Where two long texts differ first, with what stands around it. */
export function firstDifference(actual: string, expected: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at += 1;
  const from = Math.max(0, at - around);
  const part = (text: string): string => text.slice(from, at + around);
  return `${part(actual)} instead of ${part(expected)}`;
}
