import type { IncomingHttpHeaders } from 'node:http';
import {
  readSageMakerCall,
  type SageMakerCall,
  shownParameters,
} from '../sagemaker/sagemaker-call.ts';
import type { ProtocolName } from './xml.ts';

/** A Query request, as far as the caller's words go. */
export interface QueryRequest {
  readonly protocol: ProtocolName;
  /** A service that is not simulated: the scope of the signature names it. */
  readonly foreignService?: ForeignService | undefined;
  /** A request to one of the services of SageMaker, which do not speak Query. */
  readonly sageMaker?: SageMakerCall | undefined;
  /** The name that the client dialled, lower-cased and without a port. */
  readonly host?: string | undefined;
  readonly action: string;
  readonly region: string;
  /** Undefined: the request is not signed. */
  readonly accessKeyId: string | undefined;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** Undefined: the request is not signed, or not in a form that is known here. */
  readonly signature?: { readonly scope: Scope; readonly message: SignedMessage } | undefined;
  /** The parts of Signature Version 4 that an `Authorization` header lacks. */
  readonly lacking?: readonly string[];
}

/** A request as it was signed, and its signature. */
export interface SignedMessage {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string | Uint8Array;
  readonly signature: string;
  /** Lower-cased. */
  readonly signedHeaders: readonly string[];
  /** `20260101T000000Z` */
  readonly date: string;
  /** Seconds; of a presigned URL only. */
  readonly expiresIn?: number | undefined;
}

/** A service of AWS that is not simulated, and how it writes its answers. */
export interface ForeignService {
  readonly name: string;
  readonly format: 'json' | 'query' | 'xml';
}

export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Reads a request. Service and region come from the credential scope of the
 * signature, else from the version of the API.
 */
export function readRequest(
  url: string,
  headers: IncomingHttpHeaders,
  body: string | Uint8Array,
  method = 'POST',
): QueryRequest {
  const http = { url, headers, body, method };
  const sageMaker = readSageMakerCall(
    http,
    scopeOf(headers.authorization ?? '', undefined)?.service,
  );
  const query = new URL(url, 'http://localhost').searchParams;
  const hasForm = sageMaker === undefined && isForm(headers);
  const form = hasForm ? new URLSearchParams(textOf(body)) : [];
  const parameters = recordOf([...query, ...form]);
  const scope = scopeOf(headers.authorization ?? '', parameters['X-Amz-Credential']);
  const lacking = lackingIn(headers, parameters);
  const message = signedMessage(http, parameters);
  return {
    protocol: protocolOf(scope?.service, parameters['Version']),
    foreignService: foreignServiceOf(scope?.service, headers, parameters),
    sageMaker,
    host: headers.host?.toLowerCase().replace(/:\d+$/, ''),
    action: sageMaker?.action ?? parameters['Action'] ?? '',
    region: scope?.region ?? 'us-east-1',
    accessKeyId: scope?.accessKeyId,
    sessionToken: parameters['X-Amz-Security-Token'] ?? tokenIn(headers),
    parameters: sageMaker === undefined ? withoutSignature(parameters) : shownParameters(sageMaker),
    ...(scope === undefined || message === undefined ? {} : { signature: { scope, message } }),
    ...(lacking.length === 0 ? {} : { lacking }),
  };
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : Buffer.from(body).toString();
}

/** The complaint of AWS about an incomplete Authorization header, in its words. */
function lackingIn(
  { authorization, 'x-amz-date': amzDate, date }: IncomingHttpHeaders,
  parameters: Readonly<Record<string, string>>,
): readonly string[] {
  if (authorization === undefined || parameters['X-Amz-Credential'] !== undefined) return [];
  const parts = ['Credential', 'Signature', 'SignedHeaders'].filter(
    (part) => !new RegExp(`[ ,]${part}=[^, ]`).test(authorization),
  );
  return [
    ...parts.map((part) => `Authorization header requires '${part}' parameter.`),
    ...(amzDate === undefined && date === undefined
      ? ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."]
      : []),
  ];
}

function signedMessage(
  given: Pick<SignedMessage, 'method' | 'url' | 'headers' | 'body'>,
  parameters: Readonly<Record<string, string>>,
): SignedMessage | undefined {
  const { authorization = '', 'x-amz-date': amzDate } = given.headers;
  const presigned = parameters['X-Amz-Signature'];
  const partOf = (name: string): string =>
    new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? '';
  const signature = presigned ?? partOf('Signature');
  if (signature === '') return undefined;
  const names =
    presigned === undefined ? partOf('SignedHeaders') : parameters['X-Amz-SignedHeaders'];
  return {
    ...given,
    signature,
    signedHeaders: (names ?? '').toLowerCase().split(';'),
    date: parameters['X-Amz-Date'] ?? String(amzDate ?? ''),
    expiresIn: presigned === undefined ? undefined : Number(parameters['X-Amz-Expires'] ?? 0),
  };
}

function tokenIn(headers: IncomingHttpHeaders): string | undefined {
  const token = headers['x-amz-security-token'];
  return typeof token === 'string' ? token : undefined;
}

/** Other bodies, JSON for one, have no parameters for this protocol. */
function isForm(headers: IncomingHttpHeaders): boolean {
  return !/json|cbor|octet-stream/.test(headers['content-type'] ?? '');
}

/** Without a prototype: a parameter may have any name, `__proto__` too. */
function recordOf(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const record = Object.create(null) as Record<string, string>;
  for (const [name, value] of entries) record[name] = value;
  return record;
}

/** `<key>/<date>/<region>/<service>/aws4_request` of a header or of a presigned URL. */
function scopeOf(authorization: string, presigned: string | undefined): Scope | undefined {
  const credential = presigned ?? /Credential=([^,\s]+)/.exec(authorization)?.[1];
  const [accessKeyId, , region, service] = credential?.split('/') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}

function protocolOf(service: string | undefined, version: string | undefined): ProtocolName {
  if (service === 'iam' || service === 'sts' || service === 'ec2') return service;
  if (version === '2010-05-08') return 'iam';
  return version === '2011-06-15' ? 'sts' : 'ec2';
}

/** Services that write plain XML: the model of each says `rest-xml`. */
const xmlServices = ['s3', 'route53', 'cloudfront'];

function foreignServiceOf(
  name: string | undefined,
  headers: IncomingHttpHeaders,
  parameters: Readonly<Record<string, string>>,
): ForeignService | undefined {
  if (name === undefined || ['ec2', 'iam', 'sts', 'sagemaker'].includes(name)) return undefined;
  if (xmlServices.includes(name)) return { name, format: 'xml' };
  const isJson = headers['x-amz-target'] !== undefined || parameters['Action'] === undefined;
  return { name, format: isJson ? 'json' : 'query' };
}

function withoutSignature(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(parameters);
  return recordOf(entries.filter(([name]) => !name.startsWith('X-Amz-')));
}
