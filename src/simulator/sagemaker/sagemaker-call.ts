import type { IncomingHttpHeaders } from 'node:http';
import { sageMakerRestOperations } from '../protocol/generated/sagemaker-rest-operations.ts';
import { parseJsonObject, type JsonObject } from '../protocol/json-object.ts';
import { matchOperation, type RestOperation } from '../protocol/rest-operation.ts';

/** A request to one of the services that sign as `sagemaker`. */
export type SageMakerCall = JsonCall | RestCall;

/** To SageMaker itself: JSON 1.1, the action in a header. */
interface JsonCall {
  readonly protocol: 'json';
  readonly service: 'sagemaker';
  readonly action: string;
  /** Undefined: the body is no JSON object. */
  readonly input: JsonObject | undefined;
}

/** To a service that has a path for each action, such as `sagemaker-runtime`. */
export interface RestCall {
  readonly protocol: 'rest';
  /** botocore's name of the service. */
  readonly service: string;
  /** Empty: no service of SageMaker has this method and path. */
  readonly action: string;
  readonly operation: RestOperation | undefined;
  /** The parameters in the path and the headers. */
  readonly form: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A request as HTTP has it. */
export interface HttpMessage {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string | Uint8Array;
}

/**
 * Reads a request to SageMaker; undefined for one to another service. The scope of the signature
 * says which service is meant, and where there is none, a header or a path that only SageMaker has.
 *
 * @param scopedTo the service in the signature's scope; undefined: the request is not signed
 */
export function readSageMakerCall(
  { method, url, headers, body }: HttpMessage,
  scopedTo: string | undefined,
): SageMakerCall | undefined {
  if (scopedTo !== undefined && scopedTo !== 'sagemaker') return undefined;
  const target = String(headers['x-amz-target'] ?? '');
  if (target.startsWith('SageMaker.')) {
    const action = target.slice('SageMaker.'.length);
    const input = parseJsonObject(textOf(body) || '{}');
    return { protocol: 'json', service: 'sagemaker', action, input };
  }
  const { pathname } = new URL(url, 'http://localhost');
  const found = matchOperation(sageMakerRestOperations, method, pathname, headers);
  if (found === undefined && scopedTo === undefined) return undefined;
  return {
    protocol: 'rest',
    service: found?.operation.service ?? 'sagemaker',
    action: found?.operation.action ?? '',
    operation: found?.operation,
    form: found?.form ?? {},
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

/** The parameters as the log of calls has them. */
export function shownParameters(call: SageMakerCall): Readonly<Record<string, string>> {
  if (call.protocol === 'rest') return call.form;
  const entries = Object.entries(call.input ?? {}).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : Buffer.from(body).toString();
}
