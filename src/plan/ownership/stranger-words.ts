import type { Tags } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import { foreignOwnerOf, ownershipOf, ownershipPrefix } from './ownership.ts';

/** Tags in one message: enough to find the owner, and few enough to read. */
const mostTags = 5;
const longestTagText = 60;

/** Keys by which people say whose a resource is. */
const tellingKey = /^(name|(.*[:/_-])?(owner|team|contact|e-?mail|cost-?cent(er|re)|project)s?)$/i;

/**
 * The owner of a resource that is in the way, to follow its id: owner and tags as AWS shows them,
 * so that there is somebody to ask.
 */
export function strangerWords(tags: Tags, owner: OwnerIdentity): string {
  const other = foreignOwnerOf(tags, owner);
  const whose = other === undefined ? 'has no owner tags' : `belongs to ${other}`;
  return `which ${whose}${tagWords(tags)}`;
}

/** Whom to ask about it, as the first thing to do. */
export function askFirst(tags: Tags, owner: OwnerIdentity): string {
  const isKnown = foreignOwnerOf(tags, owner) !== undefined;
  const ask = `Ask ${isKnown ? 'its owner' : 'whoever made it'} first: others may rely on it.`;
  return [...ourselvesElsewhere(tags, owner), ask].join(' ');
}

/**
 * A link of our name in another cluster may be this very one: an operator runs it and a file was
 * planned, or the cluster was rebuilt and its id is another one now.
 */
function ourselvesElsewhere(tags: Tags, owner: OwnerIdentity): readonly string[] {
  const ownership = ownershipOf(tags, owner);
  if (ownership.kind !== 'other-cluster' || ownership.name !== owner.name) return [];
  return [
    `It has this link's name: if it is this very link, run by an operator or of a cluster that was rebuilt, give --cluster-id ${shortened(ownership.clusterId)} instead of ${owner.clusterId}, or look at what its operator will do with plan --context.`,
  ];
}

function tagWords(tags: Tags): string {
  const entries = Object.entries(tags)
    .filter(([key]) => !key.toLowerCase().startsWith(ownershipPrefix))
    .map(([key, value]) => ({ isTelling: tellingKey.test(key), text: `${key}=${value}` }))
    .toSorted((a, b) => Number(b.isTelling) - Number(a.isTelling) || (a.text < b.text ? -1 : 1));
  if (entries.length === 0) return '';
  const shown = entries.slice(0, mostTags).map(({ text }) => shortened(text));
  const rest = entries.length - shown.length;
  return ` (tags ${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more`})`;
}

/** On one line, without what a terminal would act on. */
function shortened(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return plain.length <= longestTagText ? plain : `${plain.slice(0, longestTagText)}...`;
}
