import { type Form, integerOf, textOf } from '../protocol/form.ts';
import type { XmlElement } from '../protocol/xml.ts';
import { invalidArgument } from './errors.ts';
import type { IamState } from './state.ts';

export interface Page<T> {
  readonly rows: readonly T[];
  /** IsTruncated and Marker. */
  readonly rest: XmlElement;
}

/** IAM's paging: 100 entries unless MaxItems says otherwise, and sometimes fewer. */
export function pageOf<T>(iam: IamState, rows: readonly T[], form: Form): Page<T> {
  const maxItems = integerOf(form, 'MaxItems') ?? 100;
  const marker = textOf(form, 'Marker');
  const start = marker === undefined ? 0 : offsetIn(marker);
  const end = start + Math.min(maxItems, iam.pageSize);
  const isTruncated = end < rows.length;
  return {
    rows: rows.slice(start, end),
    rest: {
      IsTruncated: isTruncated,
      Marker: isTruncated ? Buffer.from(`after:${end}`).toString('base64') : undefined,
    },
  };
}

function offsetIn(marker: string): number {
  const match = /^after:(\d+)$/.exec(Buffer.from(marker, 'base64').toString());
  if (match === null) throw invalidArgument('Invalid Marker.');
  return Number(match[1]);
}
