/** Endpoints that have the private names of another one. */
import type { EndpointInput } from './endpoint-input.ts';
import type { Endpoint } from '../facts.ts';
import type { Wait } from '../findings.ts';
import { foreignOwnerOf } from '../ownership/ownership.ts';
import { type Stage, stage, stalledStage } from '../stage.ts';
import { askFirst, strangerWords } from '../ownership/stranger-words.ts';

/** A deleting endpoint still owns its private DNS name. */
export function holdsPrivateDns(endpoint: Endpoint): boolean {
  return endpoint.privateDnsEnabled && endpoint.state !== 'deleted';
}

/** The problem of somebody else's endpoint that is in the way, with the choices. */
export function planConflict(rival: Endpoint, { desired, owner }: EndpointInput): Stage {
  const other = foreignOwnerOf(rival.tags, owner);
  const choices =
    other === undefined
      ? 'Then set spec.adoption: IfUnowned to take it over, set privateDNS: false for this endpoint, or have it deleted.'
      : 'Then set privateDNS: false for this endpoint, or have it deleted there.';
  return stalledStage(
    'EndpointsAvailable',
    'PrivateDNSConflict',
    `Private DNS of ${desired.serviceName} in ${desired.vpcId} is taken by ${rival.id}, ${strangerWords(rival.tags, owner)}. ${askFirst(rival.tags, owner)} ${choices}`,
  );
}

/** Something about an endpoint that AWS works on. */
export function waiting(reason: Wait['reason'], message: string, id: string): Stage {
  return stage({ waits: [{ subject: 'EndpointsAvailable', reason, message, endpointIds: [id] }] });
}
