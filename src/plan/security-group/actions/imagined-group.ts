/** AWS's answers in a plan, where nothing is sent. */
import type { Imagination } from '../../actions/action-table.ts';
import type { SecurityGroup, SecurityGroupRule, Tags } from '../../facts.ts';
import type { CreateSecurityGroup, IngressRule } from '../actions.ts';

export function imaginedGroup(
  { name, vpcId, tags }: CreateSecurityGroup,
  id: string,
): SecurityGroup {
  return { id, name, vpcId, ownerId: '', tags };
}

export function imaginedRule(
  { source, port, description }: IngressRule,
  tags: Tags,
  imagination: Imagination,
): SecurityGroupRule {
  return {
    id: imagination.newId('sgr', `a rule of port ${port}`),
    isEgress: false,
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    source,
    ...(description === undefined ? {} : { description }),
    tags,
  };
}
