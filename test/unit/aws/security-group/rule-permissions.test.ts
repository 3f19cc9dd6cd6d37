import { expect, test } from '@jest/globals';
import {
  permissionOf,
  permissionsOf,
} from '../../../../src/aws/security-group/rule-permissions.ts';

test('the rules of one port are one permission, with each source where AWS has it', () => {
  const description = 'd';
  expect(
    permissionsOf([
      { port: 443, source: { cidr: '10.0.0.0/16' }, description },
      { port: 443, source: { cidr: '2001:db8::/56' }, description },
      { port: 443, source: { securityGroupId: 'sg-1' }, description },
      { port: 443, source: { prefixListId: 'pl-1' }, description },
      { port: 8443, source: { cidr: '10.1.0.0/16' }, description },
    ]),
  ).toEqual([
    {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'd' }],
      Ipv6Ranges: [{ CidrIpv6: '2001:db8::/56', Description: 'd' }],
      UserIdGroupPairs: [{ GroupId: 'sg-1', Description: 'd' }],
      PrefixListIds: [{ PrefixListId: 'pl-1', Description: 'd' }],
    },
    {
      IpProtocol: 'tcp',
      FromPort: 8443,
      ToPort: 8443,
      IpRanges: [{ CidrIp: '10.1.0.0/16', Description: 'd' }],
    },
  ]);
});

test('a rule for all traffic is revoked without ports, which AWS does not take with it', () => {
  const rule = {
    id: 'sgr-1',
    isEgress: true,
    protocol: '-1',
    fromPort: -1,
    toPort: -1,
    source: { cidr: '0.0.0.0/0' },
    tags: {},
  };
  expect(permissionOf(rule)).toEqual({ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
});
