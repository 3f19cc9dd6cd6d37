/** What IAM answers about policies. */
import type { ManagedPolicy, Principal, PrincipalPolicies } from '../../src/plan/facts.ts';
import type { Look, LookAnswers, PolicyLook } from '../../src/plan/looks.ts';
import type { AwsWorld } from './aws-world.ts';
import type { PolicyView, View } from './lagging-reads.ts';

export function isPolicyLook(look: Look): look is PolicyLook {
  return look.kind.includes('Polic');
}

export function answerToPolicyLook(
  world: AwsWorld,
  look: PolicyLook,
  { policies }: View,
): LookAnswers[PolicyLook['kind']] {
  switch (look.kind) {
    case 'PolicyNames':
      return policies
        .filter(({ id }) => id.includes(`:policy${look.path}`))
        .map(({ name }) => name);
    case 'ManagedPolicy': {
      const found = policies.find(({ id }) => id === look.arn);
      return found === undefined ? {} : { policy: asManagedPolicy(found) };
    }
    case 'PoliciesByARN':
      return policies.filter(({ id }) => look.arns.includes(id)).map(asManagedPolicy);
    case 'PolicyVersions':
      return policies.find(({ id }) => id === look.arn)?.versions ?? [];
    case 'PolicyBoundaryUses':
      return policies.find(({ id }) => id === look.arn)?.boundaryOf ?? [];
    case 'PrincipalPolicies':
      return world.principals
        .filter(({ principal }) => look.principals.some((one) => isSame(one, principal)))
        .map((one) => withManaged(one, policies));
    default:
      return look satisfies never;
  }
}

/** IAM tells names apart without regard to case. */
export function isSame(a: Principal, b: Principal): boolean {
  return a.kind === b.kind && a.name.toLowerCase() === b.name.toLowerCase();
}

/** The policy in the form in which the port answers. */
export function asManagedPolicy(policy: PolicyView): ManagedPolicy {
  const { id: arn, name, tags, versions, attachedTo, boundaryOf, settling } = policy;
  const inForce = versions.find(({ isDefault }) => isDefault);
  return {
    arn,
    name,
    tags,
    defaultVersionId: inForce?.id ?? '',
    ...(inForce?.document === undefined ? {} : { document: inForce.document }),
    attachedTo,
    boundaryUses: boundaryOf.length,
    ...(settling === undefined ? {} : { settling }),
  };
}

function withManaged(
  { principal, policies: others }: PrincipalPolicies,
  managed: readonly PolicyView[],
): PrincipalPolicies {
  const attached = managed.filter(({ attachedTo }) =>
    attachedTo.some((one) => isSame(one, principal)),
  );
  const listed = attached.map((one) => {
    const { arn, name, document = {} } = asManagedPolicy(one);
    return { arn, name, document, through: principal };
  });
  return { principal, policies: [...others, ...listed] };
}
