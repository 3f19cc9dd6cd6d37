import { AwsError } from '../protocol/error.ts';
import { type Form, requiredTextOf, structuresOf, textsOf } from '../protocol/form.ts';
import type { View } from '../ledger.ts';
import type { Table } from '../table.ts';
import type { Tags } from './records.ts';

/** Values of a row that a filter is compared with. */
export type FilterFields<T> = Readonly<Record<string, (row: T) => readonly string[]>>;

/** AWS's limits: 50 filters in a call, and 200 values in a call, however many filters have them. */
const maxFilters = 50;
const maxValues = 200;

/**
 * The rows that match all filters of a request; a filter matches when any of its values does.
 * Values may contain `*` and `?`. Throws for filter names that the action does not know.
 */
export function filtered<T extends { readonly tags?: Tags }>(
  rows: readonly T[],
  form: Form,
  fields: FilterFields<T>,
): T[] {
  const filters = filtersIn(form);
  checkLimits(filters.length, filters.flatMap(({ values }) => values).length);
  const tests = filters.map(({ name, values }) => matcher(name, values, fields));
  return rows.filter((row) => tests.every((test) => test(row)));
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

function filtersIn(form: Form): readonly Filter[] {
  return structuresOf(form, 'Filter').map((filter) => ({
    name: requiredTextOf(filter, 'Name'),
    values: textsOf(filter, 'Value'),
  }));
}

/**
 * The ids that a request asks for by a filter, a few of thousands in most calls; undefined: it does
 * not, or not by whole ids. Other filters, and AWS's limits, are still to be held against the rows.
 */
export function idsFiltered(form: Form, name: string): readonly string[] | undefined {
  const filter = filtersIn(form).find((one) => one.name === name);
  return filter?.values.some(isPattern) === false ? filter.values : undefined;
}

/** All rows that a request can mean: those of the ids in its filter, or all of the table. */
export function candidates<T>(
  table: Table<T>,
  form: Form,
  idFilter: string,
  view: View,
): readonly T[] {
  const ids = idsFiltered(form, idFilter);
  return ids === undefined ? table.list(view) : table.pick(ids, view);
}

function checkLimits(filters: number, values: number): void {
  if (filters <= maxFilters && values <= maxValues) return;
  const [what, limit] =
    filters > maxFilters ? ['filters', maxFilters] : ['filter values', maxValues];
  throw new AwsError(
    'FilterLimitExceeded',
    `The maximum number of ${what} specified on a single call is ${limit}`,
  );
}

function matcher<T extends { readonly tags?: Tags }>(
  name: string,
  values: readonly string[],
  fields: FilterFields<T>,
): (row: T) => boolean {
  const field = Object.hasOwn(fields, name) ? fields[name] : tagField(name);
  if (field === undefined) {
    throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  }
  if (values.length === 0) {
    throw new AwsError('InvalidParameterValue', `The filter '${name}' has no value`);
  }
  const exact = new Set(values.filter((value) => !isPattern(value)));
  const patterns = values.filter(isPattern).map(patternOf);
  const matches = (value: string): boolean =>
    exact.has(value) || patterns.some((pattern) => pattern.test(value));
  return (row) => field(row).some(matches);
}

function isPattern(value: string): boolean {
  return /[*?\\]/.test(value);
}

function tagField(name: string): ((row: { readonly tags?: Tags }) => string[]) | undefined {
  if (name === 'tag-key') return (row) => Object.keys(row.tags ?? {});
  if (name === 'tag-value') return (row) => Object.values(row.tags ?? {});
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice('tag:'.length);
  return (row) => {
    // A tag may be called like something that every object has.
    if (row.tags === undefined || !Object.hasOwn(row.tags, key)) return [];
    return [row.tags[key] ?? ''];
  };
}

/** `*` is any text and `?` any character, unless a backslash stands before them. */
function patternOf(value: string): RegExp {
  const parts = value.match(/\\.|./gsu) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    const literal = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
    return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'su');
}
