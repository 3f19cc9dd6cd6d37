/** Many requests of a benchmark to the API server, over connections that stay open. */
import pMap from 'p-map';
import { Agent, request } from 'undici';
import type { ApiServerCoordinates } from '../../test/environment/api-server-access.ts';

/** One write of an administrator. */
export interface Write {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: object;
}

const connections = 16;

/** Sends all writes as fast as the API server takes them. Throws for one that it refuses. */
export async function writeAll(
  server: Pick<ApiServerCoordinates, 'url' | 'adminToken' | 'certificateAuthority'>,
  writes: readonly Write[],
): Promise<void> {
  const { url, adminToken, certificateAuthority: ca } = server;
  const dispatcher = new Agent({ connections, connect: { ca } });
  const send = async ({ method, path, body }: Write): Promise<void> => {
    const type = method === 'PATCH' ? 'merge-patch+json' : 'json';
    const headers = {
      authorization: `Bearer ${adminToken}`,
      'content-type': `application/${type}`,
    };
    const answer = await request(`${url}${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
      dispatcher,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${text}`);
  };
  try {
    await pMap(writes, send, { concurrency: connections });
  } finally {
    await dispatcher.close();
  }
}
