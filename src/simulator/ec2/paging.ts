import { AwsError } from '../protocol/error.ts';
import { type Form, integerOf, textOf } from '../protocol/form.ts';

export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextToken: string | undefined;
}

export interface Paging {
  /** The parameter of ids, which AWS does not take together with MaxResults: `VpcId`. */
  readonly ids?: string;
  /** The smallest page. @default 5 */
  readonly min?: number;
  /** The largest page: asked for more, AWS answers this many. @default 1000 */
  readonly max?: number;
}

/** The page of the rows that a request asks for by MaxResults and NextToken. */
export function pageOf<T>(rows: readonly T[], form: Form, paging: Paging = {}): Page<T> {
  const { ids, min = 5, max = 1000 } = paging;
  const token = textOf(form, 'NextToken');
  const asked = integerOf(form, 'MaxResults');
  if (asked !== undefined && asked < min) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value between ${min} and ${max}.`,
    );
  }
  if (asked !== undefined && ids !== undefined && form[ids] !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      `The parameter ${ids}s cannot be used with the parameter MaxResults`,
    );
  }
  const maxResults = asked === undefined ? undefined : Math.min(asked, max);
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
