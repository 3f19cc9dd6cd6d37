import { AwsError } from '../protocol/error.ts';

/**
 * AWS's codes and words for wrong ids of one kind. Whether the codes say `ID` or `Id`
 * is as EC2's table of error codes has it, which differs for one and the same kind.
 */
interface IdKind {
  readonly prefix: string;
  readonly notFound: (id: string) => AwsError;
  readonly malformedCode: string;
}

function kind(prefix: string, codeStem: string, words: (id: string) => string): IdKind {
  return {
    prefix,
    notFound: (id) => new AwsError(`${codeStem}.NotFound`, words(id)),
    malformedCode: `${codeStem}.Malformed`,
  };
}

export const idKinds = {
  vpc: kind('vpc-', 'InvalidVpcID', (id) => `The vpc ID '${id}' does not exist`),
  subnet: kind('subnet-', 'InvalidSubnetID', (id) => `The subnet ID '${id}' does not exist`),
  /** The endpoint API spells the code another way than the subnet API. */
  endpointSubnet: {
    ...kind('subnet-', 'InvalidSubnetId', (id) => `The subnet ID '${id}' does not exist`),
    malformedCode: 'InvalidSubnetID.Malformed',
  },
  group: {
    ...kind('sg-', 'InvalidGroup', (id) => `The security group '${id}' does not exist`),
    malformedCode: 'InvalidGroupId.Malformed',
  },
  rule: kind(
    'sgr-',
    'InvalidSecurityGroupRuleId',
    (id) => `The security group rule ID '${id}' does not exist`,
  ),
  peering: {
    ...kind(
      'pcx-',
      'InvalidVpcPeeringConnectionID',
      (id) => `The vpcPeeringConnection ID '${id}' does not exist`,
    ),
    malformedCode: 'InvalidVpcPeeringConnectionId.Malformed',
  },
  prefixList: {
    ...kind('pl-', 'InvalidPrefixListID', (id) => `The prefix list ID '${id}' does not exist`),
    malformedCode: 'InvalidPrefixListId.Malformed',
  },
  networkInterface: {
    ...kind(
      'eni-',
      'InvalidNetworkInterfaceID',
      (id) => `The networkInterface ID '${id}' does not exist`,
    ),
    malformedCode: 'InvalidNetworkInterfaceId.Malformed',
  },
  routeTable: {
    ...kind('rtb-', 'InvalidRouteTableID', (id) => `The routeTable ID '${id}' does not exist`),
    malformedCode: 'InvalidRouteTableId.Malformed',
  },
  endpoint: kind(
    'vpce-',
    'InvalidVpcEndpointId',
    (id) => `The Vpc Endpoint Id '${id}' does not exist`,
  ),
} as const satisfies Record<string, IdKind>;

/** The row of an id, or AWS's error: malformed when it has not the form of one, else not found. */
export function existing<T>(idKind: IdKind, id: string, row: T | undefined): T {
  if (row !== undefined) return row;
  checkForm(idKind, id);
  throw idKind.notFound(id);
}

export function checkForm(idKind: IdKind, id: string): void {
  const digits = id.slice(idKind.prefix.length);
  if (id.startsWith(idKind.prefix) && /^[0-9a-f]{8,17}$/.test(digits)) return;
  throw new AwsError(idKind.malformedCode, `Invalid id: "${id}" (expecting "${idKind.prefix}...")`);
}

export function dependencyViolation(id: string): AwsError {
  return new AwsError('DependencyViolation', `resource ${id} has a dependent object`);
}

export function noSuchService(name: string): AwsError {
  return new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
}
