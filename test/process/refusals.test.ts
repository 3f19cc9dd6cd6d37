/** What a user or the network gets wrong: said in a condition, and repaired without a restart. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

jest.setTimeout(180_000);

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  await cluster.startOperator({ args: ['--stalled=1s', unlimitedEndpoints] });
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

/** A VPC apart, so that the tests do not take each other's private DNS names. */
function createNetwork(
  options: { readonly enableDnsSupport?: boolean; readonly enableDnsHostnames?: boolean } = {},
): { readonly vpcId: string; readonly subnetIds: readonly string[] } {
  const vpc = region.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true, ...options });
  const subnetIds = ['a', 'b'].map((zone, index) => {
    const cidr = `10.8.${index}.0/24`;
    return region.createSubnet({ vpcId: vpc.id, cidr, zone: `us-east-1${zone}` }).id;
  });
  return { vpcId: vpc.id, subnetIds };
}

function linkIn(
  network: { readonly vpcId: string; readonly subnetIds: readonly string[] },
  name: string,
  spec: Record<string, unknown> = {},
): Record<string, unknown> {
  const { vpcId, subnetIds } = network;
  return sampleLink(region, name, { vpc: { id: vpcId }, subnets: { ids: subnetIds }, ...spec });
}

/** Applies a link and waits until it needs a person; what its Ready and a condition say then. */
async function refusalOf(link: Record<string, unknown>, condition: string): Promise<string> {
  const { name } = link['metadata'] as { readonly name: string };
  await cluster.apply(link);
  const stalled = await cluster.linkThat(
    name,
    'stalled',
    (one) => conditionOf(one, 'Stalled')?.status === 'True',
  );
  expect(conditionOf(stalled, 'Ready')?.status).toBe('False');
  expect(stalled.status?.observedGeneration).toBe(stalled.metadata.generation);
  const { status, reason, message } = conditionOf(stalled, condition) ?? {};
  return `${status} ${reason}: ${message}`;
}

function endpointsIn(vpcId: string): ReturnType<RegionControl['endpoints']> {
  return region.endpoints().filter((one) => one.vpcId === vpcId);
}

test('kubectl refuses an unknown field and names it', async () => {
  const link = sampleLink(region, 'typo', { endpoint: [{ service: 'api' }] });
  const { exitCode, stderr } = await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(link));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('unknown field "spec.endpoint"');
});

test('kubectl refuses a CIDR block that is none and says what form it has', async () => {
  const securityGroup = { ingress: [{ cidr: '10.0.0.256/24' }] };
  const link = sampleLink(region, 'bad-cidr', { securityGroup });
  const { exitCode, stderr } = await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(link));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('spec.securityGroup.ingress[0].cidr');
  expect(stderr).toContain('must be a block of addresses in CIDR form');
});

test('F16: two subnets of one zone are refused by their ids, until one is taken out', async () => {
  const network = createNetwork();
  const { id: twin } = region.createSubnet({
    vpcId: network.vpcId,
    cidr: '10.8.9.0/24',
    zone: 'us-east-1a',
  });
  const [first, second] = network.subnetIds;
  const ids = [first, second, twin];
  expect(await refusalOf(linkIn(network, 'twins', { subnets: { ids } }), 'NetworkResolved')).toBe(
    `False DuplicateZone: Subnets ${first} and ${twin} are both in zone us-east-1a: an endpoint takes one subnet per zone. Remove one from spec.subnets.ids.`,
  );
  // The zone that is not in doubt is served.
  for (const { interfaces } of endpointsIn(network.vpcId)) {
    expect(interfaces.map(({ subnetId }) => subnetId)).toEqual([second]);
  }

  await cluster.apply(linkIn(network, 'twins'));
  await cluster.linkIsReady('twins');
});

test('a VPC that does not exist is named with its region', async () => {
  const link = linkIn({ ...createNetwork(), vpcId: 'vpc-0123456789abcdef0' }, 'no-vpc');
  expect(await refusalOf(link, 'NetworkResolved')).toBe(
    'False VPCNotFound: VPC vpc-0123456789abcdef0 was not found in region us-east-1. Correct spec.vpc or spec.region. A link in a cluster cannot change that: delete it there and create it anew.',
  );
});

test('a subnet of another VPC is named', async () => {
  const network = createNetwork();
  const elsewhere = createNetwork();
  const [foreign] = elsewhere.subnetIds;
  const ids = [...network.subnetIds.slice(0, 1), foreign];
  const link = linkIn(network, 'foreign-subnet', { subnets: { ids } });
  expect(await refusalOf(link, 'NetworkResolved')).toBe(
    `False SubnetNotInVPC: Not in ${network.vpcId}: ${foreign} (in ${elsewhere.vpcId}). List subnets of ${network.vpcId} in spec.subnets.ids.`,
  );
});

test('a service that the region does not have is named; the others are made all the same', async () => {
  const network = createNetwork();
  const missing = 'com.amazonaws.us-east-1.sagemaker.metrics';
  region.removeService(missing);
  const endpoints = [{ service: 'metrics' }, { service: 'api' }];
  expect(await refusalOf(linkIn(network, 'no-service', { endpoints }), 'EndpointsAvailable')).toBe(
    `False ServiceNotFound: Endpoint service ${missing} does not exist in region us-east-1. Remove it from spec.endpoints, or correct its name.`,
  );
  expect(endpointsIn(network.vpcId).map(({ serviceName }) => serviceName)).toEqual([
    'com.amazonaws.us-east-1.sagemaker.api',
  ]);
});

test('a zone without the service is refused with Fail and left out with Skip', async () => {
  const network = createNetwork();
  const service = 'com.amazonaws.us-east-1.sagemaker.featurestore-runtime';
  region.setServiceZones(service, ['us-east-1a']);
  const endpoints = [{ service: 'featurestore-runtime' }];
  const { subnetIds: ids } = network;
  expect(await refusalOf(linkIn(network, 'zones', { endpoints }), 'NetworkResolved')).toBe(
    `False UnsupportedZone: ${service} is not offered in us-east-1b (${ids[1]}). Choose subnets in us-east-1a, or set spec.subnets.unsupportedZones: Skip.`,
  );

  const subnets = { ids, unsupportedZones: 'Skip' };
  await cluster.apply(linkIn(network, 'zones', { endpoints, subnets }));
  const link = await cluster.linkIsReady('zones');
  expect(link.status?.skippedSubnets).toEqual([
    { id: ids[1], zone: 'us-east-1b', reason: `${service} is not offered in us-east-1b` },
  ]);
  const [endpoint] = endpointsIn(network.vpcId);
  expect(endpoint?.interfaces.map(({ subnetId }) => subnetId)).toEqual([ids[0]]);
});

test('a VPC without DNS attributes is refused, and recovers when they are turned on', async () => {
  const network = createNetwork({ enableDnsSupport: false, enableDnsHostnames: false });
  const { vpcId } = network;
  expect(await refusalOf(linkIn(network, 'no-dns'), 'NetworkResolved')).toBe(
    `False VPCDNSDisabled: Private DNS needs enableDnsSupport and enableDnsHostnames of ${vpcId}, which are off. Turn them on (aws ec2 modify-vpc-attribute --region us-east-1 --vpc-id ${vpcId} --enable-dns-support, then the same with --enable-dns-hostnames), or set privateDNS: false.`,
  );
  region.setVpcDns(vpcId, { enableDnsSupport: true, enableDnsHostnames: true });
  await cluster.linkIsReady('no-dns');
});

test("private DNS that somebody else's endpoint has is refused by its id, until it is gone", async () => {
  const network = createNetwork();
  region.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.us-east-1.sagemaker.api',
    VpcId: network.vpcId,
    'SubnetId.1': network.subnetIds[0] ?? '',
  });
  const [rival] = endpointsIn(network.vpcId);
  expect(await refusalOf(linkIn(network, 'taken'), 'EndpointsAvailable')).toBe(
    `False PrivateDNSConflict: Private DNS of com.amazonaws.us-east-1.sagemaker.api in ${network.vpcId} is taken by ${rival?.id}, which has no owner tags. Ask whoever made it first: others may rely on it. Then set spec.adoption: IfUnowned to take it over, set privateDNS: false for this endpoint, or have it deleted.`,
  );
  expect(endpointsIn(network.vpcId).find(({ id }) => id === rival?.id)?.state).toBe('available');

  region.deleteEndpoint(rival?.id ?? '');
  await cluster.linkIsReady('taken');
});

test('F16: a link that stays refused is looked at again without a write anywhere', async () => {
  await cluster.apply(linkIn({ ...createNetwork(), vpcId: 'vpc-00000000000000000' }, 'patient'));
  const refused = await cluster.linkThat(
    'patient',
    'stalled',
    (one) => conditionOf(one, 'Stalled') !== undefined,
  );
  simulator.resetCalls();
  const looks = (): number => callsAbout('vpc-00000000000000000');
  await eventually(() => expect(looks()).toBeGreaterThanOrEqual(3), { withinMs: 60_000 });
  const { metadata } = (await cluster.link('patient')) ?? {};
  expect(metadata?.resourceVersion).toBe(refused.metadata.resourceVersion);
});

function callsAbout(vpcId: string): number {
  return simulator.calls().filter(({ parameters }) => Object.values(parameters).includes(vpcId))
    .length;
}
