import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApiServer, startApiServer } from './api-server.ts';
import { ApiServerAccess, type ApiServerCoordinates } from './api-server-access.ts';

/** The jest projects whose test files share one API server (see their global set-up). */
export type SharedBy = 'kubernetes' | 'process';

/**
 * The API server that all test files of a jest project share. Tests that restart the server,
 * count its requests or need the cluster for themselves start their own with `startApiServer`.
 */
export function sharedApiServer(project: SharedBy): ApiServerAccess {
  const file = process.env[variableOf(project)];
  if (!file) throw new Error(`No shared API server: is this test in jest's project ${project}?`);
  return new ApiServerAccess(JSON.parse(readFileSync(file, 'utf8')) as ApiServerCoordinates);
}

/** For global set-up alone: starts the server and tells jest's workers where it is. */
export async function startSharedApiServer(project: SharedBy): Promise<void> {
  const server = await startApiServer();
  const { url, certificateAuthority, adminToken, folder } = server;
  const file = join(folder, 'coordinates.json');
  await writeFile(file, JSON.stringify({ url, certificateAuthority, adminToken, folder }));
  process.env[variableOf(project)] = file; // Workers inherit it: they start after global set-up.
  running().push(server);
}

/** For global tear-down alone. */
export async function stopSharedApiServers(): Promise<void> {
  await Promise.all(
    running()
      .splice(0)
      .map((server) => server.stop()),
  );
}

function variableOf(project: SharedBy): string {
  return `SMPL_TEST_API_SERVER_${project.toUpperCase()}`;
}

/** Jest loads set-up and tear-down as separate copies of this module; only the global is one. */
function running(): ApiServer[] {
  const holder = globalThis as { smplSharedApiServers?: ApiServer[] };
  holder.smplSharedApiServers ??= [];
  return holder.smplSharedApiServers;
}
