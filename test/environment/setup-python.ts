import { ensurePythonEnvironment } from './python.ts';

// Jest takes a global set-up by its default export. Made here, where no time limit of a test runs.
export default async function setUp(): Promise<void> {
  await ensurePythonEnvironment();
}
