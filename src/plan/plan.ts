/**
 * The planner: what to ask AWS, what to do, what to wait for and what is wrong, from a spec and
 * what was observed so far. Pure; called again whenever something was answered or done.
 */
import type { EndpointSpec, SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import { findingsFromErrors } from './cloud-problems.ts';
import { type DesiredEndpoint, desiredEndpoint } from './desired-endpoint.ts';
import type { Caller, NetworkInterface, Subnet, Vpc } from './facts.ts';
import type { Subject } from './findings.ts';
import type { Look, LookKind, OwnerIdentity } from './looks.ts';
import { chooseSubnets, chooseVpc } from './network.ts';
import type { Observation } from './observation.ts';
import { planDeletion } from './plan-deletion.ts';
import { opensNotebooks } from './notebook-access/actions.ts';
import {
  type NotebookAccessInput,
  planNotebookAccess,
  type RememberedAccess,
} from './notebook-access/plan-notebook-access.ts';
import { isGoing, liveEndpoints, type PathPermission, planEndpoint } from './plan-endpoint.ts';
import { planLeftovers } from './plan-leftovers.ts';
import { planSecurityGroup, type SecurityGroupPlan } from './plan-security-group.ts';
import { tagPolicyOf } from './plan-tags.ts';
import { serviceNameOf } from './service-catalogue.ts';
import { joined, type Stage, settled, stage } from './stage.ts';

/** What the last status knows. Hints that save calls or help a repair; none is needed. */
export interface Remembered {
  /** Endpoint id by full service name. */
  readonly endpointIds: Readonly<Record<string, string>>;
  readonly networkInterfaces: readonly NetworkInterface[];
  /** Keys of `spec.tags` that were put on resources. */
  readonly tagKeys: readonly string[];
  readonly access: RememberedAccess;
}

/** What a plan depends on: nothing else. */
export interface PlanInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  /** `absent`: the link is being deleted. */
  readonly goal: 'present' | 'absent';
  readonly observation: Observation;
  readonly remembered: Remembered;
  /** See `DeletionInput.absenceIsFinal`. */
  readonly absenceIsFinal: boolean;
}

/** The plan so far. Complete when it has no looks. */
export interface Plan extends Stage {
  /** The endpoints as they should be; those that cannot be are in `problems`. */
  readonly desired: readonly DesiredEndpoint[];
  /** One subnet per zone, before any service leaves some out. */
  readonly subnets: readonly Subnet[];
  readonly vpc?: Vpc;
  /** True when the link is being deleted and AWS has nothing of it any more. */
  readonly gone: boolean;
}

/** Plans the next steps. */
export function planLink(input: PlanInput): Plan {
  const plan = input.goal === 'absent' ? planAbsence(input) : planPresence(input);
  return { ...plan, ...joined([failedLooks(input.observation), plan]) };
}

/**
 * The notebook policy goes first: with the endpoints gone it would lock out those who come through
 * them.
 */
function planAbsence(input: PlanInput): Plan {
  const { owner, observation, absenceIsFinal, spec } = input;
  const access = planNotebookAccess({
    ...accessInput(input),
    pathsAreFinal: false,
    enablesPrivateDns: false,
  });
  const { deletionPolicy } = spec;
  const deletion = planDeletion({ owner, observation, absenceIsFinal, deletionPolicy });
  const stages = access.mayLeaveEndpoints ? [access.stage, deletion.stage] : [access.stage];
  const gone = deletion.gone && access.isGone;
  return { ...joined(stages), desired: [], subnets: [], gone };
}

function accessInput(
  input: PlanInput,
): Omit<NotebookAccessInput, 'pathsAreFinal' | 'enablesPrivateDns'> {
  const { owner, spec, goal, observation, remembered } = input;
  return {
    owner,
    spec,
    goal,
    observation,
    owned: observation.answers.Owned?.endpoints ?? [],
    tagPolicy: tagPolicyOf(owner, spec.tags ?? {}, remembered.tagKeys),
    remembered: remembered.access,
  };
}

const lookSubjects: Readonly<Record<LookKind, Subject>> = {
  Caller: 'NetworkResolved',
  Owned: 'EndpointsAvailable',
  Vpcs: 'NetworkResolved',
  VpcDnsAttributes: 'NetworkResolved',
  Subnets: 'NetworkResolved',
  EndpointServices: 'NetworkResolved',
  VpcEndpoints: 'EndpointsAvailable',
  SecurityGroups: 'SecurityGroupReady',
  SecurityGroupUses: 'SecurityGroupReady',
  PrefixLists: 'SecurityGroupReady',
  NetworkInterfaces: 'EndpointsAvailable',
  PolicyNames: 'NotebookAccessEnforced',
  ManagedPolicy: 'NotebookAccessEnforced',
  PolicyVersions: 'NotebookAccessEnforced',
  PolicyBoundaryUses: 'NotebookAccessEnforced',
  PrincipalPolicies: 'NotebookAccessEnforced',
};

/** The condition that a look is asked for. */
export function subjectOfLook(kind: LookKind): Subject {
  return lookSubjects[kind];
}

/** Failed looks as findings of the conditions they would have answered. */
function failedLooks({ failures }: Observation): Stage {
  // Who may not list policies has none: see `planNotebookAccess`.
  const { PolicyNames: _names, ...relevant } = failures;
  const failed = Object.entries(relevant).map(([kind, error]) => ({
    error,
    subject: lookSubjects[kind as LookKind],
  }));
  return stage(findingsFromErrors(failed));
}

function planPresence(input: PlanInput): Plan {
  const basics = askFor(input.observation, [
    { kind: 'Caller' },
    { kind: 'Owned', owner: input.owner },
    { kind: 'Vpcs', selector: vpcSelector(input.spec) },
  ]);
  const { Caller: caller, Owned: owned, Vpcs: vpcs } = input.observation.answers;
  if (caller === undefined || owned === undefined || vpcs === undefined) return incomplete(basics);
  const vpc = chooseVpc(input.spec, vpcs);
  if (!vpc.found) return incomplete(stage({ problems: vpc.problems }));
  return planInVpc(input, caller, vpc.value);
}

function vpcSelector({
  vpc,
}: SageMakerPrivateLinkSpec): Extract<Look, { kind: 'Vpcs' }>['selector'] {
  return vpc.id === undefined ? { tags: vpc.tags ?? {} } : { id: vpc.id };
}

/** A spec entry with its full service name. */
interface NamedEntry {
  readonly entry: EndpointSpec;
  readonly serviceName: string;
}

function planInVpc(input: PlanInput, caller: Caller, vpc: Vpc): Plan {
  const { spec, observation } = input;
  const entries = spec.endpoints.map((entry) => ({
    entry,
    serviceName: serviceNameOf(entry, spec.region, caller.partition),
  }));
  const network = askFor(observation, networkLooks(spec, vpc, entries));
  const {
    Subnets: subnets,
    EndpointServices: services,
    VpcDnsAttributes: dns,
  } = observation.answers;
  const needsDns = entries.some(({ entry }) => entry.privateDNS);
  if (subnets === undefined || services === undefined || (needsDns && dns === undefined)) {
    return { ...incomplete(network), vpc };
  }
  const inUse = subnetsInUse(input);
  const chosen = chooseSubnets({ spec, vpc, subnets, account: caller.account, inUse });
  if (!chosen.found) return { ...incomplete(stage({ problems: chosen.problems })), vpc };
  const results = entries.map(({ entry, serviceName }) =>
    desiredEndpoint({
      spec,
      entry,
      serviceName,
      vpc,
      caller,
      chosenSubnets: chosen.value,
      services,
      dnsAttributes: dns,
    }),
  );
  const desired = results.flatMap((result) => (result.found ? [result.value] : []));
  const refused = stage({ problems: results.flatMap((one) => (one.found ? [] : one.problems)) });
  const resources = planResources({ input, vpc, desired, entries });
  return { ...joined([refused, resources]), desired, subnets: chosen.value, vpc, gone: false };
}

function networkLooks(
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
  entries: readonly NamedEntry[],
): readonly Look[] {
  const looks: Look[] = [
    { kind: 'Subnets', vpcId: vpc.id },
    { kind: 'EndpointServices', names: entries.map(({ serviceName }) => serviceName) },
  ];
  if (spec.endpoints.some(({ privateDNS }) => privateDNS)) {
    looks.push({ kind: 'VpcDnsAttributes', vpcId: vpc.id });
  }
  return looks;
}

function subnetsInUse({ observation }: PlanInput): ReadonlySet<string> {
  const { endpoints = [] } = observation.answers.Owned ?? {};
  return new Set(endpoints.flatMap(({ subnetIds }) => subnetIds));
}

interface ResourcesInput {
  readonly input: PlanInput;
  readonly vpc: Vpc;
  readonly desired: readonly DesiredEndpoint[];
  readonly entries: readonly NamedEntry[];
}

function planResources(resources: ResourcesInput): Stage {
  const { input, vpc, entries } = resources;
  const { owner, spec, observation } = input;
  const { tagPolicy } = accessInput(input);
  const access = planNotebookAccess({ ...accessInput(input), ...pathFacts(resources) });
  const group = planSecurityGroup({ owner, spec, vpc, observation, tagPolicy });
  const endpoints = planEndpoints(resources, group, {
    mayEnter: access.mayEnterEndpoints,
    mayLeave: access.mayLeaveEndpoints,
    createWithoutPrivateDns: access.isInPlay,
  });
  const leftovers = planLeftovers({
    owner,
    observation,
    holdings: observation.answers.Owned ?? { endpoints: [], securityGroups: [] },
    wantedServices: entries.map(({ serviceName }) => serviceName),
    vpcId: vpc.id,
    keepsGroup: spec.securityGroup?.ids === undefined,
    mayDeleteEndpoints: access.mayLeaveEndpoints,
  });
  // The policy comes before private DNS also where both could be done in one round.
  return joined([group.stage, access.stage, withDistinctLooks(endpoints), leftovers]);
}

/** How far the ways are by which notebooks are opened. */
function pathFacts({ input, desired, entries, vpc }: ResourcesInput): {
  readonly pathsAreFinal: boolean;
  readonly enablesPrivateDns: boolean;
} {
  const owned = input.observation.answers.Owned?.endpoints ?? [];
  const opening = entries.filter(({ entry }) => opensNotebooks(entry));
  const isFinal = ({ serviceName }: NamedEntry): boolean => {
    const wanted = desired.find((one) => one.serviceName === serviceName);
    const [actual, ...twins] = liveEndpoints(owned, { serviceName, vpcId: vpc.id });
    return (
      wanted !== undefined &&
      actual?.state === 'available' &&
      actual.settling !== true &&
      actual.privateDnsEnabled === wanted.privateDns &&
      twins.length === 0
    );
  };
  const names = entries.map(({ serviceName }) => serviceName);
  const isLeaving = owned.some(
    (one) => one.state === 'deleting' || (!isGoing(one) && !names.includes(one.serviceName)),
  );
  const enablesPrivateDns = desired.some(({ serviceName, vpcId, privateDns }) => {
    const [actual] = liveEndpoints(owned, { serviceName, vpcId });
    return privateDns && actual !== undefined && !actual.privateDnsEnabled;
  });
  return { pathsAreFinal: opening.every(isFinal) && !isLeaving, enablesPrivateDns };
}

function planEndpoints(
  { input, desired, entries }: ResourcesInput,
  group: SecurityGroupPlan,
  paths: PathPermission,
): Stage {
  const { owner, spec, observation, remembered } = input;
  const { Owned: owned, VpcEndpoints: inVpc, Subnets: subnets = [] } = observation.answers;
  const zones = new Map(subnets.map(({ id, zone }) => [id, zone]));
  const looked = observation.answers.NetworkInterfaces ?? [];
  const shared = {
    owner,
    adopt: spec.adoption === 'IfUnowned',
    owned: owned?.endpoints ?? [],
    inVpc,
    serviceNames: entries.map(({ serviceName }) => serviceName),
    groupIds: group.groupIds,
    admitsTraffic: group.admitsTraffic,
    tagPolicy: accessInput(input).tagPolicy,
    claimedByOthers: observation.claimedByOthers ?? [],
    interfaces: [...remembered.networkInterfaces, ...looked],
    zoneOf: (subnetId: string) => zones.get(subnetId),
    paths,
  };
  return joined(
    desired.map((one) => {
      const rememberedId = remembered.endpointIds[one.serviceName];
      return planEndpoint({ ...shared, desired: one, rememberedId });
    }),
  );
}

/** Several endpoints may ask the same; interfaces are asked for at once. */
function withDistinctLooks(stages: Stage): Stage {
  const ids = stages.looks.flatMap((look) => (look.kind === 'NetworkInterfaces' ? look.ids : []));
  const vpcLook = stages.looks.find(({ kind }) => kind === 'VpcEndpoints');
  const looks: Look[] = vpcLook === undefined ? [] : [vpcLook];
  if (ids.length > 0) looks.push({ kind: 'NetworkInterfaces', ids });
  return { ...stages, looks };
}

/** Looks that have neither been answered nor failed. */
function askFor({ answers, failures }: Observation, looks: readonly Look[]): Stage {
  const open = looks.filter(({ kind }) => !(kind in answers) && !(kind in failures));
  return open.length === 0 ? settled : stage({ looks: open });
}

function incomplete(part: Stage): Plan {
  return { ...part, desired: [], subnets: [], gone: false };
}
