/** A forward proxy on this machine: it tunnels (CONNECT) and forwards plain HTTP. */
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ForwardProxyOptions {
  /** Where names lead; a name that is not here cannot be resolved. */
  readonly hosts: Readonly<Record<string, { readonly port: number }>>;
  /** `user:password` that the proxy asks for. */
  readonly credentials?: string;
}

export interface ForwardProxy {
  readonly url: string;
  /** What it was asked for: `CONNECT name:port`, or the method and the whole URL. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy on a port of 127.0.0.1 that is free. */
export async function startForwardProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const refusal = refusalOf(request, options, new URL(request.url ?? '').hostname);
    if (refusal !== undefined) {
      response.writeHead(refusal, { 'content-type': 'text/html' }).end('<html>no</html>');
      return;
    }
    const url = new URL(request.url ?? '');
    const { 'proxy-authorization': _own, ...headers } = request.headers;
    const onward = httpRequest({
      host: '127.0.0.1',
      port: options.hosts[url.hostname]?.port,
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket, head) => {
    requests.push(`CONNECT ${request.url}`);
    const name = (request.url ?? '').replace(/:\d+$/, '');
    const refusal = refusalOf(request, options, name);
    socket.on('error', () => socket.destroy());
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Type: text/html\r\n\r\n<html>no</html>`);
      return;
    }
    const onward = connect(options.hosts[name]?.port ?? 0, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const userInfo = options.credentials === undefined ? '' : `${options.credentials}@`;
  return {
    url: `http://${userInfo}127.0.0.1:${port}`,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** 407 without the right credentials, 502 for a name that does not resolve. */
function refusalOf(
  request: IncomingMessage,
  { hosts, credentials }: ForwardProxyOptions,
  name: string,
): number | undefined {
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) return 407;
  return Object.hasOwn(hosts, name) ? undefined : 502;
}
