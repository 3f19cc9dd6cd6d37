import { AwsError } from './error.ts';

/** Form parameters with dots turned into nesting: `Tag.1.Key=a` is `{Tag: {1: {Key: 'a'}}}`. */
export interface Form {
  readonly [name: string]: string | Form;
}

/** Nests the flat parameters of a Query request. */
export function nestForm(parameters: Iterable<readonly [string, string]>): Form {
  const root: Record<string, unknown> = Object.create(null);
  for (const [name, value] of parameters) {
    const path = name.split('.');
    const leaf = path.pop() ?? name;
    let node = root;
    for (const step of path) {
      const next = node[step];
      node = (typeof next === 'object' ? next : (node[step] = Object.create(null))) as typeof root;
    }
    node[leaf] = value;
  }
  return root as Form;
}

/** One text parameter; undefined when absent. */
export function textOf(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' ? value : undefined;
}

export function requiredTextOf(form: Form, name: string): string {
  const value = textOf(form, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
}

/** A boolean parameter; undefined when absent. */
export function booleanOf(form: Form, name: string): boolean | undefined {
  const value = textOf(form, name)?.toLowerCase();
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalidValue(name, value, 'It must be true or false.');
}

/** An integer parameter; undefined when absent. */
export function integerOf(form: Form, name: string): number | undefined {
  const value = textOf(form, name);
  if (value === undefined) return undefined;
  if (!/^-?\d{1,9}$/.test(value)) throw invalidValue(name, value, 'It must be an integer.');
  return Number(value);
}

export function invalidValue(name: string, value: string, why: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${name} is invalid. ${why}`,
  );
}

/** A nested structure; undefined when absent. */
export function structureOf(form: Form, name: string): Form | undefined {
  const value = form[name];
  return typeof value === 'object' ? value : undefined;
}

/** A list of texts: `Name.1`, `Name.2`, ... or IAM's `Name.member.1`. */
export function textsOf(form: Form, name: string): string[] {
  return elementsOf(form, name).filter((element) => typeof element === 'string');
}

/** A list of structures: `Name.1.X`, or IAM's `Name.member.1.X`. */
export function structuresOf(form: Form, name: string): Form[] {
  return elementsOf(form, name).filter((element) => typeof element === 'object');
}

function elementsOf(form: Form, name: string): (string | Form)[] {
  const list = structureOf(form, name);
  if (list === undefined) return [];
  const numbered = structureOf(list, 'member') ?? list;
  return Object.keys(numbered)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((key) => numbered[key] ?? []);
}
