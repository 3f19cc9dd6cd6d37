import { startSharedApiServer } from './shared-api-server.ts';

// Jest takes a global set-up by its default export.
export default async function setUp(): Promise<void> {
  await startSharedApiServer('process');
}
