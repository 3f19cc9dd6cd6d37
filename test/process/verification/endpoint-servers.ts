/** An endpoint with an address in each of two zones, on this machine. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** How an address answers; `nobody` refuses. */
export type Answer =
  | { readonly kind: 'tls'; readonly cert: string; readonly key: string }
  | { readonly kind: 'http' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'nobody' };

export interface EndpointServers {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on one port at every address that somebody answers at. */
export async function startEndpointServers(
  answers: Readonly<Record<string, Answer>>,
): Promise<EndpointServers> {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  let port = 0;
  for (const [address, answer] of Object.entries(answers)) {
    if (answer.kind === 'nobody') continue;
    const server = serverOf(answer);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.listen(port, address);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    servers.push(server);
  }
  return {
    // A port that nobody listens on where all refuse.
    port: port === 0 ? 1 : port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        servers.map(async (server) => {
          server.close();
          await once(server, 'close');
        }),
      );
    },
  };
}

function serverOf(answer: Exclude<Answer, { kind: 'nobody' }>): Server {
  switch (answer.kind) {
    case 'tls': {
      const server = createTlsServer(answer);
      server.on('tlsClientError', () => undefined);
      return server;
    }
    case 'http':
      return createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    case 'silent':
      return createServer(() => undefined);
  }
}
