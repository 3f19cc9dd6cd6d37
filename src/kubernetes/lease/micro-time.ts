/**
 * A date as `meta/v1` `MicroTime`. The API server refuses anything but exactly six digits with a
 * 400 (kubernetes-client/javascript#828), while a Date has three.
 */
export function microTime(date: Date): string {
  return date.toISOString().replace(/Z$/, '000Z');
}
