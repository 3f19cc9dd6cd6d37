/** Principals that the notebook policy is never attached to. */
import type { NotebookAccessSpec } from '../../api/sagemaker-private-link.ts';
import type { Caller, Principal } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { isSamePrincipal } from './actions/policy-changes.ts';

/** The principals of `attachTo`, in its order. */
export function listedPrincipals(
  attachTo: Partial<NotebookAccessSpec['attachTo']> | undefined,
): readonly Principal[] {
  return [
    ...named('role', attachTo?.roles),
    ...named('user', attachTo?.users),
    ...named('group', attachTo?.groups),
  ];
}

function named(
  kind: Principal['kind'],
  names: readonly string[] | undefined,
): readonly Principal[] {
  return (names ?? []).map((name) => ({ kind, name }));
}

/** Why a principal is protected; undefined if it may be attached to. */
export function protectionOf({ kind, name }: Principal, caller: Caller): string | undefined {
  const self = callerPrincipal(caller);
  if (self !== undefined && isSamePrincipal({ kind, name }, self)) {
    return `${kind} ${name} is the operator's own: a mistake in the policy could lock the operator out`;
  }
  if (kind === 'role' && /^AWSServiceRoleFor/i.test(name)) {
    return `role ${name} is a service-linked role, which takes no policies`;
  }
  if (kind === 'role' && /^AWSReservedSSO_/i.test(name)) {
    return `role ${name} belongs to IAM Identity Center, which takes away what others attach; attach the policy through the permission set`;
  }
  return undefined;
}

/**
 * The caller: the role of `arn:aws:sts::111122223333:assumed-role/<name>/<session>`, or the user of
 * `arn:aws:iam::111122223333:user/<path>/<name>`.
 */
function callerPrincipal({ arn }: Caller): Principal | undefined {
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role !== undefined) return { kind: 'role', name: role };
  const user = /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  return user === undefined ? undefined : { kind: 'user', name: user };
}

/** One problem for each protected principal that the spec lists. */
export function protectionProblems(
  principals: readonly Principal[],
  caller: Caller,
): readonly Problem[] {
  return principals.flatMap((principal) => {
    const why = protectionOf(principal, caller);
    if (why === undefined) return [];
    return [
      {
        subject: 'NotebookAccessEnforced',
        reason: 'ProtectedPrincipal',
        severity: 'stalled',
        message: `Not attached: ${why}. Remove it from spec.notebookAccess.attachTo.`,
      } as const,
    ];
  });
}
