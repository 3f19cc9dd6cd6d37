/** One thing that is wrong with a link, in the API server's own words. */
export interface Violation {
  /** Where, such as `spec.endpoints[1].service`. */
  readonly path: string;
  /** The server's whole line, with the path: `spec.vpc: Invalid value: "object": exactly ...`. */
  readonly message: string;
  /**
   * True for mistakes after which the API server does not evaluate CEL rules, because they could
   * meet values of other types than they are written for.
   */
  readonly blocksRules: boolean;
  /** Set for a field that the kind does not have: its name, and those that it has there. */
  readonly unknown?: { readonly field: string; readonly known: readonly string[] };
}

/** How the API server names the whole object, which has no path. */
export const wholeObject = '<nil>';

export function required(path: string, detail?: string): Violation {
  const why = detail === undefined ? '' : `: ${detail}`;
  return { path, message: `${path}: Required value${why}`, blocksRules: true };
}

/** The server names all unknown fields in one line; here each has its own. */
export function unknownField({ path, field, known }: UnknownField): Violation {
  const message = `unknown field "${path}"`;
  return { path, message, blocksRules: true, unknown: { field, known } };
}

/** A field that the kind does not have. */
export interface UnknownField {
  readonly path: string;
  readonly field: string;
  /** The fields that there are in its place. */
  readonly known: readonly string[];
}

export function forbidden(path: string, detail: string): Violation {
  return { path, message: `${path}: Forbidden: ${detail}`, blocksRules: false };
}

export function invalid(path: string, value: unknown, detail: string): Violation {
  const message = `${path}: Invalid value: ${describeValue(value)}: ${detail}`;
  return { path, message, blocksRules: false };
}

export function wrongType(path: string, wanted: string, actual: string): Violation {
  const detail = `${path} in body must be of type ${wanted}: "${actual}"`;
  return { ...invalid(path, actual, detail), blocksRules: true };
}

export function unsupported(path: string, value: unknown, allowed: readonly unknown[]): Violation {
  const choice = allowed.map((each) => JSON.stringify(each)).join(', ');
  const message = `${path}: Unsupported value: ${describeValue(value)}: supported values: ${choice}`;
  return { path, message, blocksRules: true };
}

export function tooLong(path: string, maxLength: number): Violation {
  const unit = maxLength === 1 ? 'byte' : 'bytes';
  const message = `${path}: Too long: may not be more than ${maxLength} ${unit}`;
  return { path, message, blocksRules: true };
}

export function tooMany(path: string, count: number, max: number): Violation {
  const unit = max === 1 ? 'item' : 'items';
  const message = `${path}: Too many: ${count}: must have at most ${max} ${unit}`;
  return { path, message, blocksRules: true };
}

export function duplicate(path: string, value: unknown): Violation {
  return { path, message: `${path}: Duplicate value: ${describeValue(value)}`, blocksRules: false };
}

/** Kubernetes prints objects and lists as Go's JSON: keys sorted, and <, > and & escaped. */
function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return JSON.stringify(value, sortKeys).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
