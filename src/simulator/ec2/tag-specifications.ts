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
  // Not Object.assign: a tag may be called `__proto__`.
  const merged = Object.fromEntries(tags.flatMap((some) => Object.entries(some)));
  checkCount(merged);
  return merged;
}

/** The tags of a `Tag.N.Key`, `Tag.N.Value` list. */
export function readTags(form: Form): Tags {
  const tags = new Map<string, string>();
  for (const tag of structuresOf(form, 'Tag')) {
    const key = requiredTextOf(tag, 'Key');
    const value = textOf(tag, 'Value') ?? '';
    if (tags.has(key)) throw invalidValue('Tag', key, 'The key is specified twice.');
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidValue('key', key, "Tag keys starting with 'aws:' are reserved.");
    }
    for (const text of [key, value]) checkCharacters(text);
    if (key.length > 128) throw invalidValue('key', key, 'Tag keys have at most 128 characters.');
    if (value.length > 256) throw invalidValue('value', value, 'At most 256 characters.');
    tags.set(key, value);
  }
  return Object.fromEntries(tags);
}

/** AWS's answers are XML 1.0, which has no way to write most control characters. */
function checkCharacters(text: string): void {
  // eslint-disable-next-line no-control-regex
  if (!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) return;
  throw invalidValue('tag', JSON.stringify(text), 'Tags may not have control characters.');
}

/** A resource has at most 50 tags. */
export function checkCount(tags: Tags): void {
  if (Object.keys(tags).length <= maxTags) return;
  throw new AwsError('TagLimitExceeded', `A resource has at most ${maxTags} tags.`);
}

export function tagSetOf(tags: Tags): XmlElement {
  return itemsOf(Object.entries(tags).map(([key, value]) => ({ key, value })));
}
