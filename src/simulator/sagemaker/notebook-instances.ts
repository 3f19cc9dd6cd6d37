import { AwsError } from '../protocol/error.ts';
import { type Form, textOf } from '../protocol/form.ts';
import { type JsonObject, parseJsonObject } from '../protocol/json-object.ts';
import type { NotebookInstance, SageMakerState } from './state.ts';

/** Members of ListNotebookInstances that are understood; of the others none may be given. */
export const listParameters: readonly string[] = [
  'NextToken',
  'MaxResults',
  'SortBy',
  'SortOrder',
  'NameContains',
  'StatusEquals',
  'CreationTimeBefore',
  'CreationTimeAfter',
  'LastModifiedTimeBefore',
  'LastModifiedTimeAfter',
];

/** SageMaker's lists have ten entries a page unless asked otherwise. */
const usualPageSize = 10;

/**
 * The answer of ListNotebookInstances to an input that keeps to the model.
 *
 * @param arnPrefix `arn:aws:sagemaker:us-east-1:111122223333`
 */
export function listNotebookInstances(
  state: SageMakerState,
  input: Form,
  arnPrefix: string,
): JsonObject {
  const all = [...state.notebookInstances.values()]
    .filter((instance) => isWanted(instance, input))
    .sort(orderOf(input));
  const start = startOf(textOf(input, 'NextToken'));
  const pageSize = numberIn(input, 'MaxResults') ?? usualPageSize;
  const page = all.slice(start, start + pageSize);
  const next = start + page.length;
  return {
    ...(next < all.length ? { NextToken: tokenOf(next) } : {}),
    NotebookInstances: page.map((instance) => summaryOf(instance, arnPrefix)),
  };
}

function isWanted(instance: NotebookInstance, input: Form): boolean {
  const { name, status, createdAtMs, changedAtMs } = instance;
  return (
    name.includes(textOf(input, 'NameContains') ?? '') &&
    status === (textOf(input, 'StatusEquals') ?? status) &&
    isWithin(createdAtMs, input, 'CreationTime') &&
    isWithin(changedAtMs, input, 'LastModifiedTime')
  );
}

/** Times of JSON 1.1 are seconds since the epoch. */
function isWithin(timeMs: number, input: Form, name: string): boolean {
  const beforeMs = (numberIn(input, `${name}Before`) ?? Infinity) * 1000;
  const afterMs = (numberIn(input, `${name}After`) ?? -Infinity) * 1000;
  return timeMs < beforeMs && timeMs > afterMs;
}

/** By name unless told otherwise (SageMaker's reference); the order of names that it has is not told. */
function orderOf(input: Form) {
  const sortBy = textOf(input, 'SortBy');
  const sign = textOf(input, 'SortOrder') === 'Descending' ? -1 : 1;
  const keyOf = ({ name, status, createdAtMs }: NotebookInstance): string => {
    if (sortBy === 'CreationTime') return String(createdAtMs).padStart(16, '0');
    return sortBy === 'Status' ? `${status}/${name}` : name;
  };
  return (a: NotebookInstance, b: NotebookInstance): number =>
    sign * (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b)));
}

function summaryOf(instance: NotebookInstance, arnPrefix: string): JsonObject {
  const { name, status, instanceType, createdAtMs, changedAtMs } = instance;
  const [, partition = '', , region = ''] = arnPrefix.split(':');
  const parent = partition === 'aws-cn' ? 'sagemaker.com.cn' : 'sagemaker.aws';
  return {
    NotebookInstanceName: name,
    NotebookInstanceArn: `${arnPrefix}:notebook-instance/${name.toLowerCase()}`,
    NotebookInstanceStatus: status,
    Url: `${name.toLowerCase()}.notebook.${region}.${parent}`,
    InstanceType: instanceType,
    CreationTime: createdAtMs / 1000,
    LastModifiedTime: changedAtMs / 1000,
  };
}

function numberIn(input: Form, name: string): number | undefined {
  const value = textOf(input, name);
  return value === undefined ? undefined : Number(value);
}

function tokenOf(start: number): string {
  return Buffer.from(JSON.stringify({ start })).toString('base64');
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = parseJsonObject(Buffer.from(token, 'base64').toString())?.['start'];
  if (typeof start === 'number') return start;
  throw new AwsError('ValidationException', 'The NextToken is not valid.');
}
