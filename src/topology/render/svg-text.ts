/** Lines of text in a picture whose widths are known, since each character is as wide as another. */
import { element, xmlText } from './svg-element.ts';
import { wrapped } from './wrapped.ts';

export const fontSize = 12;
/** Of one character, in pixels. Fixed-width fonts have 0.6 em, or a little more. */
const characterWidth = 7.3;
export const lineHeight = 16;

export interface Line {
  readonly text: string;
  readonly bold?: boolean;
  readonly color?: string;
}

/** Breaks lines to a width in pixels, each into a few at most; the whole is in a tooltip. */
export function fitted(lines: readonly Line[], width: number, most = 4): readonly Line[] {
  const columns = Math.floor(width / characterWidth);
  return lines.flatMap((line) => {
    const all = wrapped(line.text, columns);
    const shown = all.slice(0, most);
    const last = shown.at(-1) ?? '';
    const cut =
      all.length > most ? [...shown.slice(0, -1), `${last.slice(0, columns - 1)}…`] : shown;
    return cut.map((text) => ({ ...line, text }));
  });
}

/** The lines from a place on, downwards. */
export function textLines(lines: readonly Line[], x: number, y: number): string {
  return lines
    .map(({ text, bold, color }, index) =>
      element(
        'text',
        {
          x,
          y: y + fontSize + index * lineHeight,
          ...(bold === true ? { 'font-weight': 'bold' } : {}),
          ...(color === undefined ? {} : { fill: color }),
          ...widthOf(text),
        },
        xmlText(text),
      ),
    )
    .join('');
}

/** Characters of other scripts may be wider than a column: they are drawn into the room there is. */
function widthOf(text: string): Readonly<Record<string, string | number>> {
  if (/^[\u0020-\u007e…✓✗]*$/.test(text)) return {};
  const length = Array.from(text).length * characterWidth;
  return { textLength: Math.round(length), lengthAdjust: 'spacingAndGlyphs' };
}
