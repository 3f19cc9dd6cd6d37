/** Which actions of SageMaker the Action or NotAction of somebody else's statement is about. */

/** Services whose calls go through a link's endpoints, by their prefixes in IAM. */
const sageMakerPrefixes: readonly string[] = [
  'sagemaker',
  'sagemaker-mlflow',
  'sagemaker-geospatial',
  'sagemaker-data-science-assistant',
];

/** True if some action of SageMaker matches the pattern (`*`, `sagemaker:Create*`, ...). */
export function matchesSageMaker(pattern: string): boolean {
  if (pattern === '*') return true;
  const [service = ''] = pattern.split(':');
  return sageMakerPrefixes.some((prefix) => globMatches(service, prefix));
}

/** True if every action of SageMaker matches one of the patterns. */
export function matchAllOfSageMaker(patterns: readonly string[]): boolean {
  return sageMakerPrefixes.every((prefix) =>
    patterns.some((pattern) => globMatches(pattern, `${prefix}:*`)),
  );
}

/**
 * True if the text matches the pattern with `*` and `?`, without regard to case. A `*` in the text
 * is matched by a `*` only, so that a pattern can be asked whether it covers another one.
 */
export function globMatches(pattern: string, text: string): boolean {
  const expression = pattern
    .split(/([*?])/)
    .map((part) => (part === '*' ? '.*' : part === '?' ? '[^*]' : escaped(part)))
    .join('');
  return new RegExp(`^${expression}$`, 'is').test(text);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
