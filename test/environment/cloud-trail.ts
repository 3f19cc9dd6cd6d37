/** Stands before a simulated AWS and tells of each change that passes, as CloudTrail and EventBridge do. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface CloudTrail {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Names of the calls that were told of, in their order. */
  readonly told: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts one on a port of 127.0.0.1 that is free.
 *
 * @param tell takes an event, as EventBridge writes it
 */
export async function startCloudTrail(
  target: string,
  tell: (event: object) => Promise<void>,
): Promise<CloudTrail> {
  const told: string[] = [];
  const server = createServer((incoming, response) => {
    void pass(target, incoming, response, async (call) => {
      if (/^(Describe|Get|List|Assume|Simulate)/.test(call.name)) return;
      told.push(call.name);
      await tell(eventOf(call));
    }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Call {
  readonly service: string;
  readonly region: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly isRefused: boolean;
}

async function pass(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  note: (call: Call) => Promise<void>,
): Promise<void> {
  const body = await buffer(incoming);
  const { Action: name = '', ...parameters } = Object.fromEntries(
    new URLSearchParams(body.toString('utf8')),
  );
  const { method, headers } = incoming;
  const [, region = '', service = ''] =
    /\/([\w-]+)\/(\w+)\/aws4_request/.exec(headers.authorization ?? '') ?? [];
  const options = { method, headers: { ...headers, connection: 'close' } };
  const outgoing = request(new URL(incoming.url ?? '/', target), options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    const requestId = String(answer.headers['x-amzn-requestid']);
    const isRefused = answer.statusCode !== 200;
    void note({ service, region, name, parameters, requestId, isRefused });
  });
  outgoing.on('error', () => response.destroy());
  outgoing.end(body);
}

function eventOf({ service, region, name, parameters, requestId, isRefused }: Call): object {
  const account = '111122223333';
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account,
    region,
    resources: [],
    detail: {
      eventSource: `${service}.amazonaws.com`,
      eventName: name,
      awsRegion: region,
      requestID: requestId,
      eventID: randomUUID(),
      eventType: 'AwsApiCall',
      readOnly: false,
      recipientAccountId: account,
      requestParameters: { [`${name}Request`]: parameters },
      ...(isRefused ? { errorCode: 'Client.Refused' } : { responseElements: { _return: true } }),
    },
  };
}
