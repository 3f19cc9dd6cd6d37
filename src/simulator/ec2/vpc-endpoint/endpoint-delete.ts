import type { CallContext } from '../../actions.ts';
import { type Form, missingParameter, textsOf } from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { endpointState } from './endpoint-state.ts';
import type { RegionState } from '../region.ts';

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Deletes what it can; what it cannot is listed in an answer that is a success for HTTP. */
export function deleteVpcEndpoints(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const ids = textsOf(form, 'VpcEndpointId');
  if (ids.length === 0) throw missingParameter('VpcEndpointId');
  const unsuccessful = ids.flatMap((id) => {
    const error = deleteOne(region, id);
    return error === undefined ? [] : [{ resourceId: id, error: { ...error } }];
  });
  return { unsuccessful: itemsOf(unsuccessful) };
}

function deleteOne(region: RegionState, id: string): Refusal | undefined {
  const endpoint = region.endpoints.get(id);
  const nowMs = region.ledger.now();
  const state = endpoint && endpointState(endpoint, nowMs);
  if (endpoint === undefined || state === undefined || state === 'deleted') return notFound(id);
  const refusal = region.deleteRefusals.get(id);
  if (refusal !== undefined) return refusal;
  if (endpoint.requesterManaged) {
    const message = `Operation is not allowed for requester-managed VPC endpoint ${id}`;
    return { code: 'OperationNotPermitted', message };
  }
  if (state === 'deleting') return undefined;
  const deletedAtMs = nowMs + region.settings.deletingMs;
  const goneAtMs = deletedAtMs + region.settings.tombstoneMs;
  region.endpoints.change(id, { deletion: { deletedAtMs, goneAtMs } });
  return undefined;
}

function notFound(id: string): Refusal {
  return {
    code: 'InvalidVpcEndpoint.NotFound',
    message: `The VpcEndpoint Id '${id}' does not exist`,
  };
}
