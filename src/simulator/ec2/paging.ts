import { AwsError } from '../protocol/error.ts';
import { type Form, integerOf, textOf } from '../protocol/form.ts';

export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextToken: string | undefined;
}

/** The page of the rows that a request asks for by MaxResults and NextToken. */
export function pageOf<T>(rows: readonly T[], form: Form, min = 5, max = 1000): Page<T> {
  const token = textOf(form, 'NextToken');
  const maxResults = integerOf(form, 'MaxResults');
  if (maxResults !== undefined && (maxResults < min || maxResults > max)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between ${min} and ${max}.`,
    );
  }
  const start = token === undefined || token === '' ? 0 : offsetIn(token);
  const end = start + (maxResults ?? (start === 0 ? rows.length : max));
  return {
    rows: rows.slice(start, end),
    nextToken: end < rows.length ? tokenOf(end) : undefined,
  };
}

function tokenOf(offset: number): string {
  return Buffer.from(`next:${offset}`).toString('base64');
}

function offsetIn(token: string): number {
  const match = /^next:(\d+)$/.exec(Buffer.from(token, 'base64').toString());
  if (match === null) throw new AwsError('InvalidNextToken', `The token '${token}' is invalid`);
  return Number(match[1]);
}
