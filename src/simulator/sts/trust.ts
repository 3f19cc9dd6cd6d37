/** A statement of a trust policy, as far as it is judged here. */
interface TrustStatement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Principal?:
    | string
    | { readonly AWS?: string | readonly string[]; readonly Federated?: string };
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string | string[]>> };
}

/** The actions that a role's trust policy has to allow a caller. */
export type TrustedAction = 'sts:AssumeRole' | 'sts:TagSession';

/**
 * Whether a role's trust policy lets the caller do the action: an Allow whose principal is
 * the caller, the caller's account or everybody, and whose sts:ExternalId, when it asks for one, is given.
 */
export function trusts(
  trustPolicy: string,
  accountId: string,
  callerArn: string,
  externalId: string | undefined,
  action: TrustedAction,
): boolean {
  return statementsOf(trustPolicy).some((statement) => {
    if (statement.Effect !== 'Allow' || !allows(statement, action)) return false;
    if (!names(statement, accountId, callerArn)) return false;
    const wanted = statement.Condition?.StringEquals?.['sts:ExternalId'];
    return (
      wanted === undefined || (externalId !== undefined && [wanted].flat().includes(externalId))
    );
  });
}

/** Names of actions have no case. */
function allows({ Action = [] }: TrustStatement, action: TrustedAction): boolean {
  return [Action].flat().some((pattern) => {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    const text = escaped.replaceAll('*', '.*').replaceAll('?', '.');
    return new RegExp(`^${text}$`, 'i').test(action);
  });
}

function names({ Principal }: TrustStatement, accountId: string, callerArn: string): boolean {
  const principals = typeof Principal === 'string' ? [Principal] : [Principal?.AWS ?? []].flat();
  return principals.some(
    (principal) =>
      principal === '*' ||
      principal === accountId ||
      principal === callerArn ||
      isSessionOf(principal, callerArn) ||
      principal.endsWith(`:iam::${accountId}:root`),
  );
}

/** Whether the caller is a session of the role; its ARN does not have the role's path. */
function isSessionOf(roleArn: string, callerArn: string): boolean {
  const session = /::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  const role = /::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn);
  if (session === null || role === null) return false;
  return session[1] === role[1] && session[2] === role[2];
}

/** Whether a role lets in identities of a web identity provider, such as a cluster's issuer. */
export function trustsWebIdentities(trustPolicy: string): boolean {
  return statementsOf(trustPolicy).some(
    ({ Effect, Principal }) =>
      Effect === 'Allow' && typeof Principal === 'object' && Principal.Federated !== undefined,
  );
}

function statementsOf(trustPolicy: string): TrustStatement[] {
  const { Statement = [] } = JSON.parse(trustPolicy) as {
    Statement?: TrustStatement | TrustStatement[];
  };
  return [Statement].flat();
}
