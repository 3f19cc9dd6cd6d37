/**
 * The planner: what to ask AWS, what to do, what to wait for and what is wrong, from a spec and
 * what was observed so far. Pure; called again whenever something was answered or done.
 */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import { clientServiceLooks } from './clients/status/client-services.ts';
import { holdForClients } from './clients/status/deletion-hold.ts';
import { chooseSubnets, type SubnetSelection } from './network/choose-subnets.ts';
import { type Place, placeOf } from './network/choose-vpc.ts';
import { type Desired, desiredEndpoint } from './endpoint/desired-endpoint.ts';
import type { Caller, OwnHoldings } from './facts.ts';
import { failedLooks } from './failed-looks.ts';
import type { Subject } from './findings.ts';
import type { Look } from './looks.ts';
import {
  dnsAttributesLook,
  looksElsewhere,
  type NamedEntry,
  networkLooks,
  servicesLook,
  subnetsLook,
  vpcsLook,
} from './network/network-looks.ts';
import { callerIn } from './network/caller-in.ts';
import { knownEndpoints, ownedIn } from './ownership/observed-holdings.ts';
import { answerTo, isAsked, type Observation } from './observation.ts';
import { planDeletion } from './deletion/plan-deletion.ts';
import type { NotebookAccessInput } from './notebook-policy/access-input.ts';
import {
  type NotebookAccessPlan,
  planNotebookAccess,
} from './notebook-policy/plan-notebook-access.ts';
import { withoutMaking } from './security-group/kept-place.ts';
import { partitionOfRegion } from './network/partitions.ts';
import { withSharedTags } from './tags/shared-tags.ts';
import type { Plan, PlanInput } from './plan-input.ts';
import { serviceNameOf } from './endpoint/service-catalogue.ts';
import { joined, type Stage, settled, stage } from './stage.ts';
import { endpointOf, planResources, type PlaceInVpc, tagPolicyIn } from './plan-resources.ts';

/** Plans the next steps. */
export function planLink(input: PlanInput): Plan {
  const plan = input.goal === 'absent' ? planAbsence(input) : planPresence(input);
  const whole = joined([failedLooks(input.observation, input.goal === 'absent'), plan]);
  return { ...plan, ...whole, actions: withSharedTags(whole.actions, input.observation) };
}

/**
 * The notebook policy and what is in namespaces go first: with the endpoints gone they would lock out
 * those who come through them.
 */
function planAbsence(input: PlanInput): Plan {
  const { owner, observation, absenceIsFinal, spec } = input;
  const access = planNotebookAccess(accessInput(input));
  const { deletionPolicy } = spec;
  const deletion = planDeletion({ owner, observation, absenceIsFinal, deletionPolicy });
  const clients = holdForClients(spec, input.clients);
  const mayLeave = access.mayLeaveEndpoints && clients.mayLeaveEndpoints;
  // Until the endpoints may go, only what there is is asked for.
  const { looks } = deletion.stage;
  const stages = [access.stage, clients.stage, mayLeave ? deletion.stage : stage({ looks })];
  const gone = deletion.gone && access.isGone && clients.mayLeaveEndpoints;
  return { ...incomplete(joined(stages)), ...timesOf(access), gone };
}

function timesOf({ seen, settledNames }: NotebookAccessPlan): Pick<Plan, 'seen' | 'settledNames'> {
  return { seen, settledNames };
}

function accessInput(input: PlanInput): NotebookAccessInput {
  const { owner, spec, goal, observation, remembered, elapsed } = input;
  return {
    owner,
    spec,
    goal,
    observation,
    owned: knownEndpoints(ownedIn(observation, owner)),
    elapsed,
    rivals: input.rivals ?? [],
    tagPolicy: tagPolicyIn(input),
    remembered: remembered.access,
  };
}

/** The input of the plan once it is known what the link has. */
interface PresenceInput {
  readonly input: PlanInput;
  readonly owned: OwnHoldings;
}

function planPresence(input: PlanInput): Plan {
  const basics = askFor(input.observation, [
    { kind: 'Caller' },
    { kind: 'Owned', owner: input.owner },
    vpcsLook(input.spec),
  ]);
  const owned = ownedIn(input.observation, input.owner);
  if (basics.looks.length > 0) return incomplete(basics);
  if (owned === undefined) return planWithoutHoldings(input);
  const vpcs = answerTo(input.observation, vpcsLook(input.spec));
  const place = placeOf(input.spec, vpcs, owned);
  const problems = stage({ problems: place.problems });
  const plan = place.kind === 'Nowhere' ? planNowhere(input) : planInVpc({ input, owned }, place);
  return { ...plan, ...joined([problems, plan]) };
}

/**
 * Without the link's resources what is there would be made once more. Nobody else than IAM has to
 * answer for the attachments of the notebook policy.
 */
function planWithoutHoldings(input: PlanInput): Plan {
  const access = planNotebookAccess(accessInput(input));
  return { ...incomplete(access.stage), ...timesOf(access) };
}

/** Where there is no VPC to work in, the notebook policy is all that can be looked after. */
function planNowhere(input: PlanInput): Plan {
  const access = planNotebookAccess(accessInput(input));
  const reached = ['NetworkResolved', 'NotebookAccessEnforced'] as const;
  return { ...incomplete(access.stage), ...timesOf(access), reached };
}

/**
 * Everything that is in a VPC. Each resource is planned from what it needs itself: an answer that is
 * missing, or a part of the spec that cannot be, holds back what depends on it and nothing else.
 */
function planInVpc({ input, owned }: PresenceInput, place: PlaceInVpc): Plan {
  const { spec, observation } = input;
  const { vpc } = place;
  const caller = callerIn(observation);
  const subnets = answerTo(observation, subnetsLook(vpc));
  const partition = caller?.partition ?? partitionOfRegion(spec.region);
  const entries = spec.endpoints.map((entry) => ({
    entry,
    serviceName: serviceNameOf(entry, spec.region, partition),
  }));
  const network = askFor(observation, networkLooks(spec, vpc, entries));
  if (network.looks.length > 0) return { ...incomplete(network), vpc };
  const [elsewhereLook] = looksElsewhere(spec, subnets);
  const elsewhere = askFor(observation, elsewhereLook === undefined ? [] : [elsewhereLook]);
  if (elsewhere.looks.length > 0) return { ...incomplete(elsewhere), vpc };
  const endpoints = knownEndpoints(owned);
  const inUse = new Set((endpoints ?? []).flatMap((one) => one.subnetIds));
  const selection =
    caller === undefined || subnets === undefined
      ? undefined
      : chooseSubnets({
          spec,
          vpc,
          subnets,
          elsewhere: elsewhereLook === undefined ? undefined : answerTo(observation, elsewhereLook),
          account: caller.account,
          inUse,
        });
  // An endpoint stays in subnets and zones that a new one would not be made in.
  const certain = endpoints === undefined ? undefined : selection;
  const wanted = entries.map((one) =>
    desiredOf(input, { place, caller, selection: certain, owned, entries }, one),
  );
  const desired = wanted.map(({ endpoint }) => endpoint);
  const problems = [selection?.problems ?? [], ...wanted.map((one) => one.problems)].flat();
  const access = planNotebookAccess(accessInput(input));
  const resources = planResources({ input, place, vpc, desired, entries, owned, access });
  const services = askFor(observation, clientServiceLooks(spec, vpc.id, partition));
  const parts = place.kind === 'Kept' ? keptParts(resources, place, spec) : resources;
  return {
    ...joined([stage({ problems }), parts, services]),
    desired,
    subnets: certain?.subnets ?? [],
    skippedSubnets: [...(certain?.skipped ?? []), ...desired.flatMap(({ skipped }) => skipped)],
    reached: subjects,
    vpc,
    gone: false,
    ...timesOf(access),
  };
}

function keptParts(
  resources: Stage,
  { problems, blocksAreKnown }: Extract<Place, { kind: 'Kept' }>,
  { securityGroup }: SageMakerPrivateLinkSpec,
): Stage {
  const groupIsCertain = problems.length === 0 && (blocksAreKnown || securityGroup !== undefined);
  return withoutMaking(resources, groupIsCertain);
}

const subjects: readonly Subject[] = [
  'NetworkResolved',
  'SecurityGroupReady',
  'EndpointsAvailable',
  'NotebookAccessEnforced',
];

interface KnownNetwork {
  readonly place: PlaceInVpc;
  readonly caller: Caller | undefined;
  readonly selection: SubnetSelection | undefined;
  readonly owned: OwnHoldings;
  readonly entries: readonly NamedEntry[];
}

function desiredOf(
  { spec, observation }: PlanInput,
  { place, caller, selection, owned, entries }: KnownNetwork,
  { entry, serviceName }: NamedEntry,
): Desired {
  const { vpc } = place;
  const inUse = endpointOf(owned, { serviceName, vpcId: vpc.id })?.subnetIds ?? [];
  const subnets = answerTo(observation, subnetsLook(vpc)) ?? [];
  return desiredEndpoint({
    spec,
    entry,
    serviceName,
    vpc,
    isMeant: place.kind === 'Meant',
    caller,
    selection,
    services: answerTo(observation, servicesLook(entries)),
    dnsAttributes: answerTo(observation, dnsAttributesLook(vpc)),
    inUse,
    zonesInUse: subnets.flatMap(({ id, zone }) => (inUse.includes(id) ? [zone] : [])),
  });
}

/** Looks that have neither been answered nor failed. */
function askFor(observation: Observation, looks: readonly Look[]): Stage {
  const open = looks.filter((look) => !isAsked(observation, look));
  return open.length === 0 ? settled : stage({ looks: open });
}

function incomplete(part: Stage): Plan {
  return {
    ...part,
    desired: [],
    subnets: [],
    skippedSubnets: [],
    reached: [],
    gone: false,
    seen: {},
    settledNames: {},
  };
}
