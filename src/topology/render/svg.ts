/** A link as a picture that needs nothing else: no script, no font, no address. Pure. */
import { isRed, type Tone } from '../tone.ts';
import type { CellPart, EndpointPart, Part, Topology } from '../topology.ts';
import { groupNames } from './group-names.ts';
import { paints } from './paints.ts';
import { element, xmlText } from './svg-element.ts';
import { fitted, fontSize, type Line, lineHeight, textLines } from './svg-text.ts';

const margin = 20;
const gap = 12;
const padding = 8;
const zoneWidth = 200;
/** Holds the name of a service with its region, as `com.amazonaws.eu-west-1.sagemaker.api`. */
const rowHeadWidth = 330;

/** A piece of the picture, drawn at a height that is known when those above it are. */
interface Piece {
  readonly height: number;
  draw(y: number): string;
}

/** The document, with an end of line. */
export function svgText(topology: Topology): string {
  const width = widthOf(topology);
  const pieces = [
    headPiece(topology, width),
    abovePiece(topology, width),
    ...arrowPieces(topology),
    vpcPiece(topology, width),
    ...driftPieces(topology, width),
    legendPiece(),
  ];
  let y = margin;
  const drawn: string[] = [];
  for (const piece of pieces) {
    drawn.push(piece.draw(y));
    y += piece.height + gap;
  }
  const height = y - gap + margin;
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'font-family': "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
      'font-size': fontSize,
      fill: '#1f2328',
    },
    element('title', {}, xmlText(`${topology.name}: Ready=${topology.ready} (${topology.reason})`)),
    element('rect', { width, height, fill: '#ffffff' }),
    ...drawn,
  )}\n`;
}

function widthOf({ zones }: Topology): number {
  const columns = Math.max(zones.length, 2);
  return 2 * margin + 2 * gap + rowHeadWidth + columns * (zoneWidth + gap);
}

function headPiece(topology: Topology, width: number): Piece {
  const { name, ready, reason, tone, notes } = topology;
  const inner = width - 2 * margin;
  const color = isRed(tone) ? { color: paints[tone].line } : {};
  const head = `${paints[tone].sign} ${name}: Ready=${ready} (${reason})`;
  const lines = [
    ...fitted([{ text: head, bold: true, ...color }], inner),
    ...fitted(
      notes.map((text) => ({ text })),
      inner,
    ),
  ];
  return { height: lines.length * lineHeight, draw: (y) => textLines(lines, margin, y) };
}

/** Side by side, above the VPC: whoever comes to it. */
function abovePiece(topology: Topology, width: number): Piece {
  const boxes = [clientsBox(topology), accessBox(topology)].filter((one) => one !== undefined);
  if (boxes.length === 0) return { height: 0, draw: () => '' };
  const each = (width - 2 * margin - (boxes.length - 1) * gap) / boxes.length;
  const drawings = boxes.map((box) => boxPiece(box, each));
  const height = Math.max(...drawings.map((one) => one.height));
  return {
    height,
    draw: (y) =>
      drawings.map((one, index) => one.at(margin + index * (each + gap), y, height)).join(''),
  };
}

/** From the namespaces, which are the box on the left, to the VPC. */
function arrowPieces({ clients }: Topology): readonly Piece[] {
  if (clients === undefined) return [];
  const color = isRed(clients.tone) ? paints[clients.tone].line : '#57606a';
  const x = margin + 3 * gap;
  const height = 2 * gap;
  return [
    {
      height,
      draw: (y) => {
        // It bridges the gaps above and below.
        const [top, end] = [y - gap, y + height + gap];
        const path = `M ${x} ${top} V ${end} M ${x - 5} ${end - 8} L ${x} ${end} L ${x + 5} ${end - 8}`;
        const line = element('path', { d: path, fill: 'none', stroke: color, 'stroke-width': 2 });
        return `${line}${textLines([{ text: 'TCP 443', color }], x + gap, y + gap / 3)}`;
      },
    },
  ];
}

interface Box {
  readonly part: Part;
  readonly lines: readonly Line[];
}

function boxPiece({ part, lines }: Box, width: number) {
  const inside = fitted(lines, width - 2 * padding);
  return {
    height: inside.length * lineHeight + 2 * padding,
    at: (x: number, y: number, height: number): string =>
      element(
        'g',
        {},
        ...tooltip([...lines.map(({ text }) => text), ...part.notes]),
        frame({ x, y, width, height, tone: part.tone }),
        textLines(inside, x + padding, y + padding),
      ),
  };
}

/** A browser shows it when the pointer rests on the part. */
function tooltip(lines: readonly string[]): readonly string[] {
  return [element('title', {}, xmlText(lines.join('\n')))];
}

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: Tone;
}

function frame({ tone, ...place }: Frame): string {
  const { fill, line, dashes } = paints[tone];
  return element('rect', {
    ...place,
    rx: 4,
    fill,
    stroke: line,
    'stroke-width': isRed(tone) ? 2 : 1,
    ...(dashes === undefined ? {} : { 'stroke-dasharray': dashes }),
  });
}

function clientsBox({ clients }: Topology): Box | undefined {
  if (clients === undefined) return undefined;
  const { namespaces, ready, selector, failing, services, tone } = clients;
  const count = namespaces === undefined ? 'not counted yet' : `${ready} of ${namespaces} served`;
  return {
    part: clients,
    lines: [
      { text: `${paints[tone].sign} namespaces: ${count}`, bold: true },
      { text: selector },
      ...failing.map(({ namespace, message }) => redLine(`${namespace}: ${message}`, 'broken')),
      ...services.map((one) => redLine(`${one.service}: ${one.state}`, one.tone)),
    ],
  };
}

function redLine(text: string, tone: Tone): Line {
  return {
    text: `${paints[tone].sign} ${text}`,
    ...(isRed(tone) ? { color: paints[tone].line } : {}),
  };
}

function accessBox({ notebookAccess: access }: Topology): Box | undefined {
  if (access === undefined) return undefined;
  const { policy, version, sources, principals, tone } = access;
  const name = [policy, version].filter((part) => part !== undefined).join(' ');
  return {
    part: access,
    lines: [
      { text: `${paints[tone].sign} notebook policy ${name}`, bold: true },
      ...sources.map((source) => ({ text: `allows ${source}` })),
      ...principals.map((one) => redLine(`${one.kind} ${one.name}: ${one.state}`, one.tone)),
    ],
  };
}

/** The VPC: its gate, then a column for each zone and a row for each endpoint. */
function vpcPiece(topology: Topology, width: number): Piece {
  const { vpc, region, accountId } = topology;
  const outer = width - 2 * margin;
  const inner = outer - 2 * gap;
  const place = [region, accountId].filter((part) => part !== undefined).join(', ');
  const title: Line = {
    text: `${paints[vpc.tone].sign} VPC ${vpc.id ?? vpc.wanted} (${place})`,
    bold: true,
  };
  const titleLines = fitted([title], inner);
  const gate = boxPiece(groupBox(topology), inner);
  const rows = [zoneRow(topology), ...topology.endpoints.map(endpointRow)];
  const head = titleLines.length * lineHeight + gap;
  const grid = rows.reduce((sum, row) => sum + row.height + gap, 0);
  const height = gap + head + gate.height + gap + grid;
  return {
    height,
    draw(y) {
      let at = y + gap + head + gate.height + gap;
      const drawn = rows.map((row) => {
        const text = row.draw(at);
        at += row.height + gap;
        return text;
      });
      return [
        element(
          'g',
          {},
          ...tooltip([title.text, ...vpc.notes]),
          vpcFrame(vpc.tone, y, outer, height),
        ),
        textLines(titleLines, margin + gap, y + gap),
        gate.at(margin + gap, y + gap + head, gate.height),
        ...drawn,
      ].join('');
    },
  };
}

function vpcFrame(tone: Tone, y: number, width: number, height: number): string {
  return element('rect', {
    x: margin,
    y,
    width,
    height,
    rx: 6,
    fill: '#fbfcfe',
    stroke: paints[tone].line,
    'stroke-width': isRed(tone) ? 3 : 2,
  });
}

function groupBox({ group }: Topology): Box {
  const { kind, rules, tone } = group;
  const name = groupNames(group).join(', ');
  const whose = kind === 'managed' ? "the operator's" : 'of the spec';
  return {
    part: group,
    lines: [
      { text: `${paints[tone].sign} security group ${name} (${whose})`, bold: true },
      ...rules.map((rule) => ({ text: `TCP 443 from ${rule}` })),
    ],
  };
}

const columnAt = (zone: number): number =>
  margin + gap + rowHeadWidth + gap + zone * (zoneWidth + gap);

function zoneRow({ zones }: Topology): Piece {
  const columns = zones.map(({ zone, subnetId, tone, notes }) => ({
    notes,
    lines: fitted(
      // The mark beside the zone: beside a subnet's id it would not fit into the column.
      [{ ...redLine(zone, tone), bold: true }, { text: subnetId ?? 'no subnet' }],
      zoneWidth - 2 * padding,
    ),
  }));
  const height = Math.max(0, ...columns.map(({ lines }) => lines.length)) * lineHeight;
  return {
    height,
    draw: (y) =>
      columns
        .map(({ lines, notes }, index) =>
          element(
            'g',
            {},
            ...tooltip([...lines.map(({ text }) => text), ...notes]),
            textLines(lines, columnAt(index) + padding, y),
          ),
        )
        .join(''),
  };
}

function endpointRow(endpoint: EndpointPart): Piece {
  const head = boxPiece({ part: endpoint, lines: endpointLines(endpoint) }, rowHeadWidth);
  const cells = endpoint.cells.map((cell) =>
    boxPiece({ part: { tone: cell.tone, notes: [] }, lines: cellLines(cell) }, zoneWidth),
  );
  const height = Math.max(head.height, ...cells.map((one) => one.height));
  return {
    height,
    draw: (y) =>
      [
        head.at(margin + gap, y, height),
        ...cells.map((cell, index) => cell.at(columnAt(index), y, height)),
      ].join(''),
  };
}

function endpointLines(endpoint: EndpointPart): readonly Line[] {
  const { label, serviceName, id, state, tone, privateDNS, privateNames, foreignIds } = endpoint;
  const service = serviceName === undefined || serviceName === label ? [] : [{ text: serviceName }];
  return [
    { text: `${paints[tone].sign} ${label}: ${state}`, bold: true },
    ...service,
    ...(id === undefined ? [] : [{ text: id }]),
    { text: `private DNS ${privateDNS}` },
    ...privateNames.map((text) => ({ text })),
    ...foreignIds.map((one) => redLine(`in the way: ${one}`, 'foreign')),
  ];
}

function cellLines({ state, addresses, interfaceId, tone }: CellPart): readonly Line[] {
  return [
    ...addresses.map((text) => ({ text, bold: true })),
    redLine(state, tone),
    ...(interfaceId === undefined ? [] : [{ text: interfaceId }]),
  ];
}

function driftPieces({ drift }: Topology, width: number): readonly Piece[] {
  if (drift.length === 0) return [];
  const part: Part = { tone: 'broken', notes: [] };
  const lines = [
    { text: '✗ changed by somebody else', bold: true },
    ...drift.map(({ resource, field, desired, actual }) => ({
      text: `${resource} ${field}: is ${actual}, the spec says ${desired}`,
    })),
  ];
  const box = boxPiece({ part, lines }, width - 2 * margin);
  return [{ height: box.height, draw: (y) => box.at(margin, y, box.height) }];
}

const legend: Readonly<Record<Tone, string>> = {
  well: 'well',
  waiting: 'awaited',
  broken: 'broken',
  foreign: "somebody else's",
  unknown: 'not known',
};

function legendPiece(): Piece {
  return {
    height: lineHeight,
    draw: (y) =>
      Object.entries(paints)
        .map(([tone, { sign, line }], index) =>
          textLines(
            [{ text: `${sign} ${legend[tone as Tone]}`, color: line }],
            margin + index * 140,
            y,
          ),
        )
        .join(''),
  };
}
