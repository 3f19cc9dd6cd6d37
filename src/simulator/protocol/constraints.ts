import type { Form } from './form.ts';
import type { ListModel, ParameterModel, StructureModel, ValueModel } from './service-model.ts';

/** The constraints of the model that a request breaks, in the words of AWS's framework. */
export interface Violation {
  /** As AWS spells it: `tags.1.member.key`. */
  readonly path: string;
  /** Undefined: the parameter is missing. */
  readonly value: string | undefined;
  readonly constraint: string;
  /** The pattern that does not match, if that is what is wrong. */
  readonly pattern?: string;
}

/** Everything in a request that breaks a constraint of the model, in the model's order. */
export function violationsIn(form: Form, model: ParameterModel): readonly Violation[] {
  return inside(form, model, '');
}

function inside(form: string | Form, model: ParameterModel, path: string): readonly Violation[] {
  if (typeof model === 'string') return [];
  if ('type' in model) return typeof form === 'string' ? inValue(form, model, path) : [];
  if (typeof form === 'string') return [];
  return 'list' in model ? inList(form, model, path) : inStructure(form, model, path);
}

function inStructure(
  form: Form,
  { members, required = [] }: StructureModel,
  path: string,
): readonly Violation[] {
  return Object.entries(members).flatMap(([name, model]) => {
    const there = `${path === '' ? '' : `${path}.`}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const value = form[name];
    if (value !== undefined) return inside(value, model, there);
    if (!required.includes(name)) return [];
    return [{ path: there, value: undefined, constraint: 'Member must not be null' }];
  });
}

function inList(form: Form, { list, wrapper, ...bounds }: ListModel, path: string) {
  const inner = wrapper === undefined ? form : form[wrapper];
  const elements = typeof inner === 'object' ? Object.entries(inner) : [];
  const texts = elements.flatMap(([, element]) => (typeof element === 'string' ? element : []));
  const violations = elements.flatMap(([number, element]) =>
    inside(element, list, `${path}.${number}${wrapper === undefined ? '' : `.${wrapper}`}`),
  );
  // A list of texts is shown as a whole, with what is wrong with any of its elements.
  const ofTexts = violations.slice(0, 1).map(({ constraint, pattern }) => ({
    path,
    value: `[${texts.join(', ')}]`,
    constraint: `Member must satisfy constraint: [${constraint}]`,
    ...(pattern === undefined ? {} : { pattern }),
  }));
  return [
    ...lengthViolations(elements.length, bounds).map((constraint) => ({
      path,
      value: `[${texts.join(', ')}]`,
      constraint,
    })),
    ...(texts.length > 0 ? ofTexts : violations),
  ];
}

function inValue(text: string, model: ValueModel, path: string): readonly Violation[] {
  const isNumber = model.type !== 'string';
  const bounds = isNumber
    ? boundViolations(Number(text), model, 'value')
    : lengthViolations(text.length, model);
  const violations: readonly Omit<Violation, 'path' | 'value'>[] = [
    ...bounds.map((constraint) => ({ constraint })),
    ...enumViolations(text, model),
    ...patternViolations(text, model),
  ];
  return violations.map((violation) => ({ path, value: text, ...violation }));
}

function enumViolations(text: string, { enum: values }: ValueModel) {
  if (values === undefined || values.includes(text)) return [];
  return [{ constraint: `Member must satisfy enum value set: [${values.join(', ')}]` }];
}

/** An empty text is too short, and nothing else. */
function patternViolations(text: string, { pattern, min = 0 }: ValueModel) {
  if (pattern === undefined || text.length < min || expressionOf(pattern).test(text)) return [];
  return [{ constraint: `Member must satisfy regular expression pattern: ${pattern}`, pattern }];
}

const expressions = new Map<string, RegExp>();

/** Java writes characters above U+FFFF without braces, and has names of its own. */
function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .replace(/\\u(10[0-9A-F]{4}|10000)/g, '\\u{$1}')
    .replaceAll('\\p{Print}', '\\x20-\\x7E')
    .replace(/\\[Az]/g, '');
  const expression = new RegExp(`^(?:${source})$`, 'u');
  expressions.set(pattern, expression);
  return expression;
}

function lengthViolations(length: number, bounds: Pick<ValueModel, 'min' | 'max'>): string[] {
  return boundViolations(length, bounds, 'length');
}

function boundViolations(
  number: number,
  { min = -Infinity, max = Infinity }: Pick<ValueModel, 'min' | 'max'>,
  of: 'value' | 'length',
): string[] {
  if (number < min) return [`Member must have ${of} greater than or equal to ${min}`];
  return number > max ? [`Member must have ${of} less than or equal to ${max}`] : [];
}
