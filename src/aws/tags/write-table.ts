import type { TagAction, TagResults } from '../../plan/tags/actions.ts';
import { sentBy, type WriteTable } from '../write-table.ts';
import { createTags, deleteTags } from './write-tags.ts';

/** How the actions on tags are sent. */
export const tagWrites: WriteTable<TagAction, TagResults> = {
  CreateTags: sentBy(createTags),
  DeleteTags: sentBy(deleteTags),
};
