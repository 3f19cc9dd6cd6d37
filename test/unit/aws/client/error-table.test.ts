import { expect, test } from '@jest/globals';
import { kindOfCode } from '../../../../src/aws/client/error-table.ts';

test.each([
  ['InvalidVpcEndpointId.NotFound', '', 400, 'NotFound'],
  ['RequestLimitExceeded', 'Request limit exceeded.', 503, 'Throttled'],
  ['Throttling', 'Rate exceeded', 400, 'Throttled'],
  ['UnauthorizedOperation', '', 403, 'Denied'],
  ['InvalidClientTokenId', '', 403, 'Credentials'],
  ['ExpiredToken', '', 403, 'Credentials'],
  ['DependencyViolation', '', 400, 'InUse'],
  ['OperationInProgress', '', 400, 'InTransition'],
  ['VpcEndpointLimitExceeded', '', 400, 'Quota'],
  ['LimitExceeded', '', 409, 'Quota'],
  ['DuplicateSubnetsInSameZone', '', 400, 'Invalid'],
  ['InternalError', '', 500, 'Unavailable'],
  ['SomethingElse.NotFound', '', 400, 'NotFound'],
  ['SomethingElse.Malformed', '', 400, 'Invalid'],
  ['SomethingElse', '', 400, 'Unknown'],
  ['SomethingElse', '', 502, 'Unavailable'],
  ['SomethingElse', '', 429, 'Throttled'],
  ['toString', '', 400, 'Unknown'],
] as const)('%s %s with HTTP %i is %s', (code, message, status, kind) => {
  expect(kindOfCode(code, message, status)).toBe(kind);
});

test.each([
  [
    'private-dns-enabled cannot be set because there is already a conflicting DNS domain for api.sagemaker.eu-west-1.amazonaws.com in the VPC vpc-1',
    'Conflict',
  ],
  [
    'Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for vpc-1',
    'Invalid',
  ],
  [
    'The VPC endpoint service com.amazonaws.eu-west-1.x does not support the availability zone of the subnet: subnet-1',
    'Invalid',
  ],
])('InvalidParameter "%s" is %s', (message, kind) => {
  expect(kindOfCode('InvalidParameter', message, 400)).toBe(kind);
});
