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
  InsufficientFreeAddressesInSubnet: 'Quota',
  TagLimitExceeded: 'Quota',
  NoSuchEntity: 'NotFound',
  DeleteConflict: 'InUse',
  LimitExceeded: 'Quota',
  EntityAlreadyExists: 'InTransition',
  UnmodifiableEntity: 'Invalid',
  MalformedPolicyDocument: 'Invalid',
};

/** AWS's refusal of a call, with its code and words. */
export function refusal(code: string, message: string): CloudError {
  const kind = kinds[code];
  if (kind === undefined) throw new RangeError(`the model has no code ${code}`);
  return new CloudError({ kind, code, message, action: 'ec2:Model' });
}

/** IAM has one code for a policy and for a principal that are not there; the port tells them apart. */
export function missingPrincipal(message: string): CloudError {
  return new CloudError({
    kind: 'Invalid',
    code: 'PrincipalNotFound',
    message,
    action: 'iam:Model',
  });
}
