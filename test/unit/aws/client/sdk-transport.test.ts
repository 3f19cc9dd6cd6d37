import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createSdkTransport } from '../../../../src/aws/client/sdk-transport.ts';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import { awsClientEnvironment } from '../../../environment/aws-client-environment.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answer: Answer;
let requests: IncomingMessage[];
let url: string;
let server: ReturnType<typeof createServer>;
let requestHandler: NodeHttpHandler;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    request.resume();
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, awsClientEnvironment(url));
});

afterEach(async () => {
  requestHandler.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function respond(status: number, body: string, contentType = 'text/xml'): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body);
  };
}

/** What the real SDK makes of the server's answer to one call, as a `CloudError`. */
async function failure(
  options: { readonly signal?: AbortSignal; readonly requestTimeoutMs?: number } = {},
) {
  const { signal = new AbortController().signal, requestTimeoutMs = 20_000 } = options;
  requestHandler = new NodeHttpHandler({
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
  });
  const credentials = async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret' });
  const transport = createSdkTransport({ region: 'us-east-1', credentials, requestHandler });
  try {
    await transport.send('ec2:DescribeVpcs', {}, { signal });
  } catch (error) {
    return toCloudError('ec2:DescribeVpcs', error, signal);
  }
  throw new Error('the call succeeded');
}

function ec2ErrorBody(code: string, message: string): string {
  return `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>7a62c49f-0000-4444-8888-abcdefabcdef</RequestID></Response>`;
}

test("EC2's error is told by its code, without the id of the request", async () => {
  answer = respond(400, ec2ErrorBody('InvalidVpcID.NotFound', "The vpc ID 'vpc-1' does not exist"));
  expect(await failure()).toMatchObject({
    kind: 'NotFound',
    code: 'InvalidVpcID.NotFound',
    message: "ec2:DescribeVpcs failed: InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist",
  });
});

test('a throttled call is sent once: the budget decides about another', async () => {
  answer = respond(503, ec2ErrorBody('RequestLimitExceeded', 'Request limit exceeded.'));
  expect(await failure()).toMatchObject({ kind: 'Throttled', code: 'RequestLimitExceeded' });
  expect(requests).toHaveLength(1);
});

test('calls say who makes them', async () => {
  answer = respond(403, ec2ErrorBody('UnauthorizedOperation', 'no'));
  expect(await failure()).toMatchObject({ kind: 'Denied' });
  expect(requests[0]?.headers['user-agent']).toContain('app/sagemaker-privatelink');
});

test.each([
  ['an error page of a proxy', 502],
  ['a page of a captive portal', 200],
])('%s is no answer of AWS', async (_what, status) => {
  answer = respond(status, '<html><body>hello<br></body></html>', 'text/html');
  expect(await failure()).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
});

test('a server that hangs, hangs up or is not there gives no answer', async () => {
  answer = () => undefined;
  expect(await failure({ requestTimeoutMs: 50 })).toMatchObject({ kind: 'Unavailable' });
  answer = (request) => request.socket.destroy();
  expect(await failure()).toMatchObject({ kind: 'Unavailable' });
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
  const refused = await failure();
  expect(refused).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
  expect(refused.message).toContain('ECONNREFUSED');
});

test('a call ends with its signal', async () => {
  const controller = new AbortController();
  answer = () => controller.abort();
  expect(await failure({ signal: controller.signal })).toMatchObject({ kind: 'Aborted' });
});
