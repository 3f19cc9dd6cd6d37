import { beforeAll, expect, test } from '@jest/globals';
import purify from 'dompurify';
import fc from 'fast-check';
import mermaid from 'mermaid';
import { linkTopology } from '../../../../src/topology/link-topology.ts';
import { mermaidText } from '../../../../src/topology/render/mermaid.ts';
import type { LinkView } from '../../../../src/topology/topology.ts';
import { harmlessLink, hostileLinks } from '../hostile-link.ts';
import { lostLink, newLink, troubledLink, wellLink } from '../sample-links.ts';

/** Mermaid's sanitizer needs a browser. Here it does nothing: our text has to be harmless without. */
beforeAll(async () => {
  Object.assign(purify, { addHook: () => undefined, sanitize: (text: string) => text });
  await mermaid.parse('flowchart TD'); // Registers the kinds of charts.
});

interface Flow {
  getVertices(): ReadonlyMap<
    string,
    { readonly text: string; readonly classes: readonly string[] }
  >;
  getEdges(): readonly { readonly start: string; readonly end: string }[];
  getSubGraphs(): readonly {
    readonly id: string;
    readonly title: string;
    readonly nodes: readonly string[];
    readonly classes: readonly string[];
  }[];
}

/** The chart as Mermaid itself reads it. */
async function read(link: LinkView) {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(mermaidText(linkTopology(link)));
  const flow = db as unknown as Flow;
  return {
    nodes: [...flow.getVertices()].map(([id, { text, classes }]) => ({ id, text, classes })),
    arrows: flow.getEdges().map(({ start, end }) => [start, end]),
    boxes: flow.getSubGraphs().map(({ id, title, nodes, classes }) => ({
      id,
      title,
      nodes,
      classes,
    })),
  };
}

test('Mermaid reads every endpoint in the box of every zone, and the class of what is in the way', async () => {
  const { nodes, boxes } = await read(troubledLink);
  expect(boxes.find(({ id }) => id === 'zone0')?.nodes).toEqual(['cell0x0', 'cell1x0']);
  expect(nodes.find(({ id }) => id === 'foreign1x0')?.classes).toEqual(['foreign']);
  expect(nodes.find(({ id }) => id === 'cell0x0')?.text).toBe('api<br/>10.0.0.1<br/>available');
  expect((await read(wellLink)).arrows).toHaveLength(1 + 1 + 2 + 4);
  expect((await read(newLink)).nodes.length).toBeGreaterThan(0);
});

test('a VPC that is not there is red, and the link says why it is not ready', async () => {
  const { boxes } = await read(lostLink);
  expect(boxes.find(({ id }) => id === 'vpc')?.classes).toEqual(['broken']);
  expect(boxes.find(({ id }) => id === 'link')).toMatchObject({
    title: 'ml-broken: Ready=False (VPCNotFound)',
    classes: ['broken'],
  });
});

test('no text adds or takes away a node, a box or an arrow, or is markup, whoever wrote it', async () => {
  const shapeOf = async (link: LinkView) => {
    const { nodes, arrows, boxes } = await read(link);
    const untitled = boxes.map(({ id, nodes: within, classes }) => ({ id, within, classes }));
    return { nodes: nodes.map(({ id }) => id), arrows, boxes: untitled };
  };
  const expected = await shapeOf(harmlessLink);
  await fc.assert(
    fc.asyncProperty(hostileLinks, async (link) => {
      expect(await shapeOf(link)).toEqual(expected);
      const texts = (await read(link)).nodes.map(({ text }) => text.replaceAll('<br/>', ''));
      for (const text of texts) expect(text).not.toMatch(/[<>"`&*_]/);
    }),
  );
});
