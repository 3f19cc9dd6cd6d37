/** Changes of tags in plans for people. */
import type { Before } from '../../actions/action-table.ts';
import type { Tags } from '../../facts.ts';

/** A line for each tag that is set, with its former value. */
export function setLines(tags: Tags, before: Before): readonly string[] {
  const former = (before['tags'] ?? {}) as Tags;
  return Object.entries(tags).map(([key, value]) => {
    const was = former[key];
    return was === undefined ? `${key} = ${value}` : `${key} = ${value} (was ${was})`;
  });
}

export function removalLines(keys: readonly string[]): readonly string[] {
  return keys.map((key) => `without ${key}`);
}

/** Former values of these keys: of the first resource that has any of them. */
export function tagsBefore(
  resources: readonly ({ readonly tags: Tags } | undefined)[],
  keys: readonly string[],
): Before | undefined {
  for (const resource of resources) {
    const tags = Object.entries(resource?.tags ?? {}).filter(([key]) => keys.includes(key));
    if (tags.length > 0) return { tags: Object.fromEntries(tags) };
  }
  return undefined;
}
