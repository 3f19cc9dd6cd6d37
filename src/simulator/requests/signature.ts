import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, HttpRequest, SourceData } from '@smithy/types';
import type { Scope, SignedMessage } from '../protocol/request.ts';

/**
 * Whether a message was signed with the secret, by AWS's own signer: what it makes of the same
 * message at the same time is compared. Knows Signature Version 4 in a header and in a URL.
 */
export async function isSignedWith(
  message: SignedMessage,
  scope: Scope,
  secretAccessKey: string,
): Promise<boolean> {
  const { signature, signedHeaders, date } = message;
  const signingDate = dateOf(date);
  if (signingDate === undefined || !isOfItsBody(message)) return false;
  const signer = new SignatureV4({
    credentials: { accessKeyId: scope.accessKeyId, secretAccessKey },
    region: scope.region,
    service: scope.service,
    sha256: Sha256,
    // Otherwise the signer would add a header that the client did not sign.
    applyChecksum: false,
  });
  const options = { signingDate, signableHeaders: new Set(signedHeaders) };
  const request = requestOf(message);
  const again =
    message.expiresIn === undefined
      ? (await signer.sign(request, options)).headers['authorization']
      : (await signer.presign(request, { ...options, expiresIn: message.expiresIn })).query?.[
          'X-Amz-Signature'
        ];
  return typeof again === 'string' && endsWith(again, signature);
}

/** Clients may send the hash of the body as a header, which is what they sign then. */
function isOfItsBody({ headers, body }: SignedMessage): boolean {
  const given = headers['x-amz-content-sha256'];
  return given === undefined || given === createHash('sha256').update(body).digest('hex');
}

function endsWith(text: string, signature: string): boolean {
  const end = Buffer.from(text.slice(-64));
  const given = Buffer.from(signature);
  return end.length === given.length && timingSafeEqual(end, given);
}

/** The message as it was before it was signed, with the headers that were. */
function requestOf({ method, url, headers, body, signedHeaders }: SignedMessage): HttpRequest {
  const { pathname, searchParams, protocol, hostname } = new URL(url, 'http://localhost');
  const signed = signedHeaders.flatMap((name): [string, string][] => {
    const value = headers[name];
    return value === undefined ? [] : [[name, [value].flat().join(',')]];
  });
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(searchParams.keys())) {
    if (!signatureParameters.has(name)) query[name] = searchParams.getAll(name);
  }
  return {
    method,
    protocol,
    hostname,
    path: pathname,
    query,
    headers: Object.fromEntries(signed),
    body,
  };
}

/** Those that presigning adds by itself. The token of a session is one of the others. */
const signatureParameters: ReadonlySet<string> = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
]);

/** `20260101T000000Z` */
function dateOf(text: string): Date | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The hash of Node in the form that the signer asks for. */
class Sha256 implements Checksum {
  readonly #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('The signer makes a new hash each time.');
  }
}

function bytesOf(data: SourceData): Uint8Array | string {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
