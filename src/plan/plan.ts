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
import { planEndpoint } from './plan-endpoint.ts';
import { planLeftovers } from './plan-leftovers.ts';
import { planSecurityGroup } from './plan-security-group.ts';
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

function planAbsence(input: PlanInput): Plan {
  const { owner, observation, absenceIsFinal, spec } = input;
  const { deletionPolicy } = spec;
  const deletion = planDeletion({ owner, observation, absenceIsFinal, deletionPolicy });
  return { ...deletion.stage, desired: [], subnets: [], gone: deletion.gone };
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
  PrefixLists: 'SecurityGroupReady',
  NetworkInterfaces: 'EndpointsAvailable',
  PolicyNames: 'NotebookAccessEnforced',
  ManagedPolicy: 'NotebookAccessEnforced',
  PolicyVersions: 'NotebookAccessEnforced',
  PolicyBoundaryUses: 'NotebookAccessEnforced',
  PrincipalPolicies: 'NotebookAccessEnforced',
};

/** Failed looks as findings of the conditions they would have answered. */
function failedLooks({ failures }: Observation): Stage {
  const failed = Object.entries(failures).map(([kind, error]) => ({
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
  const resources = planResources(input, vpc, desired, entries);
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

function planResources(
  input: PlanInput,
  vpc: Vpc,
  desired: readonly DesiredEndpoint[],
  entries: readonly NamedEntry[],
): Stage {
  const { owner, spec, observation, remembered } = input;
  const tagPolicy = tagPolicyOf(owner, spec.tags ?? {}, remembered.tagKeys);
  const group = planSecurityGroup({ owner, spec, vpc, observation, tagPolicy });
  const { Owned: owned, VpcEndpoints: inVpc, Subnets: subnets = [] } = observation.answers;
  const zones = new Map(subnets.map(({ id, zone }) => [id, zone]));
  const interfaces = [
    ...remembered.networkInterfaces,
    ...(observation.answers.NetworkInterfaces ?? []),
  ];
  const endpoints = desired.map((one) =>
    planEndpoint({
      owner,
      adopt: spec.adoption === 'IfUnowned',
      desired: one,
      owned: owned?.endpoints ?? [],
      inVpc,
      serviceNames: entries.map(({ serviceName }) => serviceName),
      groupIds: group.groupIds,
      admitsTraffic: group.admitsTraffic,
      tagPolicy,
      interfaces,
      zoneOf: (subnetId) => zones.get(subnetId),
      rememberedId: remembered.endpointIds[one.serviceName],
    }),
  );
  const leftovers = planLeftovers({
    owner,
    holdings: owned ?? { endpoints: [], securityGroups: [] },
    wantedServices: entries.map(({ serviceName }) => serviceName),
    vpcId: vpc.id,
    keepsGroup: spec.securityGroup?.ids === undefined,
  });
  return joined([group.stage, withDistinctLooks(joined(endpoints)), leftovers]);
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
