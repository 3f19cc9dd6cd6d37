import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { runProgram } from '../../environment/run-program.ts';

/** Members that AWS may show and no answer here has, since nothing here has what they are about. */
const absent = [
  'AvailabilityZones.Geography',
  'AvailabilityZones.SubGeography',
  'NetworkInterfaces.AssociatedSubnets',
  'NetworkInterfaces.Association',
  'NetworkInterfaces.ConnectionTrackingConfiguration',
  'NetworkInterfaces.Ipv4Prefixes',
  'NetworkInterfaces.Ipv6Native',
  'NetworkInterfaces.Ipv6Prefixes',
  'NetworkInterfaces.OutpostArn',
  'NetworkInterfaces.PublicDnsName',
  'NetworkInterfaces.PublicIpDnsNameOptions',
  'PrefixLists.IpamPrefixListResolverSyncEnabled',
  'PrefixLists.IpamPrefixListResolverTargetId',
  'PrefixLists.StateMessage',
  'Regions.Geography',
  'SecurityGroupVpcAssociations.StateReason',
  'ServiceDetails.PayerResponsibility',
  'Subnets.CustomerOwnedIpv4Pool',
  'Subnets.EnableLniAtDeviceIndex',
  'Subnets.Type',
  'VpcEndpoints.FailureReason',
  'VpcEndpoints.Ipv4Prefixes',
  'VpcEndpoints.Ipv6Prefixes',
  'VpcEndpoints.LastError',
  'VpcEndpoints.PayerResponsibilities',
  'VpcEndpoints.ResourceConfigurationArn',
  'VpcEndpoints.ServiceNetworkArn',
  'Vpcs.EncryptionControl',
];

/** Filters that are taken and match nothing, since nothing here has such a value. */
const silent = [
  'describe_availability_zones message',
  'describe_network_interfaces addresses.association.owner-id',
  'describe_network_interfaces addresses.association.public-ip',
  'describe_network_interfaces association.allocation-id',
  'describe_network_interfaces association.association-id',
  'describe_network_interfaces association.ip-owner-id',
  'describe_network_interfaces association.public-dns-name',
  'describe_network_interfaces association.public-ip',
  'describe_network_interfaces attachment.attach-time',
  'describe_network_interfaces operator.principal',
  'describe_network_interfaces tag-key',
  // Answers name the groups of rules by their ids only.
  'describe_security_groups egress.ip-permission.group-name',
  'describe_security_groups ip-permission.group-name',
  'describe_subnets customer-owned-ipv4-pool',
  'describe_subnets enable-lni-at-device-index',
  'describe_vpc_endpoint_services tag-key',
];

test("EC2's answers have the members of AWS's model, and every documented filter works", async () => {
  const { python } = await ensurePythonEnvironment();
  const simulator = await startSimulator({ timeScale: 600, throttling: false });
  try {
    const region = simulator.world.region('us-east-1');
    const { id: vpcId } = region.defaultVpc();
    const { name: zone } = region.addLocalZone('us-east-1-bos-1a');
    region.addLocalZone('us-east-1-mia-1a', false);
    const outpostArn = 'arn:aws:outposts:us-east-1:111122223333:outpost/op-0123456789abcdef0';
    region.createSubnet({ vpcId, cidr: '172.31.255.0/28', zone });
    const { id: subnetId } = region.createSubnet({ vpcId, cidr: '172.31.255.16/28', outpostArn });
    region.createNetworkInterface({ subnetId, groupIds: [], ipv4: '172.31.255.20' });
    const script = join(import.meta.dirname, '..', 'clients', 'against_model.py');
    const { stdout, stderr } = await runProgram(python, [script], {
      env: awsClientEnvironment(simulator.url),
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ unknown: [], absent, filters: {}, silent });
  } finally {
    await simulator.close();
  }
});
