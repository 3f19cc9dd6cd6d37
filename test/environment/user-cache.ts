import { mkdir, open, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lock whose holder has not said so for this long is taken to be left over from a crash. */
const STALE_LOCK_MS = 30_000;
const HEARTBEAT_MS = 5_000;
const POLL_MS = 250;

/** A path inside this project's folder of the user's cache. Nothing is created. */
export function userCachePath(...segments: readonly string[]): string {
  const cacheHome = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cacheHome, 'sagemaker-privatelink', ...segments);
}

/**
 * Runs `work` while no other process that uses the same lock file runs its own.
 * Test workers are processes of their own, and what they guard here takes minutes to make.
 * The work must be safe to do twice: a lock left over from a crash is broken without ceremony.
 */
export async function withFileLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lockFile), { recursive: true });
  while (!(await tryCreate(lockFile))) {
    if (await isStale(lockFile)) await rm(lockFile, { force: true });
    else await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(lockFile, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(lockFile, { force: true });
  }
}

async function tryCreate(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(lockFile: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(lockFile)).mtimeMs > STALE_LOCK_MS;
  } catch {
    return false; // Gone between two looks: the next attempt to create it decides.
  }
}
