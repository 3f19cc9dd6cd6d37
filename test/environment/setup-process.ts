import { resolve } from 'node:path';
import { startApiServerPool } from './api-server-pool.ts';
import { runProgram } from './run-program.ts';

const root = resolve(import.meta.dirname, '../..');

// Jest takes a global set-up by its default export.
export default async function setUp(): Promise<void> {
  await buildProgram();
  await startApiServerPool();
}

/** These tests run the program as users do. Only they need it, and jest calls this only for them. */
async function buildProgram(): Promise<void> {
  const { exitCode, stderr } = await runProgram(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
  });
  if (exitCode !== 0) throw new Error(`the bundle could not be built:\n${stderr}`);
}
