/** Whether clients can use the endpoints of a link, whatever else is being repaired. Pure. */
import type { Endpoint, OwnHoldings, SecurityGroupRule } from '../facts.ts';
import type { PassEnd } from '../pass-end.ts';
import { liveEndpoints } from '../endpoint/plan-endpoint.ts';
import { shownEndpoints } from './report-fields.ts';
import type { ReportInput } from './report-input.ts';
import { serviceNameOf } from '../endpoint/service-catalogue.ts';
import { knownGroups, noHoldings, ownedIn } from '../ownership/observed-holdings.ts';

/** An endpoint of the spec that no client can use now. */
export interface ClosedEndpoint {
  /** The user's name for it. */
  readonly label: string;
  /** AWS's word for its state, or what it lacks: `missing`, `no network interface`, ... */
  readonly why: string;
}

/**
 * The endpoints of the spec that cannot be used; undefined if that is not known. One that is closed for
 * certain is, whatever is not known of the others.
 */
export function closedEndpoints(
  input: ReportInput,
  end: PassEnd,
): readonly ClosedEndpoint[] | undefined {
  const shown = shownEndpoints(input, end);
  if (shown === undefined) return undefined;
  const { spec } = input;
  const admission = admissionBy(spec, ownedIn(end.observation, input.owner));
  const judged = spec.endpoints.map((entry) => {
    const serviceName = serviceNameOf(entry, spec.region, shown.partition);
    const [endpoint] = liveEndpoints(shown.endpoints, { serviceName, vpcId: shown.vpcId });
    const why = endpoint === undefined ? 'missing' : whatCloses(endpoint, admission);
    return { label: entry.service ?? serviceName, why };
  });
  const closed = judged.flatMap(({ label, why }) =>
    typeof why === 'string' ? [{ label, why }] : [],
  );
  const isCertain = judged.every(({ why }) => why !== unknown);
  return closed.length > 0 || isCertain ? closed : undefined;
}

/** In the place of a reason: nobody can tell whether it is closed. */
const unknown = Symbol('unknown');

/** Whether a group admits clients. */
type Admission = (groupId: string) => boolean | typeof unknown;

/** The rules of groups that the user brings are the user's: they are not looked at. */
function admissionBy(
  { securityGroup }: ReportInput['spec'],
  owned: OwnHoldings = noHoldings,
): Admission {
  return (id) => {
    const own = owned.securityGroups.find((one) => one.id === id);
    if (own !== undefined) return own.rules?.some(admitsHttps) ?? unknown;
    const mayBeOwn = knownGroups(owned) === undefined && securityGroup?.ids?.includes(id) !== true;
    return mayBeOwn ? unknown : true;
  };
}

function whatCloses(endpoint: Endpoint, admission: Admission): string | typeof unknown | undefined {
  if (endpoint.state !== 'available') return endpoint.state;
  // AWS puts an endpoint back to pending after every change, also before its answers show it.
  if (endpoint.settling === true) return 'pending';
  if (endpoint.networkInterfaceIds.length === 0) return 'no network interface';
  if (endpoint.securityGroupIds.length === 0) return 'no security group';
  const admissions = endpoint.securityGroupIds.map(admission);
  if (admissions.includes(true)) return undefined;
  if (admissions.includes(unknown)) return unknown;
  return `security group ${endpoint.securityGroupIds.join(', ')} admits nobody`;
}

const httpsPort = 443;

function admitsHttps({ isEgress, protocol, fromPort, toPort }: SecurityGroupRule): boolean {
  if (isEgress) return false;
  if (protocol === '-1') return true;
  if (protocol !== 'tcp' && protocol !== '6') return false;
  return (fromPort ?? 0) <= httpsPort && httpsPort <= (toPort ?? httpsPort);
}
