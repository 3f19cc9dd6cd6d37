/** What must hold at every single change that the operator makes. */
import type { SageMakerPrivateLinkSpec } from '../../src/api/sagemaker-private-link.ts';
import type { RuleSource, Tags } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import type { Remembered } from '../../src/plan/plan-input.ts';
import { listed, ownPolicies } from './access-goal.ts';
import { type AwsWorld, holdsResources, type Resource } from './aws-world.ts';
import { admittedSources, ownedBy, serviceNameOfEntry, vpcsOf, wantedSources } from './goal.ts';
import { ruleWeights } from './group-writes.ts';
import { carriesTagsOf, isFormerSelf, type Step } from './model-cloud.ts';
import { isSame } from './policy-reads.ts';
import { mostVersions } from './policy-writes.ts';

export interface StepContext {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly remembered: Remembered;
  readonly deleting: boolean;
  /** Whether reads may be older than the world. */
  readonly isLate: boolean;
  /** Whether the rules of groups cannot be read. */
  readonly rulesAreUnread: boolean;
}

/** @throws Error when somebody else's resource was changed, or a wanted source was cut off */
export function checkStep(step: Step, context: StepContext): void {
  checkForeign(step, context);
  checkSources(step, context);
  checkCreation(step, context);
  checkPolicies(step, context);
  checkSuccessors(step, context);
}

/** What left the spec may be the predecessor of any entry that takes no traffic yet. */
function checkSuccessors({ action, before, refused }: Step, context: StepContext): void {
  const { owner, spec, deleting, isLate } = context;
  if (action.kind !== 'DeleteVpcEndpoints' || refused !== undefined || deleting) return;
  const names = spec.endpoints.map(serviceNameOfEntry);
  const { endpoints } = ownedBy(before, owner);
  const given = endpoints.filter(
    ({ id, serviceName, state }) =>
      action.endpointIds.includes(id) && state === 'available' && !names.includes(serviceName),
  );
  const inVpc = [...before.endpoints.values()].filter(holdsResources);
  const isFull = inVpc.length >= before.quotas.endpointsPerVpc;
  const states = ['available', ...(isLate ? ['pending'] : [])];
  const serves = (name: string): boolean =>
    endpoints.some((one) => one.serviceName === name && states.includes(one.state));
  const open = names.filter((name) => !serves(name));
  if (given.length > 0 && open.length > 0 && !isFull) {
    throw new Error(
      `${given.map(({ id }) => id).join()} was given up before ${open.join()} is there`,
    );
  }
}

/** What others bound to our policy stays bound, and nobody is bound whom the spec does not list. */
function checkPolicies({ before, after }: Step, { owner, spec, remembered }: StepContext): void {
  const asked = listed(spec.notebookAccess ?? {});
  const known = [...asked, ...remembered.access.attachedTo];
  // Without any memory nobody can tell whose an attachment is, and it counts as the link's.
  const remembers = remembered.access.policyArn !== undefined;
  for (const policy of remembers ? ownPolicies(before, owner) : []) {
    const now = after.policies.get(policy.id);
    const kept = (now?.attachedTo ?? []).map(({ kind, name }) => `${kind} ${name}`);
    const strangers = policy.attachedTo.filter((one) => !known.some((other) => isSame(one, other)));
    const cut = strangers.filter(({ kind, name }) => !kept.includes(`${kind} ${name}`));
    if (cut.length > 0) throw new Error(`${JSON.stringify(cut)} was attached by others`);
    if (JSON.stringify(now?.boundaryOf ?? []) !== JSON.stringify(policy.boundaryOf)) {
      throw new Error(`${policy.id} is no boundary any more`);
    }
  }
  for (const { id, attachedTo, versions } of after.policies.values()) {
    if (versions.length > mostVersions) throw new Error(`${id} has too many versions`);
    const had = before.policies.get(id)?.attachedTo ?? [];
    const added = attachedTo.filter((one) => !had.some((other) => isSame(one, other)));
    const wrong = added.filter((one) => !asked.some((other) => isSame(one, other)));
    if (wrong.length > 0) throw new Error(`${id} was attached to ${JSON.stringify(wrong)}`);
  }
}

/**
 * An endpoint with private DNS draws traffic at once, so its own group admits it before. One without is
 * made where nobody can tell.
 */
function checkCreation({ action, before, refused }: Step, context: StepContext): void {
  const { owner, spec, rulesAreUnread } = context;
  if (action.kind !== 'CreateVpcEndpoint' || refused !== undefined) return;
  if (rulesAreUnread && !action.privateDnsEnabled) return;
  const [vpc] = vpcsOf(before, spec);
  if (vpc === undefined) return;
  for (const id of action.securityGroupIds) {
    const group = before.groups.get(id);
    if (group === undefined || !carriesTagsOf(group.tags, owner)) continue;
    const has = admittedSources(group);
    const closed = wantedSources(spec, vpc).filter((source) => !has.includes(source));
    if (closed.length > 0) throw new Error(`created before ${closed.join()} was admitted`);
  }
}

/** Tag keys that only tools put on what is theirs. */
const toolKeys = /^(aws:cloudformation|services\.k8s\.aws|sagemaker\.privatelink\.dev)/i;
const ownKeys = /^sagemaker\.privatelink\.dev\//;

function checkForeign({ action, before, after }: Step, context: StepContext): void {
  for (const [id, one] of resourcesOf(before)) {
    if (carriesTagsOf(one.tags, context.owner)) continue;
    const now = resourcesOf(after).get(id);
    if (JSON.stringify(now) === JSON.stringify(one)) continue;
    if (now !== undefined && mayClaim(one, before, context) && isTagged(one, now)) continue;
    throw new Error(
      `${action.kind} changed what is not ours: ${JSON.stringify(one)} to ${JSON.stringify(now)}`,
    );
  }
}

function resourcesOf({ endpoints, groups, policies }: AwsWorld): ReadonlyMap<string, Resource> {
  return new Map<string, Resource>([...endpoints, ...groups, ...policies]);
}

/**
 * What nobody owns, or a former self owned, may be claimed where adoption is wanted if it can be used;
 * and what the link made itself.
 */
function mayClaim(
  one: Resource,
  { tokens }: AwsWorld,
  { owner, spec, remembered }: StepContext,
): boolean {
  const adopts = spec.adoption === 'IfUnowned' && isUsable(one);
  if (isFormerSelf(one.tags, owner)) return adopts;
  if (Object.keys(one.tags).some((key) => toolKeys.test(key))) return false;
  if ('requesterManaged' in one && one.requesterManaged) return false;
  const made = [...tokens.values()].map(({ endpointId }) => endpointId);
  const { endpointIds, access } = remembered;
  const known = [...made, ...Object.values(endpointIds), access.policyArn];
  return adopts || known.includes(one.id);
}

/** A failed endpoint does no job that could be taken over. */
function isUsable(one: Resource): boolean {
  return !('state' in one) || ['available', 'pending', 'pendingacceptance'].includes(one.state);
}

/** True if nothing but tags was added, and no tag of others was changed. */
function isTagged(before: Resource, after: Resource): boolean {
  const bare = (one: Resource): string => JSON.stringify({ ...one, tags: {} });
  const kept = (tags: Tags): boolean =>
    Object.entries(before.tags).every(([key, value]) => tags[key] === value || ownKeys.test(key));
  return bare(before) === bare(after) && kept(after.tags);
}

function checkSources({ action, before, after, refused }: Step, { spec }: StepContext): void {
  if (action.kind !== 'RevokeIngress' || refused !== undefined) return;
  const [group, now] = [before.groups.get(action.groupId), after.groups.get(action.groupId)];
  if (group === undefined || now === undefined) return;
  // A group that is kept in another VPC admits the clients of that one.
  const vpc = before.vpcs.get(group.vpcId);
  if (vpc === undefined) return;
  const wanted = wantedSources(spec, vpc);
  const [had, has] = [admittedSources(group), admittedSources(now)];
  const cut = wanted.filter((source) => had.includes(source) && !has.includes(source));
  if (cut.length > 0) throw new Error(`${cut.join()} was cut off by ${JSON.stringify(action)}`);
  const open = wanted.filter((source) => !has.includes(source));
  const admits = (source: string): boolean => source !== 'other';
  const gone = had.filter((source) => admits(source) && !has.includes(source));
  const weights = ruleWeights(before, [...had, ...open].map(sourceOf));
  const full = Math.max(...weights) > before.quotas.rulesPerGroup;
  if (open.length > 0 && gone.length > 0 && !full) {
    throw new Error(`revoked before ${open.join()} was admitted`);
  }
  if (open.length > 0 && had.some(admits) && !has.some(admits)) {
    throw new Error(`everybody was cut off by ${JSON.stringify(action)}`);
  }
}

function sourceOf(text: string): RuleSource {
  if (text.startsWith('pl-')) return { prefixListId: text };
  return text.startsWith('sg-') ? { securityGroupId: text } : { cidr: text };
}
