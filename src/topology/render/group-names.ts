import type { GroupPart } from '../topology.ts';

/** The ids of a link's security groups, or in words why there is none to name. */
export function groupNames({ ids, tone }: GroupPart): readonly string[] {
  if (ids.length > 0) return ids;
  // A group that nobody has looked for may be there.
  return [tone === 'unknown' ? 'not looked at' : 'not made yet'];
}
