/** Stands between the operator and an AWS that keeps no record of its own. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A running proxy. */
export interface CountingProxy {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Names of the actions in the order in which they arrived, such as `DescribeVpcs`. */
  actions(): readonly string[];
  reset(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1 that notes the action of each request to `target`. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let actions: string[] = [];
  const server = createServer((incoming, response) => {
    void pass(target, incoming, response, (action) => actions.push(action)).catch(() => {
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    actions: () => actions,
    reset: () => {
      actions = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  note: (action: string) => void,
): Promise<void> {
  const body = await buffer(incoming);
  // AWS's query protocol has the action as a field of the form.
  note(new URLSearchParams(body.toString('utf8')).get('Action') ?? incoming.url ?? '?');
  const { method, headers } = incoming;
  const options = { method, headers: { ...headers, connection: 'close' } };
  const outgoing = request(new URL(incoming.url ?? '/', target), options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  outgoing.end(body);
}
