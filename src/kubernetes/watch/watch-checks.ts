import type { HealthCheck } from '../../telemetry/health-server.ts';
import type { KubernetesObject } from '../client/object.ts';
import type { ResourceWatch } from './resource-watch.ts';

/**
 * Longer than anything that a watch does in one go: a list of many pages, a silent connection, a
 * pause. Beyond it the loop itself hangs, which only a restart repairs.
 */
const stuckMs = 600_000;

type Watch = Pick<ResourceWatch<KubernetesObject>, 'health'>;

/** For `/healthz`: the loop turns. An API server that is away does not make it fail. */
export function watchTurns(watch: Watch): HealthCheck {
  return {
    name: 'watch',
    problem() {
      const { lastActivityAgeMs } = watch.health();
      if (lastActivityAgeMs < stuckMs) return undefined;
      return `the watch has done nothing for ${Math.round(lastActivityAgeMs / 1000)} s`;
    },
  };
}

/** For `/readyz`: a full list was taken over, and nothing keeps news from arriving. */
export function watchSynced(watch: Watch): HealthCheck {
  return {
    name: 'synced',
    problem() {
      const { synced, problem } = watch.health();
      if (problem !== undefined) return problem.message;
      return synced ? undefined : 'the first list is not there yet';
    },
  };
}
