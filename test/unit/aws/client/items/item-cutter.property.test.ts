import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AroundItems,
  createItemCutter,
} from '../../../../../src/aws/client/items/item-cutter.ts';

const list = 'vpcEndpointSet';

interface Cut {
  readonly items: readonly string[];
  readonly around: AroundItems | undefined;
}

/** @param lengths of the pieces in which the document comes; the last one is what is left */
function cut(document: string, lengths: readonly number[] = []): Cut {
  const cutter = createItemCutter(list);
  const items: string[] = [];
  let from = 0;
  for (const length of [...lengths, document.length]) {
    items.push(...cutter.add(document.slice(from, from + length)));
    from += length;
  }
  return { items, around: cutter.end() };
}

/** Elements in elements, some of which are named as items and lists are. */
const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(fc.constantFrom('item', 'item', 'vpcId', 'itemSet', 'tagSet'), tie('content'))
    .map(([name, content]) => `<${name}>${content}</${name}>`),
  content: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('', ' ', '\n', 'vpc-1', '&lt;item&gt;', 'ü'),
    fc.array(tie('element'), { maxLength: 3 }).map((all) => all.join('')),
  ),
}));

const item = element.map((content) => `<item>${content}</item>`);
const space = fc.constantFrom('', ' ', '\n    ');
const items = fc.array(fc.tuple(item, space), { maxLength: 5 });

const lengths = fc.array(fc.nat(30), { maxLength: 40 });

function documentOf(content: string): string {
  return `<?xml version="1.0"?><Answer><requestId>1</requestId><${list}>${content}</${list}><nextToken>a</nextToken></Answer>`;
}

test('the items of a list are cut out of it, in whatever pieces the document comes', () => {
  fc.assert(
    fc.property(items, lengths, (drawn, pieces) => {
      fc.pre(drawn.every(([text]) => !text.includes('<itemSet>')));
      const document = documentOf(drawn.flat().join(''));
      const { items: found, around } = cut(document, pieces);
      expect(found).toEqual(drawn.map(([text]) => text));
      expect(around).toEqual({
        before: document.slice(0, document.indexOf(`<${list}>`) + list.length + 2),
        after: document.slice(document.indexOf(`</${list}>`)),
      });
    }),
  );
});

/** Parts of documents, most of which EC2 does not write. */
const parts = [
  ['<item>', '</item>', `<${list}>`, `</${list}>`, '<item n="1">', '<itemSet>', '<item/>'],
  ['<!-- -->', '<![CDATA[ ]]>', '<?php ?>', '<', '>', '!', '?', ' ', 'text', '<a>', '</a>'],
].flat();
const part = fc.constantFrom(...parts);

test('the pieces in which a document comes make no difference, whatever it is', () => {
  const document = fc.array(part, { maxLength: 14 }).map((all) => all.join(''));
  fc.assert(
    fc.property(document, fc.boolean(), lengths, (text, isInList, pieces) => {
      const whole = isInList ? documentOf(text) : text;
      const { items: found, around } = cut(whole, pieces);
      const expected = cut(whole);
      expect(around).toEqual(expected.around);
      if (around !== undefined) expect(found).toEqual(expected.items);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['ends within an item', documentOf('<item></item><item>')],
  ['ends within the list', documentOf('<item></item>').split('</vpcEndpointSet>')[0] ?? ''],
  ['has text between items', documentOf('<item></item>text<item></item>')],
  ['has the list twice', documentOf('') + documentOf('')],
  ['has an instruction at its end', `${documentOf('<item></item>')}<?php ?>`],
  ['has the end of the list twice', `${documentOf('<item></item>')}</${list}>`],
  ['has an attribute within an item', documentOf('<item><item n="1"></item></item>')],
  ['has a comment', documentOf('<item><!-- --></item>')],
  ['has no list', '<Answer></Answer>'],
])('a document that %s cannot be cut, in whatever pieces it comes', (_what, document) => {
  const places = Array.from({ length: document.length }, (_one, at) => at);
  expect(places.filter((at) => cut(document, [at]).around !== undefined)).toEqual([]);
});
