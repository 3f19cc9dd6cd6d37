/** Whether a text fits a pattern with `*` and `?`. */
export function matchesText(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const source = escaped.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** The same part by part: a wildcard does not reach over the colons of an ARN. The last part may have colons. */
export function matchesArn(pattern: string, arn: string): boolean {
  const parts = partsOf(arn);
  const patterns = partsOf(pattern);
  if (patterns.length !== parts.length) return false;
  return patterns.every((one, index) => matchesText(one, parts[index] ?? ''));
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}
