import { beforeAll, expect, test } from '@jest/globals';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import fc from 'fast-check';
import { linkTopology } from '../../../../src/topology/link-topology.ts';
import { dotText } from '../../../../src/topology/render/dot.ts';
import type { LinkView } from '../../../../src/topology/topology.ts';
import { harmlessLink, hostileLinks } from '../hostile-link.ts';
import { lostLink, newLink, troubledLink, wellLink } from '../sample-links.ts';

let graphviz: Graphviz;

beforeAll(async () => {
  graphviz = await Graphviz.load();
});

interface Drawn {
  readonly objects: readonly {
    readonly name: string;
    readonly label?: string;
    readonly color?: string;
  }[];
  readonly edges: readonly { readonly tail: number; readonly head: number }[];
}

/** The graph as Graphviz itself reads it. */
function read(link: LinkView): Drawn {
  return JSON.parse(graphviz.layout(dotText(linkTopology(link)), 'dot_json', 'dot')) as Drawn;
}

test('Graphviz reads every endpoint in every zone, and the colour of what is in the way', () => {
  const { objects } = read(troubledLink);
  const names = objects.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['cluster_vpc', 'cluster_zone0', 'endpoint1', 'cell0x1', 'foreign1x0']),
  );
  expect(objects.find(({ name }) => name === 'foreign1x0')).toMatchObject({ color: '#c62828' });
  expect(objects.find(({ name }) => name === 'cell0x0')?.label).toContain('10.0.0.1');
  expect(read(wellLink).edges).toHaveLength(1 + 1 + 2 + 4);
  expect(read(newLink).objects.length).toBeGreaterThan(0);
});

test('a VPC that is not there is red, and the link says why it is not ready', () => {
  const { objects } = read(lostLink);
  const named = (name: string) => objects.find((one) => one.name === name);
  expect(named('cluster_vpc')).toMatchObject({ color: '#c62828' });
  expect(named('cluster_link')).toMatchObject({
    color: '#c62828',
    label: 'ml-broken: Ready=False (VPCNotFound)',
  });
});

test('no text adds or takes away a node or an arrow, whoever wrote it', () => {
  const shapeOf = (link: LinkView) => {
    const { objects, edges } = read(link);
    const names = objects.map(({ name }) => name);
    return { names, arrows: edges.map(({ tail, head }) => [names[tail], names[head]]) };
  };
  const expected = shapeOf(harmlessLink);
  fc.assert(fc.property(hostileLinks, (link) => expect(shapeOf(link)).toEqual(expected)));
});

test('a label says what the text says: no escape of labels, no entity is read in it', () => {
  const text = 'a\\N&lt;"b"\\';
  const svg = graphviz.layout(dotText(linkTopology({ ...newLink, name: text })), 'svg', 'dot');
  expect(svg).toContain('>a\\N&amp;lt;&quot;b&quot;\\: Ready=Unknown (NotLookedAtYet)<');
});
