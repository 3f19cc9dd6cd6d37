/** An answer in XML as the texts of one list's items, and all around them. */
export interface ItemTexts {
  readonly before: string;
  /** Each from `<item>` to its end. */
  readonly items: readonly string[];
  readonly after: string;
}

const itemTag = /<(\/?)item([^>]*)>/g;

/**
 * Cuts an answer of EC2 into the items of one list, without reading them: markup can't be in the text of
 * an element, so the tags of items are found as they stand. EC2 writes no attributes, comments or sections
 * of literal text; an answer that has any is for a parser alone.
 *
 * @param text an XML document
 * @param list the element whose children are the items, such as `vpcEndpointSet`
 * @returns undefined if the list is not there once, or the document has anything that EC2 never writes
 */
export function itemTextsIn(text: string, list: string): ItemTexts | undefined {
  const opening = `<${list}>`;
  const start = text.indexOf(opening) + opening.length;
  const end = text.lastIndexOf(`</${list}>`);
  if (start < opening.length || end < start) return undefined;
  const isUnusual = text.includes('<!') || text.includes('<?', 1) || text.includes(opening, start);
  if (isUnusual) return undefined;
  const items = itemsBetween(text, start, end);
  return items && { before: text.slice(0, start), items, after: text.slice(end) };
}

/** The outermost items; undefined if there is anything but white space between them. */
function itemsBetween(text: string, start: number, end: number): readonly string[] | undefined {
  const items: string[] = [];
  let depth = 0;
  let from = start;
  itemTag.lastIndex = start;
  for (let tag = itemTag.exec(text); tag !== null && tag.index < end; tag = itemTag.exec(text)) {
    const [, slash, others] = tag;
    if (others !== '') return undefined;
    const isOpening = slash === '';
    const isOutermost = depth === (isOpening ? 0 : 1);
    depth += isOpening ? 1 : -1;
    if (!isOutermost) continue;
    if (isOpening && text.slice(from, tag.index).trim() !== '') return undefined;
    if (!isOpening) items.push(text.slice(from, itemTag.lastIndex));
    from = isOpening ? tag.index : itemTag.lastIndex;
  }
  return depth === 0 && text.slice(from, end).trim() === '' ? items : undefined;
}
