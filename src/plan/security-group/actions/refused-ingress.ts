/** Findings from AWS's refusal of ingress rules. */
import { meaningOf } from '../../aws-errors/error-table.ts';
import type { CloudError } from '../../cloud.ts';
import type { Problem } from '../../findings.ts';
import type { AuthorizeIngress } from '../actions.ts';

/**
 * Groups of the spec's ingress that AWS does not find. They may be in a peered VPC of another
 * account, where nobody could look them up before, so AWS's refusal is what tells.
 */
export function missingSources(action: AuthorizeIngress, error: CloudError): readonly Problem[] {
  const { code, kind, message, text = message } = error;
  const { reason, advice } = meaningOf({ code, kind, text });
  if (reason === 'SecurityGroupNotFound') return unreachableSources(action, advice);
  if (error.kind !== 'NotFound') return [];
  return action.rules.flatMap(({ source }): readonly Problem[] => {
    if (!('securityGroupId' in source) || !error.message.includes(source.securityGroupId))
      return [];
    return [
      {
        subject: 'SecurityGroupReady',
        reason: 'SecurityGroupNotFound',
        severity: 'stalled',
        message: `spec.securityGroup.ingress names ${source.securityGroupId}, which AWS does not find in the VPC or a peered one. Correct it.`,
      },
    ];
  });
}

/** AWS does not say which of the groups is in a network that is not peered with the VPC. */
function unreachableSources({ rules }: AuthorizeIngress, advice: string): readonly Problem[] {
  const ids = rules.flatMap(({ source }) =>
    'securityGroupId' in source ? [source.securityGroupId] : [],
  );
  return [
    {
      subject: 'SecurityGroupReady',
      reason: 'SecurityGroupNotFound',
      severity: 'stalled',
      message: `AWS does not admit ${ids.join(' or ')}. ${advice}`,
    },
  ];
}

/** Whether the other action adds some of the rules of the first one to the same group. */
export function hasPart(action: AuthorizeIngress, other: AuthorizeIngress): boolean {
  const texts = action.rules.map((rule) => JSON.stringify(rule));
  return (
    other.groupId === action.groupId &&
    other.rules.length < action.rules.length &&
    other.rules.every((rule) => texts.includes(JSON.stringify(rule)))
  );
}
