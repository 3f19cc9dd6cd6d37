/** A link in the language of Graphviz. Pure. */
import type { Topology } from '../topology.ts';
import { type GraphArrow, type GraphBox, type GraphNode, linkGraph } from './link-graph.ts';
import { paints } from './paints.ts';

/** The text of the graph, with an end of line. */
export function dotText(topology: Topology): string {
  const { boxes, arrows } = linkGraph(topology);
  const lines = [
    'digraph link {',
    ...indented([
      'graph [rankdir=TB, fontname="sans-serif"]',
      'node [shape=box, style="filled,rounded", fontname="sans-serif", fontsize=11]',
      'edge [fontname="sans-serif", fontsize=10]',
      ...boxes.flatMap(boxLines),
      ...arrows.map(arrowLine),
    ]),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function boxLines({ id, title, tone, nodes, boxes }: GraphBox): readonly string[] {
  const { fill, line, dashes } = paints[tone];
  const style = dashes === undefined ? 'filled' : 'filled,dashed';
  return [
    `subgraph cluster_${id} {`,
    ...indented([
      `label=${quoted([title])}`,
      `style="${style}"`,
      ...(tone === 'well' ? [] : [`fillcolor="${fill}"`]),
      `color="${line}"`,
      ...nodes.map(nodeLine),
      ...boxes.flatMap(boxLines),
    ]),
    '}',
  ];
}

function nodeLine({ id, lines, tone }: GraphNode): string {
  const { fill, line, dashes } = paints[tone];
  const style = dashes === undefined ? '' : ', style="filled,rounded,dashed"';
  return `${id} [label=${quoted(lines)}, fillcolor="${fill}", color="${line}"${style}]`;
}

function arrowLine({ from, to, label, tone }: GraphArrow): string {
  const words = label === undefined ? '' : `, label=${quoted([label])}`;
  return `${from} -> ${to} [color="${paints[tone].line}"${words}]`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/**
 * A quoted string. A backslash begins an escape of labels (`\N` is the name of the node), an
 * ampersand an entity of HTML: both are doubled or named. A string that is quoted is no HTML.
 */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
  );
  return `"${escaped.join('\\n')}"`;
}
