/** All that an answer in XML has around the items of one list. */
export interface AroundItems {
  readonly before: string;
  readonly after: string;
}

/**
 * Cuts an answer of EC2 into the items of one list as it comes, without reading them: markup can't be in the
 * text of an element, so the tags of items are found as they stand. EC2 writes no attributes, comments or
 * sections of literal text; an answer that has any is for a parser alone.
 */
export interface ItemCutter {
  /**
   * Takes the next piece of the document, which may end anywhere.
   *
   * @returns the texts of the items that end in it, each from `<item>` to its end
   */
  add(piece: string): readonly string[];
  /**
   * Ends the document.
   *
   * @returns undefined if the list is not there once outside of items, or the document has anything that
   *     EC2 never writes: the items that were returned do not count then
   */
  end(): AroundItems | undefined;
}

/**
 * Creates a cutter for one document.
 *
 * @param list the element whose children are the items, such as `vpcEndpointSet`
 */
export function createItemCutter(list: string): ItemCutter {
  return new Cutter(list);
}

const opening = '<item>';
const tagOfItem = /<(\/?)item([^>]*)>/g;

class Cutter implements ItemCutter {
  private readonly beginOfList: string;
  private readonly endOfList: string;
  private readonly markup = new UnusualMarkup();
  private phase: 'before' | 'between' | 'item' | 'after' | 'unusual' = 'before';
  /** The document from the end of the last item on, as far as it has come. */
  private text = '';
  /** Up to here, tags in the text are counted. */
  private counted = 0;
  /** Of tags of items that are open. */
  private depth = 0;
  private before = '';

  constructor(list: string) {
    this.beginOfList = `<${list}>`;
    this.endOfList = `</${list}>`;
  }

  add(piece: string): readonly string[] {
    if (this.markup.isIn(piece)) this.phase = 'unusual';
    if (this.phase === 'unusual') return [];
    this.text += piece;
    if (this.phase === 'before') this.findList();
    const items: string[] = [];
    while (this.phase === 'between' || this.phase === 'item') {
      if (this.phase === 'between' && !this.findItem()) break;
      const item = this.phase === 'item' ? this.restOfItem() : undefined;
      if (item === undefined) break;
      items.push(item);
    }
    return items;
  }

  end(): AroundItems | undefined {
    const { text: after, before, beginOfList, endOfList } = this;
    if (this.phase !== 'after') return undefined;
    const isOneList = !after.includes(beginOfList) && after.lastIndexOf(endOfList) === 0;
    return isOneList ? { before, after } : undefined;
  }

  private findList(): void {
    const at = this.text.indexOf(this.beginOfList);
    if (at < 0) return;
    const end = at + this.beginOfList.length;
    this.before = this.text.slice(0, end);
    this.text = this.text.slice(end);
    this.phase = 'between';
  }

  /** @returns false if it has not come yet, or there is none */
  private findItem(): boolean {
    this.text = this.text.trimStart();
    const { text, endOfList } = this;
    if (text.startsWith(opening)) this.phase = 'item';
    else if (text.startsWith(endOfList)) this.phase = 'after';
    else if (!opening.startsWith(text) && !endOfList.startsWith(text)) this.phase = 'unusual';
    return this.phase === 'item';
  }

  /** @returns undefined if it has not come to its end, or has no end */
  private restOfItem(): string | undefined {
    tagOfItem.lastIndex = this.counted;
    for (let tag = tagOfItem.exec(this.text); tag !== null; tag = tagOfItem.exec(this.text)) {
      const [, slash, others] = tag;
      this.counted = tagOfItem.lastIndex;
      if (others !== '') {
        this.phase = 'unusual';
        return undefined;
      }
      this.depth += slash === '' ? 1 : -1;
      if (this.depth === 0) return this.takeItem(tagOfItem.lastIndex);
    }
    // A tag may have come in part.
    this.counted = Math.max(this.counted, this.text.lastIndexOf('>') + 1);
    return undefined;
  }

  private takeItem(end: number): string {
    const item = this.text.slice(0, end);
    this.text = this.text.slice(end);
    this.counted = 0;
    this.phase = 'between';
    return item;
  }
}

/** Finds markup that EC2 never writes. The declaration of XML looks like an instruction; it stands at the very beginning alone. */
class UnusualMarkup {
  private last = '';
  private isFirst = true;

  isIn(piece: string): boolean {
    if (piece === '') return false;
    const text = this.last + piece;
    const isIn = text.includes('<!') || text.includes('<?', this.isFirst ? 1 : 0);
    this.isFirst &&= text.length < 2;
    this.last = piece.slice(-1);
    return isIn;
  }
}
