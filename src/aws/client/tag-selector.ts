import type { Filter } from '@aws-sdk/client-ec2';
import type { Tags } from '../../plan/facts.ts';

/** Filters that AWS joins with AND. Its values may hold wildcards, so `hasTags` has the last word. */
export function tagFilters(tags: Tags): Filter[] {
  return Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
}

/** True if all wanted tags are there with exactly their values. */
export function hasTags(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => tags[key] === value);
}

/** The same text for the same tags, whatever their order. */
export function tagsToKey(tags: Tags): string {
  return JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The tags that `tagsToKey` made the text of. */
export function tagsFromKey(key: string): Tags {
  return Object.fromEntries(JSON.parse(key) as readonly (readonly [string, string])[]);
}
