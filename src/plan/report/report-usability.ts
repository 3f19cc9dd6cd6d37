/** Whether clients can use the endpoints of a link, whatever else is being repaired. Pure. */
import type { Endpoint, SecurityGroup, SecurityGroupRule } from '../facts.ts';
import type { PassEnd } from '../pass-end.ts';
import { liveEndpoints } from '../endpoint/plan-endpoint.ts';
import { shownEndpoints } from './report-fields.ts';
import type { ReportInput } from './report-input.ts';
import { serviceNameOf } from '../endpoint/service-catalogue.ts';
import { ownedIn } from '../ownership/observed-holdings.ts';

/** An endpoint of the spec that no client can use now. */
export interface ClosedEndpoint {
  /** The user's name for it. */
  readonly label: string;
  /** AWS's word for its state, or what it lacks: `missing`, `no network interface`, ... */
  readonly why: string;
}

/** The endpoints of the spec that cannot be used; undefined if that is not known. */
export function closedEndpoints(
  input: ReportInput,
  end: PassEnd,
): readonly ClosedEndpoint[] | undefined {
  const shown = shownEndpoints(input, end);
  if (shown === undefined) return undefined;
  const { spec } = input;
  const groups = ownedIn(end.observation, input.owner)?.securityGroups ?? [];
  return spec.endpoints.flatMap((entry): readonly ClosedEndpoint[] => {
    const serviceName = serviceNameOf(entry, spec.region, shown.partition);
    const [endpoint] = liveEndpoints(shown.endpoints, { serviceName, vpcId: shown.vpcId });
    const why = endpoint === undefined ? 'missing' : whatCloses(endpoint, groups);
    return why === undefined ? [] : [{ label: entry.service ?? serviceName, why }];
  });
}

function whatCloses(endpoint: Endpoint, ownGroups: readonly SecurityGroup[]): string | undefined {
  if (endpoint.state !== 'available') return endpoint.state;
  // AWS puts an endpoint back to pending after every change, also before its answers show it.
  if (endpoint.settling === true) return 'pending';
  if (endpoint.networkInterfaceIds.length === 0) return 'no network interface';
  if (endpoint.securityGroupIds.length === 0) return 'no security group';
  // The rules of groups that the user brings are the user's: they are not looked at.
  const admits = (id: string): boolean =>
    ownGroups.find((one) => one.id === id)?.rules?.some(admitsHttps) ?? true;
  if (endpoint.securityGroupIds.some(admits)) return undefined;
  return `security group ${endpoint.securityGroupIds.join(', ')} admits nobody`;
}

const httpsPort = 443;

function admitsHttps({ isEgress, protocol, fromPort, toPort }: SecurityGroupRule): boolean {
  if (isEgress) return false;
  if (protocol === '-1') return true;
  if (protocol !== 'tcp' && protocol !== '6') return false;
  return (fromPort ?? 0) <= httpsPort && httpsPort <= (toPort ?? httpsPort);
}
