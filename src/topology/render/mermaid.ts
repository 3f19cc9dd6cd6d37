/** A link as a Mermaid flowchart, which GitHub and GitLab draw in Markdown. Pure. */
import type { Tone } from '../tone.ts';
import type { Topology } from '../topology.ts';
import { allBoxes, type GraphBox, type GraphNode, linkGraph } from './link-graph.ts';
import { paints } from './paints.ts';

/** The text of the flowchart, with an end of line. */
export function mermaidText(topology: Topology): string {
  const { boxes, arrows } = linkGraph(topology);
  const lines = [
    'flowchart TD',
    ...indented([
      // A title in the front matter would be YAML: the title is that of the outer box.
      ...boxes.flatMap(boxLines),
      ...allBoxes(boxes).map(({ id, tone }) => `class ${id} ${tone}`),
      ...arrows.map(({ from, to, label }) =>
        label === undefined ? `${from} --> ${to}` : `${from} -->|${quoted(label)}| ${to}`,
      ),
      ...arrows.flatMap(({ tone }, index) =>
        tone === 'well' ? [] : [`linkStyle ${index} stroke:${paints[tone].line}`],
      ),
      ...Object.entries(paints).map(
        ([tone, { fill, line, dashes }]) =>
          `classDef ${tone} fill:${fill},stroke:${line},color:#1f2328${dashes === undefined ? '' : `,stroke-dasharray:${dashes}`}`,
      ),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function boxLines({ id, title, nodes, boxes }: GraphBox): readonly string[] {
  return [
    `subgraph ${id}[${quoted(title)}]`,
    ...indented([...nodes.map(nodeLine), ...boxes.flatMap(boxLines)]),
    'end',
  ];
}

function nodeLine({ id, lines, tone }: GraphNode): string {
  return `${id}["${lines.map(escaped).join('<br/>')}"]:::${tone satisfies Tone}`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/**
 * Everything that could mean something to Mermaid, to Markdown in its labels or to HTML as the
 * number of its character, which is Mermaid's own way of writing entities (`#35;`).
 */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/=()-]/gu, (character) => `#${character.codePointAt(0)};`);
}
