/** The table of the actions on tags of EC2's resources: all that the machinery knows of them. */
import type { ActionTable, Before, KnownResources } from '../../actions/action-table.ts';
import type { TagAction, TagResults } from '../actions.ts';
import { isForPart } from '../shared-tags.ts';
import { tagsChanged, withoutTags, withTags } from './tag-changes.ts';
import { removalLines, setLines, tagsBefore } from './tag-lines.ts';

export const tagActions: ActionTable<TagAction, TagResults> = {
  CreateTags: {
    subject: ({ subject }) => subject,
    alsoFor: ({ alsoFor = [] }) => alsoFor,
    hasPart: isForPart,
    eventReason: 'TagsWritten',
    resourceIds: ({ resourceIds }) => resourceIds,
    changes: ({ resourceIds, tags }) =>
      resourceIds.map((id) => tagsChanged(id, (former) => withTags(former, tags))),
    before: ({ resourceIds, tags }, known) => before(resourceIds, Object.keys(tags), known),
    text: ({ resourceIds, tags }, former) => ({
      sign: '~',
      title: `tags of ${resourceIds.join(', ')}`,
      details: setLines(tags, former),
    }),
  },
  DeleteTags: {
    subject: ({ subject }) => subject,
    alsoFor: ({ alsoFor = [] }) => alsoFor,
    hasPart: isForPart,
    eventReason: 'TagsRemoved',
    resourceIds: ({ resourceIds }) => resourceIds,
    changes: ({ resourceIds, keys }) =>
      resourceIds.map((id) => tagsChanged(id, (former) => withoutTags(former, keys))),
    releases: true,
    before: ({ resourceIds, keys }, known) => before(resourceIds, keys, known),
    text: ({ resourceIds, keys }) => ({
      sign: '~',
      title: `tags of ${resourceIds.join(', ')}`,
      details: removalLines(keys),
    }),
  },
};

function before(
  ids: readonly string[],
  keys: readonly string[],
  known: KnownResources,
): Before | undefined {
  return tagsBefore(
    ids.map((id) => known.endpoint(id) ?? known.securityGroup(id)),
    keys,
  );
}
