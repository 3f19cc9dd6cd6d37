import type { Tone } from '../tone.ts';

/** Colours as `#rrggbb`. */
export interface Paint {
  readonly fill: string;
  readonly line: string;
  readonly sign: string;
  /** Lengths of dashes and gaps; undefined: a line without gaps. */
  readonly dashes?: string;
}

/** Colours and a sign for each tone: a picture that is printed in grey says the same. */
export const paints: Readonly<Record<Tone, Paint>> = {
  well: { fill: '#e6f4ea', line: '#2e7d32', sign: '✓' },
  waiting: { fill: '#fff8e1', line: '#b26a00', sign: '…' },
  broken: { fill: '#fdecea', line: '#c62828', sign: '✗' },
  foreign: { fill: '#fdecea', line: '#c62828', sign: '!', dashes: '6 3' },
  unknown: { fill: '#f3f4f6', line: '#6b7280', sign: '?' },
};
