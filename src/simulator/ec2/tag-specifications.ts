import { AwsError } from '../protocol/error.ts';
import { type Form, invalidValue, requiredTextOf, structuresOf, textOf } from '../protocol/form.ts';
import { type XmlElement, itemsOf } from '../protocol/xml.ts';
import type { Tags } from './records.ts';

const maxTags = 50;

/** The tags that a creating call gives to the resource it makes. */
export function tagsOnCreate(form: Form, resourceType: string): Tags {
  const tags = structuresOf(form, 'TagSpecification').map((specification) => {
    const type = requiredTextOf(specification, 'ResourceType');
    if (type !== resourceType) {
      throw invalidValue('ResourceType', type, 'It is no taggable resource of this operation.');
    }
    return readTags(specification);
  });
  const merged = Object.assign({}, ...tags) as Tags;
  checkCount(merged);
  return merged;
}

/** The tags of a `Tag.N.Key`, `Tag.N.Value` list. */
export function readTags(form: Form): Tags {
  const tags: Record<string, string> = {};
  for (const tag of structuresOf(form, 'Tag')) {
    const key = requiredTextOf(tag, 'Key');
    const value = textOf(tag, 'Value') ?? '';
    if (Object.hasOwn(tags, key)) throw invalidValue('Tag', key, 'The key is specified twice.');
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidValue('key', key, "Tag keys starting with 'aws:' are reserved.");
    }
    if (key.length > 128) throw invalidValue('key', key, 'Tag keys have at most 128 characters.');
    if (value.length > 256) throw invalidValue('value', value, 'At most 256 characters.');
    tags[key] = value;
  }
  return tags;
}

/** A resource has at most 50 tags. */
export function checkCount(tags: Tags): void {
  if (Object.keys(tags).length <= maxTags) return;
  throw new AwsError('TagLimitExceeded', `A resource has at most ${maxTags} tags.`);
}

export function tagSetOf(tags: Tags): XmlElement {
  return itemsOf(Object.entries(tags).map(([key, value]) => ({ key, value })));
}
