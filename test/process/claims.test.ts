/** Who may have what exists already: two links for one thing, and things that were there before. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  const rate = '--aws-call-rate=ec2:CreateVpcEndpoint=1000/1000';
  await cluster.startOperator({ args: ['--stalled=1s', rate, '--cluster-id=cluster-1'] });
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

interface Place {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

function createPlace(): Place {
  const vpcId = region.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true }).id;
  const subnetIds = ['a', 'b'].map((letter, index) => {
    const [zone, cidr] = [`us-east-1${letter}`, `10.8.${index}.0/24`];
    return region.createSubnet({ vpcId, cidr, zone }).id;
  });
  return { vpcId, subnetIds };
}

async function apply(
  name: string,
  { vpcId: id, subnetIds: ids }: Place,
  spec: Record<string, unknown> = {},
): Promise<void> {
  const place = { vpc: { id }, subnets: { ids }, endpoints: [{ service: 'api' }] };
  await cluster.apply(sampleLink(region, name, { ...place, sweepInterval: '10s', ...spec }));
}

async function isRefused(name: string): Promise<SageMakerPrivateLink> {
  return cluster.linkThat(
    name,
    'refused for a conflict',
    (link) => conditionOf(link, 'Stalled')?.reason === 'PrivateDNSConflict',
  );
}

async function remove(name: string): Promise<void> {
  await cluster.kubectlOrThrow(['delete', 'smpl', name, '--wait=false']);
  await cluster.linkIsGone(name);
}

/** An endpoint that somebody made before, with private DNS and the tags given. */
async function existing(
  { vpcId, subnetIds }: Place,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const tagParameters = Object.entries(tags).flatMap(([key, value], index) => [
    [`TagSpecification.1.Tag.${index + 1}.Key`, key],
    [`TagSpecification.1.Tag.${index + 1}.Value`, value],
  ]);
  region.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.us-east-1.sagemaker.api',
    VpcId: vpcId,
    'SubnetId.1': subnetIds[0] ?? '',
    'TagSpecification.1.ResourceType': 'vpc-endpoint',
    ...(Object.fromEntries(tagParameters) as Record<string, string>),
  });
  return eventually(() => {
    const [endpoint] = endpointsIn(vpcId);
    expect(endpoint?.state).toBe('available');
    return endpoint?.id ?? '';
  });
}

function endpointsIn(vpcId: string): ReturnType<RegionControl['endpoints']> {
  return region.endpointHistory().filter((one) => one.vpcId === vpcId);
}

/** Waits until a link was looked at so many times more. */
async function looksAt(vpcId: string, count: number): Promise<void> {
  simulator.resetCalls();
  const asked = (): number =>
    simulator.calls().filter(({ parameters }) => Object.values(parameters).includes(vpcId)).length;
  await cluster.linkThat('second', 'looked at', () => asked() >= count);
}

test('F19: of two links for one private name one has it, the other names it and waits', async () => {
  const place = createPlace();
  await apply('first', place);
  await cluster.linkIsReady('first');
  await apply('second', place);
  const refused = await isRefused('second');
  const [endpoint] = endpointsIn(place.vpcId);
  const { message } = conditionOf(refused, 'EndpointsAvailable') ?? {};
  expect(message).toContain(
    `is taken by ${endpoint?.id}, which belongs to SageMakerPrivateLink first`,
  );

  // No fight: neither of them changes anything, however often they look.
  await looksAt(place.vpcId, 6);
  expect(simulator.calls().filter(({ readOnly }) => !readOnly)).toEqual([]);
  expect(endpointsIn(place.vpcId)).toEqual([endpoint]);
  await cluster.linkIsReady('first');

  await remove('first');
  const { status } = await cluster.linkIsReady('second');
  expect(endpointsIn(place.vpcId).filter(({ state }) => state === 'available')).toMatchObject([
    { id: status?.endpoints?.[0]?.id },
  ]);
  await remove('second');
});

describe('F22: an endpoint that was there before', () => {
  test('without an owner is left alone, and taken over where the spec says so', async () => {
    const place = createPlace();
    const id = await existing(place, { purpose: 'by hand' });
    const before = endpointsIn(place.vpcId);
    await apply('adopter', place);
    const refused = await isRefused('adopter');
    expect(conditionOf(refused, 'EndpointsAvailable')?.message).toContain(
      `is taken by ${id}, which has no owner tags`,
    );
    expect(endpointsIn(place.vpcId)).toEqual(before);

    await apply('adopter', place, { adoption: 'IfUnowned' });
    const link = await cluster.linkIsReady('adopter');
    expect(link.status?.endpoints).toMatchObject([{ service: 'api', id }]);
    const [adopted, ...others] = endpointsIn(place.vpcId);
    expect(others).toEqual([]);
    expect(adopted?.tags).toMatchObject({
      'sagemaker.privatelink.dev/cluster': 'cluster-1',
      'sagemaker.privatelink.dev/uid': link.metadata.uid,
    });
    expect(adopted?.interfaces).toHaveLength(2);
    // What was taken over is the link's own from then on, and goes with it.
    await remove('adopter');
    expect(endpointsIn(place.vpcId).map(({ state }) => state)).toEqual([
      expect.stringMatching(/^(deleted|gone)$/),
    ]);
  });

  test.each([
    [
      'another cluster',
      {
        'sagemaker.privatelink.dev/cluster': 'cluster-2',
        'sagemaker.privatelink.dev/uid': 'uid-of-there',
        'sagemaker.privatelink.dev/name': 'adopter',
      },
      'belongs to SageMakerPrivateLink adopter of cluster cluster-2',
    ],
    ['ACK', { 'services.k8s.aws/namespace': 'ml' }, 'belongs to ACK'],
    ['OpenShift', { 'red-hat-managed': 'true' }, 'belongs to OpenShift'],
  ])('of %s is never taken over, nor touched', async (who, tags, words) => {
    const name = `beside-${who.replaceAll(' ', '-').toLowerCase()}`;
    const place = createPlace();
    await existing(place, tags);
    const before = endpointsIn(place.vpcId);
    await apply(name, place, { adoption: 'IfUnowned' });
    const refused = await isRefused(name);
    expect(conditionOf(refused, 'EndpointsAvailable')?.message).toContain(words);
    await remove(name);
    expect(endpointsIn(place.vpcId)).toEqual(before);
  });
});
