/** Whom the notebook policy of a link restricts, and which addresses it admits, by AWS alone. */
import type { SageMakerPrivateLinkSpec } from '../../src/api/sagemaker-private-link.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import { holdingsOf } from '../world/snapshot.ts';

export interface AccessReach {
  /** `role DataScientist`. */
  readonly restricted: ReadonlySet<string>;
  /** CIDR blocks that the policy in force lists. */
  readonly admitted: ReadonlySet<string>;
}

export const noAccess: AccessReach = { restricted: new Set(), admitted: new Set() };

export function accessReachOf(aws: SimulatedAws, owner: OwnerIdentity): AccessReach {
  const { policies, attachments } = holdingsOf(aws, owner);
  const documents = policies.map(
    ({ versions, defaultVersionId }) =>
      versions.find(({ id }) => id === defaultVersionId)?.document ?? '',
  );
  return {
    restricted: new Set(attachments.map(({ principal: { kind, name } }) => `${kind} ${name}`)),
    admitted: new Set(documents.flatMap((text) => text.match(/[0-9a-f.:]+\/[0-9]+(?=")/g) ?? [])),
  };
}

/**
 * The access that a change has taken although every spec of late gives it: a principal that is no longer restricted,
 * an address that a restricted principal no longer comes from. The way of each caller from one
 * spec to the next is O13's question, which asks callers.
 */
export function lostAccess(
  specs: readonly SageMakerPrivateLinkSpec[],
  before: AccessReach,
  now: AccessReach,
): readonly string[] {
  const inAll = (one: string, of: (spec: SageMakerPrivateLinkSpec) => readonly string[]): boolean =>
    specs.every((spec) => of(spec).includes(one));
  const free = [...before.restricted].filter(
    (one) => !now.restricted.has(one) && inAll(one, principalsOf),
  );
  const out = [...before.admitted].filter((one) => !now.admitted.has(one) && inAll(one, cidrsOf));
  return [
    ...free.map((one) => `the restriction of ${one}`),
    ...(now.restricted.size === 0 ? [] : out.map((one) => `access from ${one}`)),
  ];
}

function principalsOf({ notebookAccess }: SageMakerPrivateLinkSpec): readonly string[] {
  const { roles = [], users = [], groups = [] } = notebookAccess?.attachTo ?? {};
  return [
    ...roles.map((name) => `role ${name}`),
    ...users.map((name) => `user ${name}`),
    ...groups.map((name) => `group ${name}`),
  ];
}

function cidrsOf({ notebookAccess }: SageMakerPrivateLinkSpec): readonly string[] {
  return [...(notebookAccess?.allowedCIDRs ?? []), ...(notebookAccess?.allowedPrivateCIDRs ?? [])];
}
