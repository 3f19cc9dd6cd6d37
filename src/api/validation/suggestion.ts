import { closest, distance } from 'fastest-levenshtein';
import type { Violation } from './violation.ts';

/** A third of its letters may be wrong, and two in any case. */
function mostMistakes(text: string): number {
  return Math.max(2, Math.floor(text.length / 3));
}

/** The field that was probably meant, as the end of a sentence; empty if none is near. */
export function suggestion({ unknown }: Violation): string {
  if (unknown === undefined || unknown.known.length === 0) return '';
  const wanted = unknown.field.toLowerCase();
  const names = new Map(unknown.known.map((name) => [name.toLowerCase(), name]));
  const nearest = closest(wanted, [...names.keys()]);
  if (distance(wanted, nearest) > mostMistakes(wanted)) return '';
  return `, did you mean "${names.get(nearest)}"?`;
}
