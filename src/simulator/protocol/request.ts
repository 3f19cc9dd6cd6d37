import type { IncomingHttpHeaders } from 'node:http';
import type { ProtocolName } from './xml.ts';

/** A Query request, as far as the caller's words go. */
export interface QueryRequest {
  readonly protocol: ProtocolName;
  readonly action: string;
  readonly region: string;
  /** Undefined: the request is not signed. */
  readonly accessKeyId: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Reads a request of the Query protocol. Service and region come from the credential scope of the
 * signature, else from the version of the API. The signature itself is not verified.
 */
export function readRequest(url: string, headers: IncomingHttpHeaders, body: string): QueryRequest {
  const query = new URL(url, 'http://localhost').searchParams;
  const parameters = Object.fromEntries([...query, ...new URLSearchParams(body)]);
  const scope = scopeOf(headers.authorization ?? '', parameters['X-Amz-Credential']);
  return {
    protocol: protocolOf(scope?.service, parameters['Version']),
    action: parameters['Action'] ?? '',
    region: scope?.region ?? 'us-east-1',
    accessKeyId: scope?.accessKeyId,
    parameters: withoutSignature(parameters),
  };
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

function withoutSignature(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith('X-Amz-')));
}
