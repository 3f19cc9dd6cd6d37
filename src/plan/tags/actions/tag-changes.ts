/** Changes of tags, at EC2 and at IAM. */
import { isDeepStrictEqual } from 'node:util';
import type { ChangeOf } from '../../actions/changes.ts';
import type { Tags } from '../../facts.ts';

/** Tags of a resource of EC2. A read that lacks the resource may lack it for its new tags. */
export function tagsChanged(id: string, change: (former: Tags) => Tags): ChangeOf<'Tags'> {
  return {
    of: 'Tags',
    id,
    after: (former) => former && change(former),
    isShownBy: (read) => read !== undefined && isDeepStrictEqual(change(read), read),
  };
}

export function withTags(former: Tags, set: Tags): Tags {
  return { ...former, ...set };
}

export function withoutTags(former: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(former).filter(([key]) => !keys.includes(key)));
}
