import { stopApiServerPool } from './api-server-pool.ts';
import { stopSharedApiServers } from './shared-api-server.ts';

// Jest takes a global tear-down by its default export.
export default async function tearDown(): Promise<void> {
  await Promise.all([stopSharedApiServers(), stopApiServerPool()]);
}
