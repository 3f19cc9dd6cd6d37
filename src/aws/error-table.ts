import type { CloudErrorKind } from '../plan/cloud.ts';

/**
 * What AWS's error codes mean for the operator: the one place where this is decided. Sources: the
 * error tables of the EC2 developer guide and of the IAM and STS API references; the undocumented
 * ones (`OperationInProgress`, `DuplicateSubnetsInSameZone`) are known from reports of other tools.
 */
const kindsByCode: Readonly<Record<string, CloudErrorKind>> = {
  'InvalidVpcEndpointId.NotFound': 'NotFound',
  'InvalidVpcEndpoint.NotFound': 'NotFound',
  'InvalidVpcEndpointService.NotFound': 'NotFound',
  'InvalidVpcID.NotFound': 'NotFound',
  'InvalidSubnetID.NotFound': 'NotFound',
  'InvalidSubnetId.NotFound': 'NotFound',
  'InvalidGroup.NotFound': 'NotFound',
  'InvalidGroupId.NotFound': 'NotFound',
  'InvalidSecurityGroupID.NotFound': 'NotFound',
  'InvalidSecurityGroupRuleId.NotFound': 'NotFound',
  'InvalidPermission.NotFound': 'NotFound',
  'InvalidNetworkInterfaceID.NotFound': 'NotFound',
  'InvalidPrefixListID.NotFound': 'NotFound',
  'InvalidPrefixListId.NotFound': 'NotFound',
  InvalidID: 'NotFound',
  NoSuchEntity: 'NotFound',

  RequestLimitExceeded: 'Throttled',
  EC2ThrottledException: 'Throttled',
  Throttling: 'Throttled',
  ThrottlingException: 'Throttled',
  ThrottledException: 'Throttled',
  RequestThrottled: 'Throttled',
  RequestThrottledException: 'Throttled',
  TooManyRequestsException: 'Throttled',
  PriorRequestNotComplete: 'Throttled',
  SlowDown: 'Throttled',

  UnauthorizedOperation: 'Denied',
  AccessDenied: 'Denied',
  AccessDeniedException: 'Denied',
  OperationNotPermitted: 'Denied',
  TagPolicyViolation: 'Denied',

  AuthFailure: 'Credentials',
  RequestExpired: 'Credentials',
  ExpiredToken: 'Credentials',
  ExpiredTokenException: 'Credentials',
  InvalidClientTokenId: 'Credentials',
  UnrecognizedClientException: 'Credentials',
  SignatureDoesNotMatch: 'Credentials',
  IncompleteSignature: 'Credentials',
  MissingAuthenticationToken: 'Credentials',
  InvalidAccessKeyId: 'Credentials',
  InvalidIdentityToken: 'Credentials',
  IDPRejectedClaim: 'Credentials',
  OptInRequired: 'Credentials',
  PendingVerification: 'Credentials',
  Blocked: 'Credentials',

  DependencyViolation: 'InUse',
  'InvalidGroup.InUse': 'InUse',
  'InvalidIPAddress.InUse': 'Conflict',
  'InvalidNetworkInterface.InUse': 'InUse',
  DeleteConflict: 'InUse',

  OperationInProgress: 'InTransition',
  IncorrectState: 'InTransition',
  InvalidState: 'InTransition',
  ConcurrentTagAccess: 'InTransition',
  ConcurrentModification: 'InTransition',
  EntityTemporarilyUnmodifiable: 'InTransition',
  IdempotentInstanceTerminated: 'InTransition',

  'InvalidGroup.Duplicate': 'Conflict',
  'InvalidPermission.Duplicate': 'Conflict',
  EntityAlreadyExists: 'Conflict',

  VpcEndpointLimitExceeded: 'Quota',
  InsufficientFreeAddressesInSubnet: 'Quota',
  NetworkInterfaceLimitExceeded: 'Quota',
  SecurityGroupLimitExceeded: 'Quota',
  SecurityGroupsPerInterfaceLimitExceeded: 'Quota',
  RulesPerSecurityGroupLimitExceeded: 'Quota',
  TagLimitExceeded: 'Quota',
  ResourceLimitExceeded: 'Quota',
  LimitExceeded: 'Quota',

  InvalidParameter: 'Invalid',
  InvalidParameterValue: 'Invalid',
  InvalidParameterCombination: 'Invalid',
  InvalidParameterDependency: 'Invalid',
  InvalidInput: 'Invalid',
  MissingParameter: 'Invalid',
  UnknownParameter: 'Invalid',
  UnsupportedOperation: 'Invalid',
  Unsupported: 'Invalid',
  ValidationError: 'Invalid',
  InvalidServiceName: 'Invalid',
  InvalidVpcEndpointType: 'Invalid',
  InvalidPolicyDocument: 'Invalid',
  MalformedPolicyDocument: 'Invalid',
  PolicyNotAttachable: 'Invalid',
  UnmodifiableEntity: 'Invalid',
  DuplicateSubnetsInSameZone: 'Invalid',
  IdempotentParameterMismatch: 'Invalid',
  FilterLimitExceeded: 'Invalid',
  InvalidFilter: 'Invalid',
  'InvalidPermission.Malformed': 'Invalid',
  'InvalidVpcEndpointId.Malformed': 'Invalid',
  'InvalidGroupId.Malformed': 'Invalid',
  'InvalidSubnetID.Malformed': 'Invalid',
  'InvalidVpcID.Malformed': 'Invalid',
  InvalidAction: 'Invalid',

  InternalError: 'Unavailable',
  InternalFailure: 'Unavailable',
  ServiceFailure: 'Unavailable',
  ServiceUnavailable: 'Unavailable',
  Unavailable: 'Unavailable',
  RequestTimeout: 'Unavailable',
  RequestTimeoutException: 'Unavailable',
};

/** The code on the wire of an error of which only the SDK's name is known: IAM's get a suffix. */
export function codeOfName(name: string): string {
  if (Object.hasOwn(kindsByCode, name)) return name;
  const code = name.replace(/Exception$/, '');
  return Object.hasOwn(kindsByCode, code) ? code : name;
}

/** Where one code covers several things and only AWS's text tells them apart. */
interface Refinement {
  readonly code: string;
  readonly text: RegExp;
  readonly kind: CloudErrorKind;
}

const refinements: readonly Refinement[] = [
  // "private-dns-enabled cannot be set because there is already a conflicting DNS domain for ..."
  { code: 'InvalidParameter', text: /conflicting DNS domain/i, kind: 'Conflict' },
  // "Address 10.0.1.17 is in use."
  { code: 'InvalidParameterValue', text: /address .*\bin use\b/i, kind: 'Conflict' },
];

/**
 * The kind of an error that AWS answered with.
 * @param httpStatus decides for codes that the table does not have; a 5xx may have taken effect.
 */
export function kindOfCode(
  code: string,
  message: string,
  httpStatus: number | undefined,
): CloudErrorKind {
  const refined = refinements.find((entry) => entry.code === code && entry.text.test(message));
  if (refined !== undefined) return refined.kind;
  const kind = Object.hasOwn(kindsByCode, code) ? kindsByCode[code] : undefined;
  if (kind !== undefined) return kind;
  if (code.endsWith('.NotFound')) return 'NotFound';
  if (code.endsWith('.Malformed')) return 'Invalid';
  if (httpStatus === 429) return 'Throttled';
  return httpStatus !== undefined && httpStatus >= 500 ? 'Unavailable' : 'Unknown';
}
