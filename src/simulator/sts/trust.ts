/** A statement of a trust policy, as far as it is judged here. */
interface TrustStatement {
  readonly Effect?: string;
  readonly Principal?:
    | string
    | { readonly AWS?: string | readonly string[]; readonly Federated?: string };
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string | string[]>> };
}

/**
 * Whether a role's trust policy lets the caller assume it: an Allow whose principal is the caller,
 * the caller's account or everybody, and whose sts:ExternalId, when it asks for one, is given.
 */
export function trusts(
  trustPolicy: string,
  accountId: string,
  callerArn: string,
  externalId: string | undefined,
): boolean {
  return statementsOf(trustPolicy).some((statement) => {
    if (statement.Effect !== 'Allow' || !names(statement, accountId, callerArn)) return false;
    const wanted = statement.Condition?.StringEquals?.['sts:ExternalId'];
    return (
      wanted === undefined || (externalId !== undefined && [wanted].flat().includes(externalId))
    );
  });
}

function names({ Principal }: TrustStatement, accountId: string, callerArn: string): boolean {
  const principals = typeof Principal === 'string' ? [Principal] : [Principal?.AWS ?? []].flat();
  return principals.some(
    (principal) =>
      principal === '*' ||
      principal === accountId ||
      principal === callerArn ||
      principal === roleOfSession(principal, callerArn) ||
      principal.endsWith(`:iam::${accountId}:root`),
  );
}

/** The principal itself when the caller is a session of this role, whatever the role's path. */
function roleOfSession(principal: string, callerArn: string): string | undefined {
  const session = /::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  const role = /::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
  const isSame = session?.[1] === role?.[1] && session?.[2] === role?.[2];
  return isSame ? principal : undefined;
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
