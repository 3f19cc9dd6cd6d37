/** The links' resources as AWS has them, looked at behind everybody's back. */
import type { CallRecord } from '../src/simulator/call-log.ts';
import type { InspectedEndpoint, RegionControl } from '../src/simulator/control/region-control.ts';
import { ownershipPrefix } from '../src/plan/ownership/ownership.ts';
import type { Policy } from '../src/simulator/iam/records.ts';
import { isLive } from '../test/process/cluster/seen-at-aws.ts';
import type { Telling } from './telling.ts';

export { managedGroups } from '../test/process/cluster/seen-at-aws.ts';

const ownerTag = `${ownershipPrefix}name`;

/** Endpoints that the operator made, as long as they live. */
export function ownEndpoints(region: RegionControl): readonly InspectedEndpoint[] {
  return everOwned(region).filter(isLive);
}

/** Endpoints that the operator ever made. */
export function everOwned(region: RegionControl): readonly InspectedEndpoint[] {
  return region.endpointHistory().filter(({ tags }) => ownerTag in tags);
}

/** The notebook policies of links. */
export function notebookPolicies({ account }: Pick<Telling, 'account'>): readonly Policy[] {
  return account.policies().filter(({ path }) => path === '/sagemaker-privatelink/');
}

export function endpointFor(region: RegionControl, service: string): InspectedEndpoint {
  const found = ownEndpoints(region).find(({ serviceName }) => serviceName.endsWith(`.${service}`));
  if (found === undefined) throw new Error(`AWS has no endpoint for ${service}`);
  return found;
}

/** Parameters that tell what a call is about, the most telling first. */
const telling = [
  'ServiceName',
  'VpcEndpointId',
  'VpcEndpointId.1',
  'GroupId',
  'RoleName',
  'PolicyName',
  'PolicyArn',
  'ResourceId.1',
];

/** A change as it came to AWS, in a few words. */
export function callWords({ action, parameters, httpStatus, errorCode }: CallRecord): string {
  const subject = telling.map((name) => parameters[name]).find((one) => one !== undefined) ?? '';
  const end = httpStatus === 0 ? ' (no answer)' : errorCode === undefined ? '' : ` (${errorCode})`;
  return `${action} ${subject.split('/').at(-1)}${end}`;
}
