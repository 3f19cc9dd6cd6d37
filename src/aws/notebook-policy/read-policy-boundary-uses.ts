import { CloudError } from '../../plan/cloud.ts';
import type { Principal } from '../../plan/facts.ts';
import type { AskOptions } from '../consistency/shared-read.ts';
import { findEntities } from './read-policy-entities.ts';
import type { ReadContext } from '../read-context.ts';

/** Answers `PolicyBoundaryUses`: nobody, if there is no such policy. Not shared: it is rare. */
export function createPolicyBoundaryUsesReader({ calls }: ReadContext) {
  return async (arn: string, { signal }: AskOptions): Promise<readonly Principal[]> => {
    try {
      return await findEntities(arn, 'PermissionsBoundary', calls, signal);
    } catch (error) {
      if (error instanceof CloudError && error.kind === 'NotFound') return [];
      throw error;
    }
  };
}
