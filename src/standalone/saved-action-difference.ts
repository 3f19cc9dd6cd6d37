/** Whether an action of now is one of a saved plan, which may have words for ids of that time's future. Pure. */
import { isObject } from '../api/validation/json-value.ts';
import { knownAfterApply } from './known-after-apply.ts';

/** The ids that AWS gave since, by the words that a plan has in their place. */
export type KnownIds = ReadonlyMap<string, string>;

/** A path such as `tags.team` with both values, or the ids that are known when nothing differs. */
export type Comparison = { readonly difference: string } | { readonly known: KnownIds };

/**
 * Words for people tell of the way to an action, not of its request; a client token is a digest of
 * the request's other fields, with the ids that were imagined.
 */
const derived = new Set(['reason', 'interruption', 'clientToken']);

/**
 * Compares an action of a saved plan with one of now.
 *
 * @param known the ids that earlier comparisons found: the same words stand for the same id
 */
export function compareActions(saved: object, now: object, known: KnownIds): Comparison {
  const [then, today] = [Object.entries(saved), Object.entries(now)].map((entries) =>
    Object.fromEntries(entries.filter(([key]) => !derived.has(key))),
  );
  // A resource that the plan itself makes had nothing before it was made.
  if (then?.['before'] === undefined) delete today?.['before'];
  return compare(then, today, { path: '', known });
}

interface Place {
  readonly path: string;
  readonly known: KnownIds;
}

function compare(saved: unknown, now: unknown, place: Place): Comparison {
  if (typeof saved === 'string' && typeof now === 'string') return compareTexts(saved, now, place);
  if (Array.isArray(saved) && Array.isArray(now)) return compareLists(saved, now, place);
  if (isObject(saved) && isObject(now)) return compareFields(saved, now, place);
  return Object.is(saved, now) ? place : differing(saved, now, place);
}

function compareTexts(saved: string, now: string, place: Place): Comparison {
  const { path, known } = place;
  if (saved === now) return { known };
  // A rule that AWS adds to a new group has no id in a plan: its content says which one it is.
  if (saved === '' && /\brules\.\d+\.id$/.test(path)) return { known };
  if (!saved.startsWith(knownAfterApply) || now.startsWith(knownAfterApply)) {
    return differing(saved, now, place);
  }
  if (saved === knownAfterApply) return { known };
  const id = known.get(saved);
  if (id !== undefined && id !== now) return differing(id, now, place);
  return { known: new Map([...known, [saved, now]]) };
}

function compareFields(
  saved: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  { path, known }: Place,
): Comparison {
  const keys = [...new Set([...Object.keys(saved), ...Object.keys(now)])];
  return compareAll(
    keys.map((key) => [key, saved[key], now[key]]),
    { path, known },
  );
}

function compareLists(
  saved: readonly unknown[],
  now: readonly unknown[],
  place: Place,
): Comparison {
  if (saved.length !== now.length) return differing(saved, now, place);
  if (saved.some(isUnknown)) return compareIds(saved, now, place);
  return compareAll(
    saved.map((one, at) => [String(at), one, now[at]]),
    place,
  );
}

/** Lists of ids are sorted, and words stand at another place than the ids that they stand for. */
function compareIds(saved: readonly unknown[], now: readonly unknown[], place: Place): Comparison {
  const { known } = place;
  const then = saved.map((one) => (typeof one === 'string' ? (known.get(one) ?? one) : one));
  const unknown = then.filter((one) => !now.includes(one));
  const added = now.filter((one) => !then.includes(one));
  if (!unknown.every(isUnknown) || unknown.length !== added.length) {
    return differing(saved, now, place);
  }
  // With several it is not known which is which.
  return unknown.length === 1 ? compare(unknown[0], added[0], place) : { known };
}

function isUnknown(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(knownAfterApply);
}

function compareAll(
  pairs: readonly (readonly [string, unknown, unknown])[],
  { path, known }: Place,
): Comparison {
  let ids = known;
  for (const [key, saved, now] of pairs) {
    const inside = path === '' ? key : `${path}.${key}`;
    const result = compare(saved, now, { path: inside, known: ids });
    if ('difference' in result) return result;
    ids = result.known;
  }
  return { known: ids };
}

function differing(saved: unknown, now: unknown, { path }: Place): Comparison {
  return { difference: `${path} is ${shown(now)} now and ${shown(saved)} in the plan` };
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
