/** The cost of one scenario against the number of links, as an SVG that needs nothing else. Pure. */
import { element, xmlText } from '../src/topology/render/svg-element.ts';

/** One figure of several runs. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** The value that is to be reached, if there is one. */
  readonly goal?: number;
  /** The value at which the axis begins. @default 0 */
  readonly base?: number;
}

export interface Point {
  readonly links: number;
  readonly value: number;
}

const panel = { width: 340, height: 190 };
const margin = { left: 56, right: 24, top: 46, bottom: 40 };
/** Between the ends of the axis and the outer points, for their labels. */
const inset = 16;
const columns = 2;
const title = 44;
const ink = '#1f2933';
const faint = '#d5dbe1';
const line = '#0b6bcb';
const goalLine = '#b4540a';

/** Draws one panel for each figure; the numbers of links are on a logarithmic axis. */
export function costChart(heading: string, figures: readonly Series[]): string {
  const rows = Math.ceil(figures.length / columns);
  const [width, height] = [panel.width * columns, title + panel.height * rows];
  const panels = figures.map((series, index) => {
    const x = (index % columns) * panel.width;
    const y = title + Math.floor(index / columns) * panel.height;
    return element('g', { transform: `translate(${x} ${y})` }, ...panelOf(series));
  });
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const font = { 'font-family': 'system-ui, sans-serif', 'font-size': 11, fill: ink };
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', role: 'img', 'aria-label': heading, ...size, ...font },
    element('rect', { width, height, fill: '#ffffff' }),
    text({ x: margin.left, y: 28, 'font-size': 15, 'font-weight': 600 }, heading),
    ...panels,
  )}\n`;
}

function panelOf({ name, points, goal, base = 0 }: Series): readonly string[] {
  const values = [...points.map(({ value }) => value), ...(goal === undefined ? [] : [goal])];
  const top = base + niceTop(Math.max(...values) - base);
  const links = points.map((point) => point.links);
  const [least, most] = [Math.min(...links), Math.max(...links)];
  const inner = {
    width: panel.width - margin.left - margin.right,
    height: panel.height - margin.top - margin.bottom,
  };
  const x = (count: number): number =>
    margin.left +
    inset +
    (least === most ? 0.5 : Math.log(count / least) / Math.log(most / least)) *
      (inner.width - 2 * inset);
  const y = (value: number): number =>
    margin.top + (1 - (value - base) / (top - base)) * inner.height;
  const right = panel.width - margin.right;
  const grid = [base, (base + top) / 2, top].flatMap((value) => [
    element('path', { d: `M${margin.left} ${y(value)}H${right}`, stroke: faint }),
    text({ x: margin.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, shown(value)),
  ]);
  const ticks = links.map((count) =>
    text({ x: x(count), y: y(base) + 16, 'text-anchor': 'middle' }, `${count}`),
  );
  const path = points.map(
    (one, index) => `${index === 0 ? 'M' : 'L'}${x(one.links)} ${y(one.value)}`,
  );
  return [
    text({ x: margin.left, y: margin.top - 14, 'font-weight': 600 }, name),
    ...grid,
    ...ticks,
    text({ x: right, y: y(base) + 30, 'text-anchor': 'end' }, 'links'),
    ...(goal === undefined ? [] : goalOf(goal, y(goal), right)),
    element('path', { d: path.join(''), fill: 'none', stroke: line, 'stroke-width': 2 }),
    ...points.map((one) => dotOf(one, { x: x(one.links), y: y(one.value) })),
  ];
}

function goalOf(goal: number, y: number, right: number): readonly string[] {
  return [
    element('path', {
      d: `M${margin.left} ${y}H${right}`,
      stroke: goalLine,
      'stroke-dasharray': '5 4',
    }),
    text(
      { x: right, y: margin.top - 14, 'text-anchor': 'end', fill: goalLine },
      `goal ${shown(goal)}`,
    ),
  ];
}

function dotOf({ links, value }: Point, at: { readonly x: number; readonly y: number }): string {
  const hint = element('title', {}, xmlText(`${links} links: ${shown(value)}`));
  const label = text({ x: at.x, y: at.y - 7, 'text-anchor': 'middle' }, shown(value));
  return element('circle', { cx: at.x, cy: at.y, r: 3, fill: line }, hint) + label;
}

function text(attributes: Readonly<Record<string, string | number>>, words: string): string {
  return element('text', attributes, xmlText(words));
}

/** The next round figure: 1, 2, 4 or 8 times a power of ten, with room above for a label. */
function niceTop(value: number): number {
  const wanted = Math.max(value * 1.15, 1e-3);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 4, 8, 10].find((step) => step * power >= wanted) ?? 10) * power;
}

function shown(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
