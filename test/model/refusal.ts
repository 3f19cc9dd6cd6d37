import { CloudError, type CloudErrorKind } from '../../src/plan/cloud.ts';

const kinds: Readonly<Record<string, CloudErrorKind>> = {
  'InvalidVpcID.NotFound': 'NotFound',
  'InvalidSubnetID.NotFound': 'NotFound',
  'InvalidGroup.NotFound': 'NotFound',
  'InvalidPrefixListID.NotFound': 'NotFound',
  'InvalidSecurityGroupRuleId.NotFound': 'NotFound',
  'InvalidVpcEndpointId.NotFound': 'NotFound',
  InvalidID: 'NotFound',
  InvalidServiceName: 'Invalid',
  InvalidParameter: 'Invalid',
  DuplicateSubnetsInSameZone: 'Invalid',
  IdempotentParameterMismatch: 'Invalid',
  ConflictingDNSDomain: 'Conflict',
  'InvalidIPAddress.InUse': 'Conflict',
  OperationInProgress: 'InTransition',
  IncorrectState: 'InTransition',
  OperationNotPermitted: 'Denied',
  DependencyViolation: 'InUse',
  RulesPerSecurityGroupLimitExceeded: 'Quota',
  SecurityGroupsPerInterfaceLimitExceeded: 'Quota',
  VpcEndpointLimitExceeded: 'Quota',
  TagLimitExceeded: 'Quota',
};

/** AWS's refusal of a call, with its code and words. */
export function refusal(code: string, message: string): CloudError {
  const kind = kinds[code];
  if (kind === undefined) throw new RangeError(`the model has no code ${code}`);
  return new CloudError({ kind, code, message, action: 'ec2:Model' });
}
