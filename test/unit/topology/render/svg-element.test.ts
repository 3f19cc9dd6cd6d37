import { expect, test } from '@jest/globals';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { element, xmlText } from '../../../../src/topology/render/svg-element.ts';

test('an attribute and a content say what they were given, and nothing more', () => {
  const text = `a"b'c<d>&e&lt;`;
  const markup = element('text', { id: text, onload: '"' }, xmlText(text));
  expect(XMLValidator.validate(markup)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    htmlEntities: true,
  });
  expect(parser.parse(markup)).toEqual({ text: { '@id': text, '@onload': '"', '#text': text } });
});
