/** What IAM does with calls about managed policies, and what it refuses. Source: the IAM API reference. */
import type { ActionResults } from '../../src/plan/actions.ts';
import type { CreatePolicy } from '../../src/plan/notebook-policy/actions.ts';
import type { PolicyDocument, Principal } from '../../src/plan/facts.ts';
import type { PolicyAction } from '../../src/plan/notebook-policy/actions.ts';
import { type Author, type AwsWorld, change, type Change, type StoredPolicy } from './aws-world.ts';
import { viewOf } from './lagging-reads.ts';
import { asManagedPolicy, isSame } from './policy-reads.ts';
import { missingPrincipal, refusal } from './refusal.ts';

/** Versions that a policy has at most. */
export const mostVersions = 5;
const mostCharacters = 6_144;

interface Writer {
  readonly by: Author;
  readonly lag: number;
}

export function applyToPolicies(
  world: AwsWorld,
  action: PolicyAction,
  writer: Writer,
): ActionResults[PolicyAction['kind']] {
  const { by } = writer;
  switch (action.kind) {
    case 'CreatePolicy':
      return createPolicy(world, action, writer);
    case 'CreatePolicyVersion':
      return createVersion(world, action, by);
    case 'SetDefaultPolicyVersion':
      setDefault(world, action, by);
      return {};
    case 'DeletePolicyVersion':
      deleteVersion(world, action, by);
      return {};
    case 'AttachPolicy':
      attach(world, action, by);
      return {};
    case 'DetachPolicy':
      alter(world, action.arn, 'tags', by, (former) => ({
        ...former,
        attachedTo: former.attachedTo.filter((one) => !isSame(one, action.principal)),
      }));
      return {};
    case 'DeletePolicy':
      deletePolicy(world, action.arn, by);
      return {};
    case 'TagPolicy':
      mustFind(world, action.arn);
      alter(world, action.arn, 'tags', by, (former) => ({
        ...former,
        tags: { ...former.tags, ...action.tags },
      }));
      return {};
    case 'UntagPolicy':
      alter(world, action.arn, 'tags', by, (former) => {
        const kept = Object.entries(former.tags).filter(([key]) => !action.keys.includes(key));
        return { ...former, tags: Object.fromEntries(kept) };
      });
      return {};
    default:
      return action satisfies never;
  }
}

/** Makes a policy, or finds the one in the account that has the name, whatever its path and case. */
function createPolicy(
  world: AwsWorld,
  call: CreatePolicy,
  { by, lag }: Writer,
): ActionResults['CreatePolicy'] {
  const hasName = ({ name }: StoredPolicy): boolean =>
    name.toLowerCase() === call.name.toLowerCase();
  const namesake = [...world.policies.values()].find(hasName);
  if (namesake !== undefined) {
    const seen = viewOf(world, by, lag).policies.find(hasName);
    if (seen === undefined) throw refusal('EntityAlreadyExists', `${call.name} is not shown yet`);
    return { policy: asManagedPolicy(seen), existed: true };
  }
  checkDocument(call.document);
  const id = `arn:${world.partition}:iam::${world.account}:policy${call.path}${call.name}`;
  const versions = [{ id: 'v1', isDefault: true, document: call.document }];
  const { name, tags } = call;
  const uses = { attachedTo: [], boundaryOf: [] };
  const policy: StoredPolicy = { id, name, tags, versions, lastVersion: 1, ...uses };
  change(world, world.policies, { id, value: policy }, { what: 'created', by });
  return { policy: asManagedPolicy(policy), existed: false };
}

function createVersion(
  world: AwsWorld,
  { arn, document }: { readonly arn: string; readonly document: PolicyDocument },
  by: Author,
): ActionResults['CreatePolicyVersion'] {
  const { versions, lastVersion } = mustFind(world, arn);
  if (versions.length >= mostVersions) throw refusal('LimitExceeded', `${arn} has five versions`);
  checkDocument(document);
  const versionId = `v${lastVersion + 1}`;
  const former = versions.map((one) => ({ ...one, isDefault: false }));
  alter(world, arn, 'modified', by, (policy) => ({
    ...policy,
    versions: [...former, { id: versionId, isDefault: true, document }],
    lastVersion: lastVersion + 1,
  }));
  return { versionId };
}

function checkDocument(document: PolicyDocument): void {
  const { length } = JSON.stringify(document).replace(/\s/g, '');
  if (length > mostCharacters)
    throw refusal('LimitExceeded', `the document has ${length} characters`);
  const { Statement: statements } = document;
  if (!Array.isArray(statements) || statements.length === 0) {
    throw refusal('MalformedPolicyDocument', 'the document has no statement');
  }
}

function setDefault(
  world: AwsWorld,
  { arn, versionId }: { readonly arn: string; readonly versionId: string },
  by: Author,
): void {
  const { versions } = mustFind(world, arn);
  if (!versions.some(({ id }) => id === versionId)) {
    throw refusal('NoSuchEntity', `${arn} has no version ${versionId}`);
  }
  alter(world, arn, 'modified', by, (policy) => ({
    ...policy,
    versions: versions.map((one) => ({ ...one, isDefault: one.id === versionId })),
  }));
}

function deleteVersion(
  world: AwsWorld,
  { arn, versionId }: { readonly arn: string; readonly versionId: string },
  by: Author,
): void {
  const version = world.policies.get(arn)?.versions.find(({ id }) => id === versionId);
  if (version?.isDefault === true) throw refusal('DeleteConflict', `${versionId} is the default`);
  alter(world, arn, 'tags', by, (former) => ({
    ...former,
    versions: former.versions.filter(({ id }) => id !== versionId),
  }));
}

function attach(
  world: AwsWorld,
  { arn, principal }: { readonly arn: string; readonly principal: Principal },
  by: Author,
): void {
  const policy = mustFind(world, arn);
  const found = world.principals.find((one) => isSame(one.principal, principal));
  if (found === undefined) throw missingPrincipal(`no ${principal.kind} ${principal.name}`);
  if (policy.attachedTo.some((one) => isSame(one, principal))) return;
  if (found.principal.name.startsWith('AWSServiceRoleFor')) {
    throw refusal('UnmodifiableEntity', `${principal.name} is service-linked`);
  }
  const managed = [...world.policies.values()].filter(({ attachedTo }) =>
    attachedTo.some((one) => isSame(one, principal)),
  );
  const others = found.policies.filter((one) => one.arn !== undefined);
  if (managed.length + others.length >= world.quotas.policiesPerPrincipal) {
    throw refusal('LimitExceeded', `${principal.name} has as many policies as it may`);
  }
  alter(world, arn, 'modified', by, (former) => ({
    ...former,
    attachedTo: [...former.attachedTo, found.principal],
  }));
}

/** Only a policy with one version that nobody uses goes; one that is gone counts as deleted. */
function deletePolicy(world: AwsWorld, arn: string, by: Author): void {
  const policy = world.policies.get(arn);
  if (policy === undefined) return;
  const { attachedTo, boundaryOf, versions } = policy;
  if (attachedTo.length + boundaryOf.length > 0 || versions.length > 1) {
    throw refusal('DeleteConflict', `${arn} is attached, a boundary, or has several versions`);
  }
  change(world, world.policies, { id: arn, value: undefined }, { what: 'deleted', by });
}

function mustFind(world: AwsWorld, arn: string): StoredPolicy {
  const policy = world.policies.get(arn);
  if (policy === undefined) throw refusal('NoSuchEntity', `no policy ${arn}`);
  return policy;
}

/** Changes a policy if it is there and the change makes a difference. */
function alter(
  world: AwsWorld,
  id: string,
  what: Change['what'],
  by: Author,
  next: (former: StoredPolicy) => StoredPolicy,
): void {
  const former = world.policies.get(id);
  if (former === undefined) return;
  const value = next(former);
  if (JSON.stringify(value) === JSON.stringify(former)) return;
  change(world, world.policies, { id, value }, { what, by });
}
