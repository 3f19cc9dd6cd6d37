/** Flags of the operator for measuring what it would do if AWS let it. */

/** Every action of which a link needs more than AWS lets through at once. */
export const unlimitedRates = [
  'CreateSecurityGroup',
  'AuthorizeSecurityGroupIngress',
  'RevokeSecurityGroupEgress',
  'DeleteSecurityGroup',
  'CreateVpcEndpoint',
  'ModifyVpcEndpoint',
  'DeleteVpcEndpoints',
].map((action) => `--aws-call-rate=ec2:${action}=10000/10000`);
