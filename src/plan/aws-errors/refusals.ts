/** Calls that AWS refuses for what they ask: the spec, the VPC or another resource has to change. */
import { finalizer } from '../../api/sagemaker-private-link.ts';
import type { ErrorRow } from './error-row.ts';
import { missingPrincipalCode } from './missing-principal.ts';

const invalid = { kind: 'Invalid', severity: 'stalled' } as const;
const refused = { ...invalid, reason: 'RefusedByAWS' } as const;

export const refusals: readonly ErrorRow[] = [
  {
    codes: ['InvalidParameter'],
    text: /conflicting DNS domain/i,
    where: 'a conflicting DNS domain',
    kind: 'Conflict',
    reason: 'PrivateDNSConflict',
    severity: 'stalled',
    actor: 'ResourceOwner',
    advice:
      'A private hosted zone or another endpoint in that VPC answers for the name. "aws route53 list-hosted-zones-by-vpc --vpc-id VPC_ID --vpc-region VPC_REGION" shows the zones with their ids and owners, "aws ec2 describe-vpc-endpoints --region VPC_REGION --filters Name=vpc-id,Values=VPC_ID" the endpoints. Ask the owner first: others may resolve names by it. Then dissociate the zone from the VPC, or set privateDNS: false for this endpoint.',
  },
  {
    codes: ['InvalidIPAddress.InUse', 'Resource.AlreadyAssigned'],
    kind: 'Conflict',
    reason: 'AddressInUse',
    severity: 'stalled',
    actor: 'LinkAuthor',
    advice:
      'Another network interface of the subnet has the address. Choose a free one in the addresses of this endpoint, or ask the owner of that interface to give it up.',
  },
  {
    codes: ['InvalidParameterValue'],
    text: /address .*\bin use\b/i,
    where: 'a fixed address that is taken',
    kind: 'Conflict',
    reason: 'AddressInUse',
    severity: 'stalled',
    actor: 'LinkAuthor',
    advice:
      'Another network interface of the subnet has the address. Choose a free one in the addresses of this endpoint, or ask the owner of that interface to give it up.',
  },
  {
    codes: ['InvalidGroup.Duplicate', 'InvalidPermission.Duplicate', 'EntityAlreadyExists'],
    kind: 'Conflict',
    reason: 'OwnershipConflict',
    severity: 'stalled',
    actor: 'ResourceOwner',
    advice:
      'Another resource has that name or rule, and it is not touched. Ask its owner first; then have it deleted or renamed there.',
  },
  {
    ...invalid,
    codes: ['InsufficientFreeAddressesInSubnet'],
    reason: 'InsufficientFreeAddresses',
    actor: 'NetworkOwner',
    advice:
      'This is no quota: the subnet has no free address left. Choose another subnet of the zone in spec.subnets, or ask the owner of the VPC to free addresses.',
  },
  {
    ...invalid,
    codes: ['InvalidGroup.NotFound', 'InvalidParameter', 'InvalidParameterValue'],
    text: /belong to different networks/i,
    where: 'a source group of another network',
    reason: 'SecurityGroupNotFound',
    actor: 'LinkAuthor',
    advice:
      'A source group in spec.securityGroup.ingress is in a VPC that is not peered with this one, where AWS takes no reference to a group. Name the CIDR block of its network instead, or ask the owner of the VPC to peer the two.',
  },
  {
    ...invalid,
    codes: ['InvalidParameter'],
    text: /enableDnsSupport|enableDnsHostnames/i,
    where: "the VPC's DNS attributes",
    reason: 'VPCDNSDisabled',
    actor: 'NetworkOwner',
    advice:
      'Ask the owner of the VPC to turn both attributes on, or set privateDNS: false for this endpoint.',
  },
  {
    ...invalid,
    codes: ['InvalidParameter'],
    text: /does not support the availability zone/i,
    where: 'a zone that the service does not serve',
    reason: 'UnsupportedZone',
    actor: 'LinkAuthor',
    advice: 'Use a subnet of another zone, or set spec.subnets.unsupportedZones: Skip.',
  },
  {
    ...invalid,
    codes: ['DuplicateSubnetsInSameZone'],
    reason: 'DuplicateZone',
    actor: 'LinkAuthor',
    advice: 'An endpoint takes one subnet of each zone: name one of the two in spec.subnets.',
  },
  {
    ...invalid,
    codes: ['InvalidServiceName'],
    reason: 'ServiceNotFound',
    actor: 'LinkAuthor',
    advice: 'Correct or remove the entry of spec.endpoints: not every region has every service.',
  },
  {
    codes: ['InvalidVpcEndpointService.NotFound', 'InvalidVpcEndpointServiceId.NotFound'],
    kind: 'NotFound',
    severity: 'stalled',
    reason: 'ServiceNotFound',
    actor: 'LinkAuthor',
    advice: 'Correct or remove the entry of spec.endpoints: not every region has every service.',
  },
  {
    codes: ['TagPolicyViolation'],
    kind: 'Invalid',
    reason: 'TagPolicyViolation',
    severity: 'stalled',
    actor: 'LinkAuthor',
    advice:
      "A tag policy of the AWS organization does not take these tags. Correct spec.tags as AWS's text says, or ask the organization's administrator which keys and values are allowed.",
  },
  {
    codes: ['OperationNotPermitted'],
    kind: 'Invalid',
    reason: 'RefusedByAWS',
    severity: 'stalled',
    actor: 'ResourceOwner',
    advice:
      "This is no missing permission: AWS does not allow the operation on this resource, for example because an AWS service manages it. Read AWS's text, and ask the resource's owner.",
  },
  {
    ...refused,
    codes: ['InvalidPolicyDocument', 'MalformedPolicyDocument'],
    actor: 'LinkAuthor',
    advice: "Correct the policy of the spec as AWS's text says.",
  },
  {
    ...refused,
    codes: ['UnmodifiableEntity', 'PolicyNotAttachable'],
    actor: 'LinkAuthor',
    advice:
      'AWS itself manages the principal or the policy. Take it out of spec.notebookAccess.attachTo; for IAM Identity Center name the policy in the permission set.',
  },
  {
    ...invalid,
    codes: [missingPrincipalCode],
    where: "a word of the operator's own: IAM's NoSuchEntity about a principal of attachTo",
    reason: 'PrincipalNotFound',
    actor: 'LinkAuthor',
    advice:
      'Correct spec.notebookAccess.attachTo, which takes names without a path, or create the principal first.',
  },
  {
    ...invalid,
    codes: ['RegionNotFound', 'InvalidRegion'],
    where: "RegionNotFound is a word of the operator's own: the region's name does not resolve",
    reason: 'RegionNotFound',
    actor: 'LinkAuthor',
    advice:
      'The region of a link (spec.region) cannot be changed: delete the link and create it anew.',
    adviceOnDeletion: `Nothing can be looked for there, so the finalizer stays. If no link of this name ever was at AWS, remove the finalizer ${finalizer} by hand.`,
  },
  {
    ...refused,
    codes: [
      'InvalidParameter',
      'InvalidParameterValue',
      'InvalidParameterCombination',
      'InvalidParameterDependency',
      'InvalidInput',
      'InvalidSubnet',
      'InvalidAvailabilityZone',
      'InvalidZone.NotFound',
      'InvalidTagKey.Malformed',
      'InvalidAddress.Malformed',
      'InvalidGroup.Reserved',
      'InvalidPermission.Malformed',
      'InvalidVpcEndpointId.Malformed',
      'InvalidGroupId.Malformed',
      'InvalidSecurityGroupId.Malformed',
      'InvalidSecurityGroupRuleId.Malformed',
      'InvalidNetworkInterfaceId.Malformed',
      'InvalidPrefixListId.Malformed',
      'InvalidSubnetID.Malformed',
      'InvalidVpcID.Malformed',
      'CannotDelete',
      'Unsupported',
      'UnsupportedOperation',
    ],
    actor: 'LinkAuthor',
    advice: 'Change the spec or the VPC.',
  },
  {
    ...refused,
    codes: [
      'IdempotentParameterMismatch',
      'InvalidClientToken',
      'InvalidVpcEndpointType',
      'InvalidAction',
      'InvalidCharacter',
      'InvalidFilter',
      'InvalidMaxResults',
      'InvalidNextToken',
      'InvalidPaginationToken',
      'InvalidQueryParameter',
      'InvalidRequest',
      'MalformedQueryString',
      'MissingAction',
      'MissingInput',
      'MissingParameter',
      'NoSuchVersion',
      'UnknownParameter',
      'ValidationError',
      'FilterLimitExceeded',
      'UnsupportedProtocol',
    ],
    actor: 'OperatorAdministrator',
    advice:
      "The request itself is at fault, not the spec: report it to whoever runs the operator. If AWS_ENDPOINT_URL is set, check that AWS's own API is there.",
  },
];
