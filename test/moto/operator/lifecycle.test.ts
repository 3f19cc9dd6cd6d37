/** The whole life of a link at an AWS that is not ours: moto, unchanged, by its endpoint URL. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually } from '../../environment/eventually.ts';
import { type Moto, startMoto } from '../../environment/moto.ts';
import { CommandLine } from '../../process/cluster/command-line.ts';
import { conditionOf, OperatorCluster } from '../../process/cluster/operator-cluster.ts';
import { MotoWorld } from './moto-world.ts';

jest.setTimeout(180_000);

const patience = { withinMs: 90_000, everyMs: 300 };

let moto: Moto;
let world: MotoWorld;

beforeAll(async () => {
  moto = await startMoto();
  world = new MotoWorld(moto.url);
});

afterAll(async () => {
  world?.close();
  await moto?.stop();
});

async function serviceNames(): Promise<readonly (string | undefined)[]> {
  return (await world.liveEndpoints()).map(({ ServiceName }) => ServiceName).sort();
}

const apiService = 'com.amazonaws.us-east-1.sagemaker.api';
const runtimeService = 'com.amazonaws.us-east-1.sagemaker.runtime';

async function onlyGroup(): Promise<string> {
  const groups = await world.managedGroups();
  expect(groups).toHaveLength(1);
  return groups[0]?.GroupId ?? '';
}

/** The group as a link without securityGroup wants it. */
async function expectTightGroup(): Promise<void> {
  expect(await world.rules(await onlyGroup())).toMatchObject([
    { IsEgress: false, FromPort: 443, ToPort: 443, CidrIpv4: '172.31.0.0/16' },
  ]);
}

async function expectNothingLeft(): Promise<void> {
  expect(await world.liveEndpoints()).toEqual([]);
  expect(await world.managedGroups()).toEqual([]);
}

test('the operator process: create, repair, change, delete', async () => {
  const cluster = await OperatorCluster.start(moto.url);
  try {
    await cluster.startOperator();
    await cluster.apply(await world.link('ml'));
    const link = await cluster.linkIsReady('ml');
    expect(link.status).toMatchObject({ account: '123456789012', available: '2/2' });
    expect(conditionOf(link, 'Available')?.status).toBe('True');
    expect(await serviceNames()).toEqual([apiService, runtimeService]);
    await expectTightGroup();

    const [victim] = await world.liveEndpoints();
    await world.deleteEndpoint(victim?.VpcEndpointId ?? '');
    await world.openGroup(await onlyGroup(), '203.0.113.0/24', 22);
    await eventually(async () => {
      expect(await serviceNames()).toEqual([apiService, runtimeService]);
      await expectTightGroup();
    }, patience);

    const endpoints = [{ service: 'runtime' }, { service: 'featurestore-runtime' }];
    const securityGroup = { ingress: [{ cidr: '10.1.0.0/16' }] };
    await cluster.apply(await world.link('ml', { endpoints, securityGroup, tags: { team: 'ml' } }));
    await cluster.linkIsReady('ml');
    await eventually(async () => {
      expect(await serviceNames()).toEqual([
        'com.amazonaws.us-east-1.sagemaker.featurestore-runtime',
        runtimeService,
      ]);
    }, patience);
    expect(await world.rules(await onlyGroup())).toMatchObject([{ CidrIpv4: '10.1.0.0/16' }]);
    for (const { Tags } of await world.liveEndpoints()) {
      expect(Tags).toContainEqual({ Key: 'team', Value: 'ml' });
    }

    await cluster.remove('ml');
    await expectNothingLeft();
  } finally {
    await cluster.stop();
  }
});

test('the standalone commands: create, repair, change, delete', async () => {
  const shell = await CommandLine.start(moto.url);
  const quick = ['--poll=200ms', '--consistency=500ms', '--dns-settle=500ms', '--iam-settle=200ms'];
  async function apply(spec: Record<string, unknown> = {}): Promise<string> {
    const file = await shell.write('link.yaml', [await world.link('ml', spec)]);
    const applied = await shell.run(['apply', '-f', file, '--wait', ...quick]);
    expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await shell.run(['plan', '-f', file])).exitCode).toBe(0);
    return file;
  }
  try {
    await apply();
    expect(await serviceNames()).toEqual([apiService, runtimeService]);
    await expectTightGroup();

    const [victim] = await world.liveEndpoints();
    await world.deleteEndpoint(victim?.VpcEndpointId ?? '');
    await world.openGroup(await onlyGroup(), '203.0.113.0/24', 22);
    await apply();
    expect(await serviceNames()).toEqual([apiService, runtimeService]);
    await expectTightGroup();

    const file = await apply({ endpoints: [{ service: 'api' }] });
    expect(await serviceNames()).toEqual([apiService]);
    const deleted = await shell.run(['delete', '-f', file, ...quick]);
    expect(deleted).toMatchObject({ exitCode: 0, stderr: '' });
    await expectNothingLeft();
  } finally {
    await shell.close();
  }
});
