/**
 * API servers that the test files of a run borrow one after another. To start one costs seconds of a
 * processor core; jest's workers need as many as there are workers.
 */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiServer, startApiServer } from './api-server.ts';
import { ApiServerAccess, type ApiServerCoordinates } from './api-server-access.ts';

/** An API server for one test file alone, until it is given back. */
export interface BorrowedApiServer {
  readonly access: ApiServerAccess;
  /** To be called when the server is as it was: the next test file gets it. */
  giveBack(): Promise<void>;
}

const addressVariable = 'SMPL_TEST_API_SERVER_POOL';

/** Undefined where there is no pool: outside of jest, and where its set-up has not run. */
export async function borrowApiServer(): Promise<BorrowedApiServer | undefined> {
  const address = process.env[addressVariable];
  if (address === undefined) return undefined;
  const coordinates = (await ask(`${address}/borrow`)) as ApiServerCoordinates;
  return {
    access: new ApiServerAccess(coordinates),
    giveBack: async () => void (await ask(`${address}/${new URL(coordinates.url).port}`)),
  };
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw new Error(`no API server from the pool: ${text}`);
  return JSON.parse(text);
}

/** For global set-up alone. No server is started before somebody borrows one. */
export async function startApiServerPool(): Promise<void> {
  const servers: ApiServer[] = [];
  const free: ApiServer[] = [];
  const borrow = async (): Promise<ApiServerCoordinates> => {
    const known = free.pop();
    if (known !== undefined) return coordinatesOf(known);
    const started = await startApiServer();
    servers.push(started);
    return coordinatesOf(started);
  };
  const door = createServer((request, response) => {
    const path = request.url ?? '';
    const returned = servers.find(({ url }) => url.endsWith(`:${path.slice(1)}`));
    if (returned !== undefined) free.push(returned);
    answer(response, returned === undefined ? borrow() : Promise.resolve({}));
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  process.env[addressVariable] = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  holder().smplApiServerPool = { door, servers };
}

/** For global tear-down alone. */
export async function stopApiServerPool(): Promise<void> {
  const { smplApiServerPool: pool } = holder();
  if (pool === undefined) return;
  holder().smplApiServerPool = undefined;
  pool.door.closeAllConnections();
  pool.door.close();
  await Promise.all(pool.servers.map((server) => server.stop()));
}

function coordinatesOf(server: ApiServer): ApiServerCoordinates {
  const { url, certificateAuthority, adminToken, folder } = server;
  return { url, certificateAuthority, adminToken, folder };
}

function answer(response: ServerResponse, result: Promise<object>): void {
  result.then(
    (body) => response.end(JSON.stringify(body)),
    (error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    },
  );
}

/** Jest loads set-up and tear-down as separate copies of this module; only the global is one. */
function holder(): { smplApiServerPool?: Pool | undefined } {
  return globalThis as { smplApiServerPool?: Pool | undefined };
}

interface Pool {
  readonly door: Server;
  readonly servers: readonly ApiServer[];
}
