import { AwsError } from '../protocol/error.ts';
import { type Violation, violationsIn } from '../protocol/constraints.ts';
import type { Form } from '../protocol/form.ts';
import type { ParameterModel } from '../protocol/service-model.ts';

/**
 * Throws ValidationError for a request of IAM or STS that breaks a constraint of AWS's model. STS
 * shows the value, IAM does not; both as people report them from AWS.
 */
export function checkConstraints(
  protocol: 'iam' | 'sts',
  form: Form,
  model: ParameterModel | undefined,
): void {
  const violations = model === undefined ? [] : violationsIn(form, model);
  if (violations.length === 0) return;
  const byFramework = violations.filter(
    (violation) => wordsOfIam(protocol, violation) === undefined,
  );
  const [first] = violations;
  if (byFramework.length > 0 || first === undefined) throw frameworkError(protocol, byFramework);
  throw new AwsError('ValidationError', wordsOfIam(protocol, first) ?? '');
}

function frameworkError(protocol: 'iam' | 'sts', violations: readonly Violation[]): AwsError {
  return new AwsError(
    'ValidationError',
    frameworkWords(violations, { isShown: protocol === 'sts' }),
  );
}

/**
 * The words of AWS's framework for a request that breaks constraints.
 *
 * @param isShown whether the service shows the values
 */
export function frameworkWords(
  violations: readonly Violation[],
  { isShown }: { readonly isShown: boolean },
): string {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  const texts = violations.map(
    ({ path, value, constraint }) =>
      `Value ${isShown ? shownValue(value) : ''}at '${path}' failed to satisfy constraint: ${constraint}`,
  );
  return `${count}: ${texts.join('; ')}`;
}

function shownValue(value: string | undefined): string {
  return value === undefined ? 'null ' : `'${value}' `;
}

/** IAM has words of its own for some patterns, by what the value is. */
function wordsOfIam(protocol: 'iam' | 'sts', { path, pattern }: Violation): string | undefined {
  const rule = protocol === 'iam' && pattern !== undefined ? rulesOfIam.get(pattern) : undefined;
  return rule && `The specified value for ${path} is invalid. It must ${rule}`;
}

const rulesOfIam: ReadonlyMap<string, string> = new Map([
  ['[\\w+=,.@-]+', 'contain only alphanumeric characters and/or the following: +=,.@_-'],
  ['[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+', 'contain only printable ASCII characters.'],
  ...['(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)', '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/'].map(
    (pattern) =>
      [
        pattern,
        'begin and end with / and contain only alphanumeric characters and/or / characters.',
      ] as const,
  ),
]);
