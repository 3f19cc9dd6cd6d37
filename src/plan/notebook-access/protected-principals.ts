/** Principals that the notebook policy is never attached to. */
import type { NotebookAccessSpec } from '../../api/sagemaker-private-link.ts';
import type { Caller, Principal } from '../facts.ts';
import type { Problem } from '../findings.ts';

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
  if (kind === 'role' && name.toLowerCase() === roleOfCaller(caller)?.toLowerCase()) {
    return `role ${name} is the operator's own: a mistake in the policy could lock the operator out`;
  }
  if (kind === 'role' && name.startsWith('AWSServiceRoleFor')) {
    return `role ${name} is a service-linked role, which takes no policies`;
  }
  if (kind === 'role' && name.startsWith('AWSReservedSSO_')) {
    return `role ${name} belongs to IAM Identity Center, which takes away what others attach; attach the policy through the permission set`;
  }
  return undefined;
}

/** The name in `arn:aws:sts::111122223333:assumed-role/<name>/<session>`. */
function roleOfCaller({ arn }: Caller): string | undefined {
  return /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
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
