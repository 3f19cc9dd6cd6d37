/**
 * A status that the API server takes, whatever was seen: each field within the bounds that the CRD
 * sets for it. These bounds stand in crds/ and nowhere else.
 */
import { schema } from './generated/sagemaker-private-link-schema.ts';
import { cutText, printable } from './printable.ts';
import type { SageMakerPrivateLinkStatus, TruncatedList } from './sagemaker-private-link.ts';
import type { StructuralSchema } from './validation/structural-schema.ts';

/** How many entries were left out of each list that has more than fit, by its path. */
type Cuts = Map<string, number>;

const statusSchema: StructuralSchema = schema.properties?.['status'] ?? {};

/**
 * Values that identify something at AWS or answer a request are shown as they were given, or it could
 * not be found again by them.
 */
const verbatim: ReadonlySet<string> = new Set(['appliedTagKeys', 'appliedPrincipals']);

/**
 * The status within the schema's bounds: texts without characters that a terminal obeys, what is too
 * long cut with a count of what was left out; lists that were cut are named in `truncated`, beside
 * those that were cut before. A status that is within the bounds stays as it is.
 */
export function withinBounds(status: SageMakerPrivateLinkStatus): SageMakerPrivateLinkStatus {
  const { truncated: before = [], ...fields } = status;
  const cuts: Cuts = new Map(before.map(({ field, leftOut }) => [field, leftOut]));
  const shown = boundedObject(statusSchema, fields, '', cuts);
  const truncated = [...cuts]
    .map(([field, leftOut]): TruncatedList => ({ field, leftOut }))
    .slice(0, mostItems('truncated'));
  return {
    ...shown,
    ...(truncated.length === 0 ? {} : { truncated }),
  } as SageMakerPrivateLinkStatus;
}

/** How many entries a list of the status can have. */
export function mostItems(field: keyof SageMakerPrivateLinkStatus): number {
  return statusSchema.properties?.[field]?.maxItems ?? Number.POSITIVE_INFINITY;
}

function bounded(of: StructuralSchema, value: unknown, path: string, cuts: Cuts): unknown {
  if (typeof value === 'string') return boundedText(of, value, path);
  if (Array.isArray(value)) return boundedList(of, value, path, cuts);
  if (typeof value !== 'object' || value === null) return value;
  return boundedObject(of, value, path, cuts);
}

function boundedObject(
  of: StructuralSchema,
  value: object,
  path: string,
  cuts: Cuts,
): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, field]) => {
    const known = of.properties?.[key] ?? of.additionalProperties ?? {};
    return [key, bounded(known, field, path === '' ? key : `${path}.${key}`, cuts)] as const;
  });
  return Object.fromEntries(entries);
}

function boundedText({ maxLength, enum: choices }: StructuralSchema, text: string, path: string) {
  if (choices !== undefined) return text;
  const shown = verbatim.has(path) ? text : printable(text);
  return maxLength === undefined ? shown : cutText(shown, maxLength);
}

function boundedList(
  of: StructuralSchema,
  list: readonly unknown[],
  path: string,
  cuts: Cuts,
): readonly unknown[] {
  const items = list.map((item) => bounded(of.items ?? {}, item, path, cuts));
  const distinct = withoutTwins(of, items);
  const { maxItems = Number.POSITIVE_INFINITY } = of;
  const leftOut = distinct.length - maxItems;
  if (leftOut > 0) cuts.set(path, (cuts.get(path) ?? 0) + leftOut);
  return distinct.slice(0, maxItems);
}

/** Of the entries with one key the first: the API server takes no two. */
function withoutTwins(of: StructuralSchema, items: readonly unknown[]): readonly unknown[] {
  const type = of['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return items;
  const keys = of['x-kubernetes-list-map-keys'];
  const keyOf = (item: unknown): string =>
    JSON.stringify(
      keys === undefined ? item : keys.map((key) => (item as Record<string, unknown>)[key]),
    );
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
