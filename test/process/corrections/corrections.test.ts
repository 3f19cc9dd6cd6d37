/** A wrong spec is refused, by the API server or by a condition; set right, the link recovers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import type { ApiResponse } from '../../environment/api-server-request.ts';
import { readSpecs } from '../../specs/read-specs.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { type Place, type WrongSpec, wrongSpecs } from './wrong-specs.ts';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
const stories = new Map<string, Promise<SageMakerPrivateLink>>();

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  // A link that is refused is looked at again in five minutes: what recovers here does so because
  // its spec was changed.
  const rate = '--aws-call-rate=ec2:CreateVpcEndpoint=1000/1000';
  await cluster.startOperator({ args: [rate] });
  for (const one of wrongSpecs) {
    const story = tell(one);
    story.catch(() => undefined); // The test that awaits it reports the failure.
    stories.set(one.what, story);
  }
}, 120_000);

afterAll(async () => {
  await Promise.allSettled(stories.values());
  await cluster?.stop();
  await simulator?.close();
});

function createPlace(): Place {
  const vpc = (): { vpcId: string; subnetIds: readonly string[] } => {
    const tags = { purpose: 'ml' };
    const { id: vpcId } = region.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true, tags });
    const subnetIds = ['a', 'b'].map((letter, index) => {
      const [zone, cidr] = [`us-east-1${letter}`, `10.8.${index}.0/24`];
      return region.createSubnet({ vpcId, cidr, zone, tags }).id;
    });
    return { vpcId, subnetIds };
  };
  const { vpcId: otherVpc, subnetIds } = vpc();
  const { id: groupId } = region.createSecurityGroup({ vpcId: otherVpc, name: 'other' });
  return { region, ...vpc(), elsewhere: { groupId, subnetIds } };
}

function nameOf({ what }: WrongSpec): string {
  return `wrong-${wrongSpecs.findIndex((one) => one.what === what)}`;
}

/** Wrong until a condition says so, then right until all is well, then deleted. */
async function tell(one: WrongSpec): Promise<SageMakerPrivateLink> {
  const name = nameOf(one);
  const place = createPlace();
  const { vpcId: id, subnetIds: ids } = place;
  const base = { vpc: { id }, subnets: { ids }, endpoints: [{ service: 'api' }] };
  await cluster.apply(sampleLink(region, name, { ...base, ...one.wrong(place) }));
  const refused = await cluster.linkThat(
    name,
    `stalled for ${one.reason}`,
    (link) =>
      conditionOf(link, 'Stalled') !== undefined &&
      conditionOf(link, one.condition)?.reason === one.reason,
  );
  if (one.isImmutable) await remove(name);
  await cluster.apply(sampleLink(region, name, { ...base, ...one.right?.(place) }));
  await cluster.linkIsReady(name);
  await remove(name);
  return refused;
}

async function remove(name: string): Promise<void> {
  await cluster.kubectlOrThrow(['delete', 'smpl', name, '--wait=false']);
  await cluster.linkIsGone(name);
}

describe('F16: what AWS alone can tell', () => {
  test.each(wrongSpecs)(
    '$what: the condition names the field, and set right it recovers',
    async (one) => {
      const refused = await stories.get(one.what);
      if (refused === undefined) throw new Error(`no story of ${one.what}`);
      const { generation } = refused.metadata;
      expect(refused.status?.observedGeneration).toBe(generation);
      expect(conditionOf(refused, 'Ready')).toMatchObject({ status: 'False', reason: one.reason });
      expect(conditionOf(refused, one.condition)?.message).toContain(one.field);
    },
    180_000,
  );

  test('nothing is left of any of them', async () => {
    await Promise.allSettled(stories.values());
    const ours = ({ tags }: { tags: Readonly<Record<string, string>> }): boolean =>
      Object.keys(tags).some((key) => key.startsWith('sagemaker.privatelink.dev/'));
    expect(region.endpoints().filter(ours)).toEqual([]);
    expect(region.securityGroups().filter(ours)).toEqual([]);
    const policies = simulator.world.account().policies();
    expect(policies.filter(({ path }) => path === '/sagemaker-privatelink/')).toEqual([]);
  }, 180_000);
});

const path = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks/standing';

/** As `kubectl apply --server-side` does it. */
function applyOver(object: unknown): Promise<ApiResponse> {
  return cluster.server.request({
    method: 'PATCH',
    path: `${path}?fieldManager=user&force=true&fieldValidation=Strict`,
    contentType: 'application/apply-patch+yaml',
    body: object,
  });
}

/** The object of a file, under the name of the link that stands unless its name is what is wrong. */
function underTheName(text: string, file: string): unknown {
  const object = parseLinks(text, file)[0]?.object as { metadata?: Record<string, unknown> };
  if (file.startsWith('name-') || object.metadata === undefined) return object;
  return { ...object, metadata: { ...object.metadata, name: 'standing' } };
}

test('F16: no invalid file gets over a link that stands; a valid change does, and is done', async () => {
  const spec = { endpoints: [{ service: 'runtime', privateDNS: false }] };
  expect((await applyOver(sampleLink(region, 'standing', spec))).status).toBe(201);
  const { metadata } = await cluster.linkIsReady('standing');
  const accepted: string[] = [];
  for (const { name, text } of readSpecs('invalid')) {
    const { status } = await applyOver(underTheName(text, name));
    if (status < 400) accepted.push(name);
  }
  expect(accepted).toEqual([]);
  const after = await cluster.linkIsReady('standing');
  expect(after.metadata.resourceVersion).toBe(metadata.resourceVersion);

  const endpoints = [...spec.endpoints, { service: 'studio', privateDNS: false }];
  await applyOver(sampleLink(region, 'standing', { endpoints }));
  const changed = await cluster.linkIsReady('standing');
  expect(changed.status?.endpoints?.map(({ service }) => service)).toEqual(['runtime', 'studio']);
}, 180_000);
