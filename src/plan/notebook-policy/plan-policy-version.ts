/** Changing what a policy says, within IAM's five versions, and taking it away. */
import type { ManagedPolicy, PolicyDocument, PolicyVersion } from '../facts.ts';
import type { Look } from '../looks.ts';
import { answerTo, isAsked, type Observation } from '../observation.ts';
import { policiesAreEqual } from '../endpoint/policy-equality.ts';
import { joined, type Stage, settled, stage, stalledStage } from '../stage.ts';
import { documentWithoutEffect, isWithoutEffect, permissionSetRoles } from './permission-sets.ts';

/** IAM keeps at most this many versions of a policy (IAM quotas). */
const mostVersions = 5;

/** Makes a document the default version: an equal older version is used again. */
export function planPolicyVersion(
  { arn }: ManagedPolicy,
  document: PolicyDocument,
  observation: Observation,
): Stage {
  const look = { kind: 'PolicyVersions', arn } as const;
  const versions = answerTo(observation, look);
  if (versions === undefined) return askedOnce(look, observation);
  const equal = versions.find(
    (one) => one.document !== undefined && policiesAreEqual(one.document, document),
  );
  if (equal !== undefined) {
    const reason = `version ${equal.id} says what is wanted`;
    return stage({
      actions: [{ kind: 'SetDefaultPolicyVersion', arn, versionId: equal.id, document, reason }],
    });
  }
  if (versions.length >= mostVersions) return makeRoom(arn, versions);
  const reason = 'the networks from which notebooks may be opened changed';
  return stage({ actions: [{ kind: 'CreatePolicyVersion', arn, document, reason }] });
}

/** A look that has failed is a finding elsewhere. */
function askedOnce(look: Look, observation: Observation): Stage {
  return isAsked(observation, look) ? settled : stage({ looks: [look] });
}

function makeRoom(arn: string, versions: readonly PolicyVersion[]): Stage {
  const oldest = spareVersions(versions)[0];
  if (oldest === undefined) return settled;
  const reason = `a policy has at most ${mostVersions} versions, and this is the oldest`;
  return stage({
    actions: [{ kind: 'DeletePolicyVersion', arn, versionId: oldest.id, reason }],
  });
}

/** Versions that are not in force, oldest first: ids are numbered and never used again. */
function spareVersions(versions: readonly PolicyVersion[]): readonly PolicyVersion[] {
  return versions.filter(({ isDefault }) => !isDefault).sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf({ id }: PolicyVersion): number {
  return Number(id.slice(1));
}

/** Deletes a policy that the operator has detached everywhere; others' use of it is respected. */
export function planPolicyRemoval(policy: ManagedPolicy, observation: Observation): Stage {
  const { arn } = policy;
  const permissionSets = permissionSetRoles(policy);
  // Others' attachments are reported where they are found.
  if (policy.attachedTo.length > permissionSets.length) return settled;
  if (permissionSets.length > 0) return planPermissionSets(policy, observation);
  if (policy.boundaryUses > 0) return planBoundary(policy, observation);
  const look = { kind: 'PolicyVersions', arn } as const;
  const versions = answerTo(observation, look);
  if (versions === undefined) return askedOnce(look, observation);
  const spare = spareVersions(versions);
  const reason = 'the policy is no longer wanted';
  if (spare.length > 0) {
    return stage({
      actions: spare.map(({ id }) => ({
        kind: 'DeletePolicyVersion',
        arn,
        versionId: id,
        reason,
      })),
    });
  }
  return stage({ actions: [{ kind: 'DeletePolicy', arn, reason }] });
}

/** IAM keeps the policy while a permission set names it: it is left without effect until then. */
function planPermissionSets(policy: ManagedPolicy, observation: Observation): Stage {
  const who = permissionSetRoles(policy).map(({ name }) => name);
  const told = stalledStage(
    'NotebookAccessEnforced',
    'PolicyInUse',
    `${policy.arn} cannot be deleted: permission sets of IAM Identity Center still name it (${who.join(', ')}). Take it out of them; until then it restricts nothing.`,
  );
  if (isWithoutEffect(policy)) return told;
  return joined([told, planPolicyVersion(policy, documentWithoutEffect, observation)]);
}

function planBoundary({ arn }: ManagedPolicy, observation: Observation): Stage {
  const look = { kind: 'PolicyBoundaryUses', arn } as const;
  if (!isAsked(observation, look)) return stage({ looks: [look] });
  const uses = answerTo(observation, look);
  const who = (uses ?? []).map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return stalledStage(
    'NotebookAccessEnforced',
    'PolicyInUse',
    `${arn} cannot be deleted: it is the permissions boundary of ${who || 'a principal'}. Give that another boundary.`,
  );
}
