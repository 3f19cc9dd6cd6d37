/** The time that IAM needs until what it shows is what it enforces. */
import type { ManagedPolicy } from '../facts.ts';
import { type Elapsed, heldFor } from '../sightings.ts';

const topic = 'notebook policy';

/** The state of the policy's enforcement; different states have different words. */
export function policySeen(policy: ManagedPolicy | undefined): Readonly<Record<string, string>> {
  return { [topic]: stateOf(policy) };
}

/** Whether IAM has shown the policy as it is for so long that it is enforced everywhere. */
export function isEnforcedEverywhere(policy: ManagedPolicy | undefined, elapsed: Elapsed): boolean {
  if (policy?.settling === true) return false;
  return heldFor(elapsed, topic, stateOf(policy)) >= elapsed.patience.iamSettleMs;
}

function stateOf(policy: ManagedPolicy | undefined): string {
  // A policy that nobody has, and one that is gone, bind nobody.
  if (policy === undefined) return 'attached to nobody';
  if (policy.settling === true) return 'changing';
  const names = policy.attachedTo.map(({ kind, name }) => `${kind}/${name.toLowerCase()}`).sort();
  if (names.length === 0) return 'attached to nobody';
  return `${policy.defaultVersionId} of ${policy.arn}, attached to ${names.join(', ')}`;
}
