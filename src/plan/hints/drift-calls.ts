/** The kinds of resources that a link has an id of, by how their ids begin; `policy` by its ARN. */
export type IdKind = 'vpce' | 'sg' | 'vpc' | 'subnet' | 'policy';

const endpoints: readonly IdKind[] = ['vpce'];
const groups: readonly IdKind[] = ['sg'];
const vpcs: readonly IdKind[] = ['vpc'];
const subnets: readonly IdKind[] = ['subnet'];
const taggable: readonly IdKind[] = ['vpce', 'sg', 'vpc', 'subnet'];
const policies: readonly IdKind[] = ['policy'];

/**
 * Calls that can make drift of a link, and the kinds of resources that they change: a call may name
 * others as well, such as the subnets that an endpoint of somebody else is put into.
 *
 * Creations are not among them: nothing that was just made is in the status of a link. The rule in
 * `deploy/iam` lets the same calls into the queue.
 */
export const driftCalls: Readonly<Record<string, readonly IdKind[]>> = {
  'ec2:ModifyVpcEndpoint': endpoints,
  'ec2:DeleteVpcEndpoints': endpoints,
  'ec2:AuthorizeSecurityGroupIngress': groups,
  'ec2:AuthorizeSecurityGroupEgress': groups,
  'ec2:RevokeSecurityGroupIngress': groups,
  'ec2:RevokeSecurityGroupEgress': groups,
  'ec2:ModifySecurityGroupRules': groups,
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress': groups,
  'ec2:DeleteSecurityGroup': groups,
  'ec2:CreateTags': taggable,
  'ec2:DeleteTags': taggable,
  'ec2:ModifyVpcAttribute': vpcs,
  'ec2:AssociateVpcCidrBlock': vpcs,
  'ec2:DisassociateVpcCidrBlock': vpcs,
  'ec2:DeleteVpc': vpcs,
  'ec2:DeleteSubnet': subnets,
  'iam:CreatePolicyVersion': policies,
  'iam:DeletePolicyVersion': policies,
  'iam:SetDefaultPolicyVersion': policies,
  'iam:DeletePolicy': policies,
  'iam:TagPolicy': policies,
  'iam:UntagPolicy': policies,
  'iam:AttachRolePolicy': policies,
  'iam:AttachUserPolicy': policies,
  'iam:AttachGroupPolicy': policies,
  'iam:DetachRolePolicy': policies,
  'iam:DetachUserPolicy': policies,
  'iam:DetachGroupPolicy': policies,
};

/** The calls of a service, without its name: `ModifyVpcEndpoint`. */
export function driftCallsOf(service: 'ec2' | 'iam'): readonly string[] {
  const prefix = `${service}:`;
  return Object.keys(driftCalls)
    .filter((call) => call.startsWith(prefix))
    .map((call) => call.slice(prefix.length));
}
