import { createHash, createHmac } from 'node:crypto';
import type { SimulatedAws } from './simulated-aws.ts';

/** Versions of the services' APIs. */
const versions = { ec2: '2016-11-15', iam: '2010-05-08', sts: '2011-06-15' } as const;

type Service = keyof typeof versions;

/** Credentials as AWS gives them out. */
export interface IssuedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/**
 * A request without any client: what is on the wire and nothing else.
 *
 * @param key the id of an access key, with a signature of nothing; or issued credentials, which
 *   sign the request. Empty: the request is not signed.
 * @param headers sent beside, or in place of, those that the request has by itself
 */
export async function post(
  { simulator }: Pick<SimulatedAws, 'simulator'>,
  parameters: Readonly<Record<string, string>>,
  service: Service = 'ec2',
  key: string | IssuedKey = 'test',
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const body = new URLSearchParams({ Version: versions[service], ...parameters }).toString();
  const response = await fetch(simulator.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-amz-date': date,
      ...authorization(new URL(simulator.url).host, service, key, body),
      ...headers,
    },
    body,
  });
  return { status: response.status, body: await response.text() };
}

const date = '20260101T000000Z';

function authorization(
  host: string,
  service: Service,
  key: string | IssuedKey,
  body: string,
): Record<string, string> {
  if (key === '') return {};
  const id = typeof key === 'string' ? key : key.accessKeyId;
  const scope = `20260101/us-east-1/${service}/aws4_request`;
  const signature = typeof key === 'string' ? '0' : signatureOf(host, scope, key, body);
  const token = typeof key === 'string' ? undefined : key.sessionToken;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
  };
}

/** Signature Version 4 by its description, not by the library that the simulator has it from. */
function signatureOf(host: string, scope: string, key: IssuedKey, body: string): string {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const headers = `host:${host}\nx-amz-date:${date}\n`;
  const request = `POST\n/\n\n${headers}\nhost;x-amz-date\n${hash(body)}`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(request)}`;
  const signingKey = scope
    .split('/')
    .reduce<Buffer>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      Buffer.from(`AWS4${key.secretAccessKey}`),
    );
  return createHmac('sha256', signingKey).update(text).digest('hex');
}
