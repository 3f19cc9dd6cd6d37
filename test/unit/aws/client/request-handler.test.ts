import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createRequestHandler,
  requestTimeoutOf,
} from '../../../../src/aws/client/request-handler.ts';
import { createSdkTransport } from '../../../../src/aws/client/sdk-transport.ts';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import { type ForwardProxy, startForwardProxy } from '../../../environment/forward-proxy.ts';

const host = 'ec2.us-east-1.example';

let aws: Server;
let proxy: ForwardProxy;
let seen: string[];

beforeEach(async () => {
  seen = [];
  aws = createServer((request, response) => {
    seen.push(request.headers.host ?? '');
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end('<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>');
  });
  aws.listen(0, '127.0.0.1');
  await once(aws, 'listening');
  const { port } = aws.address() as AddressInfo;
  proxy = await startForwardProxy({ hosts: { [host]: { port } }, credentials: 'me:secret' });
});

afterEach(async () => {
  await proxy.close();
  aws.closeAllConnections();
  aws.close();
  await once(aws, 'close');
});

async function describeVpcs(url: string, through: string): Promise<unknown> {
  process.env['AWS_ENDPOINT_URL'] = url;
  const requestHandler = createRequestHandler(() => through);
  const credentials = async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret' });
  const transport = createSdkTransport({ region: 'us-east-1', credentials, requestHandler });
  const { signal } = new AbortController();
  try {
    return await transport.send('ec2:DescribeVpcs', {}, { signal });
  } catch (error) {
    return toCloudError('ec2:DescribeVpcs', error, signal);
  } finally {
    requestHandler.destroy();
  }
}

test('a call goes through the proxy, which alone can resolve the name', async () => {
  expect(await describeVpcs(`http://${host}`, proxy.url)).toMatchObject({ Vpcs: [] });
  expect(proxy.requests).toEqual([`POST http://${host}/`]);
  expect(seen).toEqual([host]);
});

test('a call over TLS is tunnelled', async () => {
  // The server behind it speaks no TLS, which shows that the tunnel was opened to it.
  const error = await describeVpcs(`https://${host}`, proxy.url);
  expect(error).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
  expect(proxy.requests).toEqual([`CONNECT ${host}:443`]);
});

test.each(['http', 'https'])(
  'what the proxy refuses of %s is no answer of AWS, and says why',
  async (scheme) => {
    const stranger = proxy.url.replace('me:secret', 'me:wrong');
    const refused = await describeVpcs(`${scheme}://${host}`, stranger);
    expect(refused).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
    expect(String(refused)).toMatch(/HTTP 407: the proxy .*credentials/);
    const unresolved = await describeVpcs(`${scheme}://nowhere.example`, proxy.url);
    expect(unresolved).toMatchObject({ kind: 'Unavailable', code: 'NoAnswer' });
    expect(String(unresolved)).toMatch(/HTTP 502/);
  },
);

test('changes that AWS is known to answer late have a minute', () => {
  for (const action of ['ec2:CreateVpcEndpoint', 'ec2:ModifyVpcEndpoint', 'iam:CreatePolicy']) {
    expect(requestTimeoutOf(action)).toBe(60_000);
  }
  expect(requestTimeoutOf('ec2:DescribeVpcEndpoints')).toBeUndefined();
});

test('the limit of a call is that of its action', async () => {
  const limits: unknown[] = [];
  const requestHandler = createRequestHandler();
  const { handle } = requestHandler;
  requestHandler.handle = (request, options) => {
    limits.push(options?.requestTimeout);
    return handle.call(requestHandler, request, options);
  };
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const credentials = async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret' });
  const transport = createSdkTransport({ region: 'us-east-1', credentials, requestHandler });
  const { signal } = new AbortController();
  const input = { VpcId: 'vpc-1', ServiceName: 's' };
  await transport.send('ec2:CreateVpcEndpoint', input, { signal }).catch(() => undefined);
  await transport.send('ec2:DescribeVpcs', {}, { signal });
  expect(limits).toEqual([60_000, undefined]);
  requestHandler.destroy();
});

test('an address of another protocol is named as a setting, and nobody is asked', async () => {
  const error = await describeVpcs(`ftp://${host}`, proxy.url);
  expect(error).toMatchObject({
    code: 'NoAnswer',
    message: expect.stringMatching(/http or https, see AWS_ENDPOINT_URL/),
  });
  expect(proxy.requests).toEqual([]);
});
