import { AwsError } from '../protocol/error.ts';
import { type Form, requiredTextOf, structuresOf, textOf, textsOf } from '../protocol/form.ts';
import { membersOf, type XmlElement } from '../protocol/xml.ts';
import type { Tags } from '../ec2/records.ts';
import { limitExceeded } from './errors.ts';

const maxTags = 50;

/** The `Tags.member.N` of a request. */
export function tagsIn(form: Form): Tags {
  const tags: Record<string, string> = {};
  for (const tag of structuresOf(form, 'Tags')) {
    const key = requiredTextOf(tag, 'Key');
    const value = textOf(tag, 'Value') ?? '';
    if (key.toLowerCase().startsWith('aws:')) {
      throw new AwsError('InvalidInput', `Tag keys with the prefix aws: are reserved: ${key}`);
    }
    if (Object.keys(tags).some((other) => other.toLowerCase() === key.toLowerCase())) {
      throw new AwsError('InvalidInput', 'Duplicate tag keys found. Keys do not differ by case.');
    }
    tags[key] = value;
  }
  return checkedCount(tags);
}

export function checkedCount(tags: Tags): Tags {
  if (Object.keys(tags).length <= maxTags) return tags;
  throw limitExceeded(`The number of tags has reached the maximum limit of ${maxTags}.`);
}

/** The tags without those whose keys a request names. */
export function untagged(tags: Tags, form: Form): Tags {
  const keys = textsOf(form, 'TagKeys');
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

export function tagsXml(tags: Tags): XmlElement {
  return membersOf(Object.entries(tags).map(([Key, Value]) => ({ Key, Value })));
}
