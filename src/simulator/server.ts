import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Answer, answerRequest, type Engine } from './requests/answer.ts';
import { readRequest } from './protocol/request.ts';

export interface RunningServer {
  readonly url: string;
  /** Ends all connections, also those that hang. */
  close(): Promise<void>;
}

/** Serves an engine over HTTP. */
export async function serve(engine: Engine, host: string, port: number): Promise<RunningServer> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    respond(engine, request, response, closing.signal).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function respond(
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const body = await buffer(request);
  const query = readRequest(request.url ?? '/', request.headers, body, request.method);
  send(response, await answerRequest(engine, query, signal));
}

function send(response: ServerResponse, answer: Answer): void {
  switch (answer.kind) {
    case 'reply':
      response.writeHead(answer.httpStatus, {
        'content-type': 'text/xml;charset=UTF-8',
        'x-amzn-requestid': answer.requestId,
        ...answer.headers,
      });
      response.end(answer.body);
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    default:
      throw new Error(`No such answer: ${JSON.stringify(answer satisfies never)}`);
  }
}
