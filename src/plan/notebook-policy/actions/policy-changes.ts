/** Changes that the actions on a policy make. A changed policy is settling until IAM shows it. */
import type { Change, ChangeOf } from '../../actions/changes.ts';
import type { ManagedPolicy, PolicyDocument, PolicyVersion, Principal } from '../../facts.ts';
import type { CreatePolicy, PolicyResults } from '../actions.ts';

type PolicyChange = ChangeOf<'ManagedPolicy'>;
type VersionsChange = ChangeOf<'PolicyVersions'>;

/** The aspect of a policy that its default version is. */
export const defaultVersion = 'default version';

/** IAM's names are told apart without regard to case. */
export function isSamePrincipal(a: Principal, b: Principal): boolean {
  return a.kind === b.kind && a.name.toLowerCase() === b.name.toLowerCase();
}

/** `v12` is later than `v9`. */
export function versionNumber(id: string): number {
  return Number(id.slice(1));
}

/** IAM's names are unique whatever the path and the case; ours are found by their ARN alone. */
export function policyCreated(
  { path, name }: CreatePolicy,
  { policy, existed }: PolicyResults['CreatePolicy'],
): readonly Change[] {
  const known = existed ? policy : { ...policy, settling: true };
  const created: PolicyChange = {
    of: 'ManagedPolicy',
    id: policy.arn,
    after: () => known,
    isShownBy: (read) => read !== undefined,
    wasThere: existed,
    isNamesake: !policy.arn.endsWith(`:policy${path}${name}`),
  };
  const versions: VersionsChange = {
    of: 'PolicyVersions',
    id: policy.arn,
    after: (former = []) => (former.length > 0 ? former : [firstVersion(policy)]),
  };
  return existed ? [created] : [created, versions];
}

export function policyDeleted(arn: string): readonly Change[] {
  return [
    { of: 'ManagedPolicy', id: arn, after: () => undefined },
    { of: 'PolicyVersions', id: arn, after: (former) => former && [] },
  ];
}

/** A version and how it came to be the default one. */
interface DefaultVersion {
  readonly versionId: string;
  readonly document: PolicyDocument;
  /** Whether the action made the version: then no other has a higher number yet. */
  readonly isNew: boolean;
}

export function defaultVersionSet(arn: string, version: DefaultVersion): readonly Change[] {
  const { versionId, document, isNew } = version;
  // A version with a higher number was made after ours, by somebody else.
  const isLater = (id: string): boolean => isNew && versionNumber(id) > versionNumber(versionId);
  const policy: PolicyChange = {
    of: 'ManagedPolicy',
    id: arn,
    after: (former) =>
      former && { ...former, defaultVersionId: versionId, document, settling: true },
    isShownBy: (read) =>
      read === undefined || read.defaultVersionId === versionId || isLater(read.defaultVersionId),
    aspect: defaultVersion,
  };
  const versions: VersionsChange = {
    of: 'PolicyVersions',
    id: arn,
    after: (former) => former && withDefault(former, { id: versionId, isDefault: true, document }),
    isShownBy: (read = []) => read.some(({ id, isDefault }) => isDefault && isLater(id)),
    aspect: defaultVersion,
  };
  return [policy, versions];
}

export function versionDeleted(arn: string, versionId: string): VersionsChange {
  return {
    of: 'PolicyVersions',
    id: arn,
    after: (former) => former?.filter(({ id }) => id !== versionId),
  };
}

export function attached(arn: string, principal: Principal): PolicyChange {
  return {
    of: 'ManagedPolicy',
    id: arn,
    after: (former) =>
      former && {
        ...former,
        attachedTo: [...without(former.attachedTo, principal), principal],
        settling: true,
      },
    isShownBy: (read) => read === undefined || isAttached(read, principal),
    aspect: attachmentOf(principal),
  };
}

export function detached(arn: string, principal: Principal): PolicyChange {
  return {
    of: 'ManagedPolicy',
    id: arn,
    after: (former) => former && { ...former, attachedTo: without(former.attachedTo, principal) },
    aspect: attachmentOf(principal),
  };
}

/** The aspect of a policy that an attachment is. */
export function attachmentOf({ kind, name }: Principal): string {
  return `attachment to ${kind} ${name.toLowerCase()}`;
}

export function policyTagged(
  arn: string,
  change: (former: ManagedPolicy['tags']) => ManagedPolicy['tags'],
): PolicyChange {
  return {
    of: 'ManagedPolicy',
    id: arn,
    after: (former) => former && { ...former, tags: change(former.tags) },
  };
}

function isAttached({ attachedTo }: ManagedPolicy, principal: Principal): boolean {
  return attachedTo.some((one) => isSamePrincipal(one, principal));
}

function without(all: readonly Principal[], principal: Principal): readonly Principal[] {
  return all.filter((one) => !isSamePrincipal(one, principal));
}

function firstVersion({ defaultVersionId: id, document }: ManagedPolicy): PolicyVersion {
  return { id, isDefault: true, ...(document === undefined ? {} : { document }) };
}

function withDefault(
  versions: readonly PolicyVersion[],
  version: PolicyVersion,
): readonly PolicyVersion[] {
  const others = versions
    .filter(({ id }) => id !== version.id)
    .map((one) => ({ ...one, isDefault: false }));
  return [...others, version].toSorted((a, b) => versionNumber(a.id) - versionNumber(b.id));
}
