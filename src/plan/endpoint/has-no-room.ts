import { isQuotaCode } from '../aws-errors/error-table.ts';
import type { Observation } from '../observation.ts';
import type { EndpointAction } from './actions.ts';

const creation: EndpointAction['kind'] = 'CreateVpcEndpoint';

/** Whether AWS refused another endpoint in this pass because a quota is used up. */
export function hasNoRoom({ refusals }: Observation): boolean {
  return isQuotaCode(refusals[creation]);
}
