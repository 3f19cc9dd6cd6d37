import { AwsError } from '../protocol/error.ts';
import { type Form, requiredTextOf, structuresOf, textsOf } from '../protocol/form.ts';
import type { Tags } from './records.ts';

/** Values of a row that a filter is compared with. */
export type FilterFields<T> = Readonly<Record<string, (row: T) => readonly string[]>>;

/** AWS's limits: 50 filters in a call and 200 values in a filter. */
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
  const filters = structuresOf(form, 'Filter').map((filter) => ({
    name: requiredTextOf(filter, 'Name'),
    values: textsOf(filter, 'Value'),
  }));
  if (filters.length > maxFilters || filters.some(({ values }) => values.length > maxValues)) {
    throw new AwsError(
      'FilterLimitExceeded',
      `A call can have ${maxFilters} filters with ${maxValues} values each.`,
    );
  }
  const tests = filters.map(({ name, values }) => matcher(name, values, fields));
  return rows.filter((row) => tests.every((test) => test(row)));
}

function matcher<T extends { readonly tags?: Tags }>(
  name: string,
  values: readonly string[],
  fields: FilterFields<T>,
): (row: T) => boolean {
  const field = fields[name] ?? tagField(name);
  if (field === undefined) {
    throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  }
  if (values.length === 0) {
    throw new AwsError('InvalidParameterValue', `The filter '${name}' has no value`);
  }
  const exact = new Set(values);
  const patterns = values.filter((value) => /[*?]/.test(value)).map(patternOf);
  return (row) =>
    field(row).some((value) => exact.has(value) || patterns.some((p) => p.test(value)));
}

function tagField(name: string): ((row: { readonly tags?: Tags }) => string[]) | undefined {
  if (name === 'tag-key') return (row) => Object.keys(row.tags ?? {});
  if (name === 'tag-value') return (row) => Object.values(row.tags ?? {});
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice('tag:'.length);
  return (row) => {
    const value = row.tags?.[key];
    return value === undefined ? [] : [value];
  };
}

function patternOf(value: string): RegExp {
  const escaped = value.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
