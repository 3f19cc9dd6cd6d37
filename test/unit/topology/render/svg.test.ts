import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { linkTopology } from '../../../../src/topology/link-topology.ts';
import { svgText } from '../../../../src/topology/render/svg.ts';
import type { LinkView } from '../../../../src/topology/topology.ts';
import { hostileLinks } from '../hostile-link.ts';
import { newLink, troubledLink, wellLink } from '../sample-links.ts';

interface Shape {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

type XmlNode = Readonly<Record<string, unknown>>;

/** All elements of the document, as a parser that knows nothing of us finds them. */
function shapesOf(svg: string): readonly Shape[] {
  expect(XMLValidator.validate(svg)).toBe(true);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
    parseTagValue: false,
  });
  return (parser.parse(svg) as readonly XmlNode[]).flatMap(shapesIn);
}

function shapesIn(node: XmlNode): readonly Shape[] {
  const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
  if (name === undefined) return [];
  const children = node[name] as readonly XmlNode[];
  const text = children.map((child) => child['#text'] ?? '').join('');
  const attributes = (node[':@'] ?? {}) as Record<string, string>;
  return [{ name, attributes, text }, ...children.flatMap(shapesIn)];
}

function pictureOf(link: LinkView): readonly Shape[] {
  return shapesOf(svgText(linkTopology(link)));
}

const drawn = new Set(['svg', 'title', 'rect', 'g', 'text', 'path']);
const harmless =
  /^(xmlns|width|height|viewBox|role|font-(family|size|weight)|fill|x|y|rx|d|stroke(-width|-dasharray)?|textLength|lengthAdjust)$/;

test('the addresses of a link stand in the columns of their zones and the rows of their endpoints', () => {
  const texts = pictureOf(wellLink).filter(({ name }) => name === 'text');
  const placeOf = (wanted: string) => {
    const found = texts.find(({ text }) => text === wanted);
    return { x: Number(found?.attributes['x']), y: Number(found?.attributes['y']) };
  };
  expect(placeOf('10.0.0.1').x).toBe(placeOf('✓ eu-west-1a').x);
  expect(placeOf('10.0.1.1').x).toBe(placeOf('✓ eu-west-1b').x);
  expect(placeOf('10.0.0.1').y).toBe(placeOf('10.0.1.1').y);
  expect(placeOf('10.0.0.2').y).toBeGreaterThan(placeOf('10.0.0.1').y);
});

test('no mark stands on a line of its own', () => {
  for (const link of [wellLink, troubledLink, newLink]) {
    const topology = linkTopology(link);
    const zones = topology.zones.map((zone) => ({ ...zone, subnetId: 'subnet-0123456789abcdef0' }));
    const shapes = shapesOf(svgText({ ...topology, zones }));
    const texts = shapes.filter(({ name }) => name === 'text');
    expect(texts.map(({ text }) => text.trim()).filter((text) => text.length < 2)).toEqual([]);
  }
});

test('broken and foreign parts are red, those of somebody else dashed, and nothing else is', () => {
  const red = (link: LinkView) =>
    pictureOf(link).filter(({ attributes }) => attributes['stroke'] === '#c62828');
  expect(red(wellLink)).toEqual([]);
  expect(red(newLink)).toEqual([]);
  const dashed = red(troubledLink).filter(({ attributes }) => 'stroke-dasharray' in attributes);
  // Namespaces, policy, the endpoint whose name is taken, and its two zones.
  expect(dashed).toHaveLength(5);
  // Beside these the arrow, the group, the zone without an interface, and the drift.
  expect(red(troubledLink)).toHaveLength(9);
});

test('no text is wider than the box that it is in', () => {
  for (const link of [wellLink, troubledLink, newLink]) {
    const shapes = pictureOf(link);
    const boxes = shapes
      .filter(({ name }) => name === 'rect')
      .map(({ attributes: a }) => ({
        left: Number(a['x'] ?? 0),
        top: Number(a['y'] ?? 0),
        right: Number(a['x'] ?? 0) + Number(a['width']),
        bottom: Number(a['y'] ?? 0) + Number(a['height']),
      }));
    for (const { attributes: a, text } of shapes.filter(({ name }) => name === 'text')) {
      const [x, y] = [Number(a['x']), Number(a['y'])];
      const around = boxes.filter(
        ({ left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom,
      );
      const innermost = Math.min(...around.map(({ right }) => right));
      expect(x + Array.from(text).length * 7.25).toBeLessThanOrEqual(innermost);
    }
  }
});

test('no text becomes an element, an attribute or a script, whoever wrote it', () => {
  fc.assert(
    fc.property(hostileLinks, (link) => {
      for (const { name, attributes } of pictureOf(link)) {
        expect(drawn).toContain(name);
        for (const key of Object.keys(attributes)) expect(key).toMatch(harmless);
      }
    }),
  );
});
