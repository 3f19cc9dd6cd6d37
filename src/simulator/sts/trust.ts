/** A statement of a trust policy, as far as it is judged here. */
interface TrustStatement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly AWS?: string | readonly string[] };
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
  const { Statement = [] } = JSON.parse(trustPolicy) as {
    Statement?: TrustStatement | TrustStatement[];
  };
  return [Statement].flat().some((statement) => {
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
      principal.endsWith(`:iam::${accountId}:root`),
  );
}
