import type { SimulatedAws } from './simulated-aws.ts';

/** Versions of the services' APIs. */
const versions = { ec2: '2016-11-15', iam: '2010-05-08', sts: '2011-06-15' } as const;

/**
 * A request without any client: what is on the wire and nothing else.
 *
 * @param accessKeyId empty: the request is not signed
 */
export async function post(
  { simulator }: SimulatedAws,
  parameters: Readonly<Record<string, string>>,
  service: keyof typeof versions = 'ec2',
  accessKeyId = 'test',
  sessionToken?: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const scope = `${accessKeyId}/20260101/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const response = await fetch(simulator.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(accessKeyId === '' ? {} : { authorization }),
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    },
    body: new URLSearchParams({ Version: versions[service], ...parameters }),
  });
  return { status: response.status, body: await response.text() };
}
