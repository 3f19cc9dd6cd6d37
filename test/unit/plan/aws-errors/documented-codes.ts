/** What an error code is about, as the API reference of its service describes it. */
type About =
  | 'things that are missing'
  | 'limits'
  | 'mistakes of a request'
  | 'troubles of credentials'
  | 'troubles of the account'
  | 'missing permissions'
  | 'transitions'
  | 'uses by others'
  | 'names and addresses that are taken'
  | 'requests to slow down'
  | 'failures of AWS';

/**
 * The codes that the calls of the operator can be answered with: of the page "Error codes for the
 * Amazon EC2 API" those of all actions and those about VPCs, subnets, interfaces, endpoints,
 * security groups, prefix lists and tags; the common errors of IAM and STS. `DryRunOperation` is
 * left out: the operator makes no dry runs.
 */
const documented: Readonly<Record<About, readonly string[]>> = {
  'things that are missing': [
    'InvalidGroup.NotFound',
    'InvalidNetworkInterface.NotFound',
    'InvalidNetworkInterfaceID.NotFound',
    'InvalidPermission.NotFound',
    'InvalidPrefixListID.NotFound',
    'InvalidSecurityGroupID.NotFound',
    'InvalidSecurityGroupRuleId.NotFound',
    'InvalidSubnetID.NotFound',
    'InvalidSubnetId.NotFound',
    'InvalidVpcEndpoint.NotFound',
    'InvalidVpcEndpointId.NotFound',
    'InvalidVpcEndpointService.NotFound',
    'InvalidVpcEndpointServiceId.NotFound',
    'InvalidVpcID.NotFound',
    'NoSuchEntity',
  ],
  limits: [
    'NetworkInterfaceLimitExceeded',
    'RulesPerSecurityGroupLimitExceeded',
    'SecurityGroupLimitExceeded',
    'SecurityGroupsPerInterfaceLimitExceeded',
    'TagLimitExceeded',
    'VpcEndpointLimitExceeded',
  ],
  'mistakes of a request': [
    'CannotDelete',
    'DuplicateSubnetsInSameZone',
    'FilterLimitExceeded',
    'IdempotentParameterMismatch',
    'InsufficientFreeAddressesInSubnet',
    'InvalidAction',
    'InvalidAddress.Malformed',
    'InvalidAvailabilityZone',
    'InvalidCharacter',
    'InvalidClientToken',
    'InvalidFilter',
    'InvalidGroup.Reserved',
    'InvalidGroupId.Malformed',
    'InvalidInput',
    'InvalidMaxResults',
    'InvalidNetworkInterfaceId.Malformed',
    'InvalidNextToken',
    'InvalidPaginationToken',
    'InvalidParameter',
    'InvalidParameterCombination',
    'InvalidParameterDependency',
    'InvalidParameterValue',
    'InvalidPermission.Malformed',
    'InvalidPolicyDocument',
    'InvalidPrefixListId.Malformed',
    'InvalidQueryParameter',
    'InvalidRegion',
    'InvalidRequest',
    'InvalidSecurityGroupId.Malformed',
    'InvalidSecurityGroupRuleId.Malformed',
    'InvalidServiceName',
    'InvalidSubnet',
    'InvalidSubnetID.Malformed',
    'InvalidTagKey.Malformed',
    'InvalidVpcEndpointId.Malformed',
    'InvalidVpcEndpointType',
    'InvalidVpcID.Malformed',
    'InvalidZone.NotFound',
    'MalformedPolicyDocument',
    'MalformedQueryString',
    'MissingAction',
    'MissingInput',
    'MissingParameter',
    'NoSuchVersion',
    'OperationNotPermitted',
    'PolicyNotAttachable',
    'TagPolicyViolation',
    'UnknownParameter',
    'UnmodifiableEntity',
    'Unsupported',
    'UnsupportedOperation',
    'UnsupportedProtocol',
    'ValidationError',
  ],
  'troubles of credentials': [
    'AuthFailure',
    'ExpiredToken',
    'ExpiredTokenException',
    'IDPCommunicationError',
    'IDPRejectedClaim',
    'IncompleteSignature',
    'InvalidClientTokenId',
    'InvalidIdentityToken',
    'InvalidSecurity.RequestHasExpired',
    'MissingAuthenticationToken',
    'RequestExpired',
    'SignatureDoesNotMatch',
  ],
  'troubles of the account': [
    'AccountDisabled',
    'Blocked',
    'OptInRequired',
    'PendingVerification',
    'RegionDisabledException',
  ],
  'missing permissions': ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'],
  transitions: [
    'ConcurrentModification',
    'ConcurrentTagAccess',
    'IncorrectState',
    'InvalidState',
    // Documented nowhere, and seen by many: a change of an endpoint while another is in flight.
    'OperationInProgress',
  ],
  'uses by others': [
    'DeleteConflict',
    'DependencyViolation',
    'InvalidGroup.InUse',
    'InvalidNetworkInterface.InUse',
  ],
  'names and addresses that are taken': [
    'EntityAlreadyExists',
    'InvalidGroup.Duplicate',
    'InvalidIPAddress.InUse',
    'InvalidPermission.Duplicate',
    'Resource.AlreadyAssigned',
  ],
  'requests to slow down': ['RequestLimitExceeded', 'Throttling', 'ThrottlingException'],
  'failures of AWS': [
    'InternalError',
    'InternalFailure',
    'RetryableError',
    'ServerInternal',
    'ServiceFailure',
    'ServiceUnavailable',
    'Unavailable',
  ],
};

/** Every documented code with what it is about. */
export const documentedCodes: readonly { readonly code: string; readonly what: About }[] =
  Object.entries(documented).flatMap(([what, codes]) =>
    codes.map((code) => ({ code, what: what as About })),
  );
