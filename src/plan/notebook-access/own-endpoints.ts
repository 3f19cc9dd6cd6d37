/** A link's own endpoints through which notebooks are opened, and where callers are led. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Caller, Endpoint } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import { isOwnedBy } from '../ownership.ts';
import { serviceNameOf, shortNameOf } from '../service-catalogue.ts';
import { opensNotebooks } from './actions.ts';
import type { AccessEndpoint } from './safe-order.ts';

interface EndpointsOfLink {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  /** This link's endpoints of any service and state. */
  readonly owned: readonly Endpoint[];
}

/** Endpoints through which notebooks are opened; one that is being deleted still counts. */
export function ownEndpoints(
  { owned, owner, spec }: EndpointsOfLink,
  { partition }: Caller,
): readonly Endpoint[] {
  return owned
    .filter(({ tags, state }) => isOwnedBy(tags, owner) && state !== 'deleted')
    .filter(({ serviceName }) => {
      const service = shortNameOf(serviceName, spec.region, partition);
      return opensNotebooks(service === undefined ? { serviceName } : { service });
    });
}

/** These endpoints, as the safe order looks at them. */
export function accessEndpoints(input: EndpointsOfLink, caller: Caller): readonly AccessEndpoint[] {
  return ownEndpoints(input, caller).map((one) => ({
    id: one.id,
    isDialled: one.privateDnsEnabled,
    willBeDialled: willBeDialled(input, caller, one),
  }));
}

/** Whether private DNS shall lead callers to the endpoint when the spec is brought about. */
function willBeDialled(
  { spec }: EndpointsOfLink,
  { partition }: Caller,
  { serviceName, state }: Endpoint,
): boolean {
  const isGoing = !['pendingacceptance', 'pending', 'available', 'partial'].includes(state);
  const entry = spec.endpoints.find(
    (one) => serviceNameOf(one, spec.region, partition) === serviceName,
  );
  return !isGoing && entry !== undefined && entry.privateDNS;
}

/** Whether private DNS shall lead callers to an endpoint that is not there yet. */
export function awaitsEndpoints(input: EndpointsOfLink, caller: Caller): boolean {
  const live = ownEndpoints(input, caller).filter((one) => willBeDialled(input, caller, one));
  return input.spec.endpoints
    .filter((entry) => opensNotebooks(entry) && entry.privateDNS)
    .map((entry) => serviceNameOf(entry, input.spec.region, caller.partition))
    .some((name) => !live.some(({ serviceName }) => serviceName === name));
}
