import type { DesiredEndpoint } from './desired-endpoint.ts';
import type { Endpoint, NetworkInterface, Subnet } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { EntryHold } from '../notebook-policy/unread-policy.ts';
import type { Observation } from '../observation.ts';
import type { TagPolicy } from '../tags/plan-tags.ts';

/** Everything that the plan of one endpoint depends on. */
export interface EndpointInput {
  readonly owner: OwnerIdentity;
  readonly adopt: boolean;
  readonly desired: DesiredEndpoint;
  /** This link's endpoints of any service and state. */
  readonly owned: readonly Endpoint[];
  /** The same of its former selves. */
  readonly former: readonly Endpoint[];
  /** All endpoints of the VPC for the link's services; undefined while not looked at. */
  readonly inVpc: readonly Endpoint[] | undefined;
  /** All services of the link, for the look at the VPC's endpoints. */
  readonly serviceNames: readonly string[];
  readonly groupIds: readonly string[] | undefined;
  readonly admitsTraffic: boolean;
  /** See `SecurityGroupPlan.rulesAreUnread`. */
  readonly rulesAreUnread: boolean;
  /** See `SecurityGroupPlan.isComing`. */
  readonly groupIsComing: boolean;
  readonly tagPolicy: TagPolicy;
  readonly interfaces: readonly NetworkInterface[] | undefined;
  /** All subnets of the VPC. */
  readonly subnets: readonly Subnet[];
  /** The same with the addresses that are free now; undefined while not looked at. */
  readonly freeAddresses: readonly Subnet[] | undefined;
  /** How many of its free addresses other endpoints of the link are about to take. */
  readonly reservedIn: (subnet: Subnet) => number;
  /** Whether that look has failed. */
  readonly freeAddressesAreUnknown: boolean;
  readonly refusals: Observation['refusals'];
  /** Id of this endpoint in the last status: a hint, never the truth. */
  readonly rememberedId: string | undefined;
  /** Endpoints that are not ours any more although our client tokens made them. */
  readonly claimedByOthers: readonly string[];
  readonly paths: PathPermission;
}

/** The changes that the notebook policy allows to the ways by which callers come. */
export interface PathPermission {
  /** Whether private DNS may be turned on. */
  readonly mayEnter: boolean;
  /** Why it may not, where IAM cannot be read. */
  readonly entryHold?: EntryHold;
  /** Whether private DNS may be turned off, and endpoints deleted. */
  readonly mayLeave: boolean;
  /** Whether endpoints are created without private DNS, which is turned on later. */
  readonly createWithoutPrivateDns: boolean;
}
