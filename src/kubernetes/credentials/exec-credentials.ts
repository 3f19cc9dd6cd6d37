import type { Clock } from '../../runtime/clock.ts';
import { type ExecCredential, runExecPlugin } from './exec-credential.ts';
import { type Environment, isObject } from './kube-config-files.ts';
import type { ResolvedContext } from './kube-config-context.ts';

/**
 * The credentials of a user's exec plugin: kept until they expire, and asked for once for all who
 * need them at the same time. A run that failed is tried again by the next who asks.
 */
export function createExecCredentials(
  { userName, user, cluster, server }: ResolvedContext,
  clock: Clock,
  environment: Environment,
): () => Promise<ExecCredential> {
  const exec = isObject(user['exec']) ? user['exec'] : {};
  let kept: ExecCredential | undefined;
  let running: Promise<ExecCredential> | undefined;
  const run = async (): Promise<ExecCredential> => {
    try {
      kept = await runExecPlugin({ userName, exec, cluster: { ...cluster, server }, environment });
      return kept;
    } finally {
      running = undefined;
    }
  };
  return () => {
    const isGood = kept !== undefined && !isOver(kept, clock.wallTime());
    if (isGood && kept !== undefined) return Promise.resolve(kept);
    running ??= run();
    return running;
  };
}

function isOver({ expiresAt }: ExecCredential, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}
