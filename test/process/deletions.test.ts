/** F21: links that are deleted at an awkward time leave nothing at AWS, and do not stay either. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  operator = await start();
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

function start(): Promise<OperatorProcess> {
  const rate = '--aws-call-rate=ec2:CreateVpcEndpoint=1000/1000';
  return cluster.startOperator({ args: [rate] });
}

const endpoints = [{ service: 'api' }, { service: 'notebook' }];
const notebookAccess = { allowedCIDRs: ['203.0.113.0/24'] };

async function apply(name: string): Promise<void> {
  await cluster.apply(sampleLink(region, name, { endpoints, notebookAccess }));
}

async function remove(name: string): Promise<void> {
  await cluster.kubectlOrThrow(['delete', 'smpl', name, '--wait=false']);
}

/** Everything at AWS that carries our tags. */
function ours(): readonly string[] {
  const account = simulator.world.account();
  return [
    ...region.endpoints().filter(({ state }) => state !== 'deleted'),
    ...region.securityGroups(),
    ...account.policies(),
  ]
    .filter(({ tags }) => Object.keys(tags).some((key) => key.startsWith('sagemaker.privatelink')))
    .map(({ id }) => id);
}

function writes(): readonly string[] {
  return simulator.calls().flatMap(({ readOnly, action }) => (readOnly ? [] : [action]));
}

describe('F21: deleted', () => {
  test('while the operator is away, it goes when the operator is back', async () => {
    await apply('ready');
    await cluster.linkIsReady('ready');
    await operator.stop();
    await remove('ready');
    expect((await cluster.link('ready'))?.metadata.finalizers).toHaveLength(1);
    operator = await start();
    await cluster.linkIsGone('ready');
    expect(ours()).toEqual([]);
  });

  test('before any operator saw it, it goes at once and nothing is made for it', async () => {
    await operator.stop();
    simulator.resetCalls();
    await apply('unseen');
    await remove('unseen');
    expect(await cluster.link('unseen')).toBeUndefined();
    operator = await start();
    await apply('seen');
    await cluster.linkIsReady('seen');
    expect(region.endpointHistory().filter(({ tags }) => hasName(tags, 'unseen'))).toEqual([]);
    await remove('seen');
    await cluster.linkIsGone('seen');
    expect(ours()).toEqual([]);
  });

  test.each(['CreateSecurityGroup', 'CreateVpcEndpoint', 'CreatePolicy', 'ModifyVpcEndpoint'])(
    'while %s is under way, it leaves nothing',
    async (action) => {
      const name = `during-${action.toLowerCase()}`;
      const slow = simulator.faults.add({
        action,
        times: 1,
        when: 'after',
        effect: { kind: 'delay', ms: 1_000 },
      });
      await apply(name);
      await eventually(() => expect(slow.hits()).toBe(1), { withinMs: 60_000 });
      await remove(name);
      await cluster.linkIsGone(name);
      slow.remove();
      expect(ours()).toEqual([]);
    },
  );

  test('with its kind, it takes everything with it, and the kind goes', async () => {
    await apply('last');
    await cluster.linkIsReady('last');
    const crd = 'crd/sagemakerprivatelinks.sagemaker.privatelink.dev';
    await cluster.kubectlOrThrow(['delete', crd, '--timeout=60s']);
    expect(ours()).toEqual([]);
    const { stdout } = await cluster.kubectl(['get', crd, '--ignore-not-found', '-o', 'name']);
    expect(stdout).toBe('');

    await cluster.install();
    simulator.resetCalls();
    await apply('anew');
    await cluster.linkIsReady('anew');
    expect(writes()).not.toContain('DeleteVpcEndpoints');
    await remove('anew');
    await cluster.linkIsGone('anew');
    expect(ours()).toEqual([]);
  });
});

function hasName(tags: Readonly<Record<string, string>>, name: string): boolean {
  return tags['sagemaker.privatelink.dev/name'] === name;
}
