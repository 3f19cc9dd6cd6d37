import { rowOf } from '../aws-errors/error-table.ts';
import { quotas } from '../aws-errors/service-quotas.ts';
import type { Observation } from '../observation.ts';
import type { EndpointAction } from './actions.ts';

const creation: EndpointAction['kind'] = 'CreateVpcEndpoint';

/** Quotas of which every endpoint that goes frees a part. */
const freedByEndpoints: readonly unknown[] = [quotas.endpoints, quotas.interfaces];

/**
 * Whether AWS refused another endpoint in this pass because of a quota that an endpoint's deletion
 * makes room in. Other quotas (groups of an interface, tags) refuse the creation after it as well.
 */
export function hasNoRoom({ refusals }: Observation): boolean {
  const code = refusals[creation];
  return code !== undefined && freedByEndpoints.includes(rowOf({ code, text: '' })?.quota);
}
