/**
 * The way of a cluster from the first CRD to the present one, in the order that people forget: first
 * the operator, then the CRD. `former-crds/first.yaml` is the first one that an API server accepted.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { readMetrics } from './cluster/operator-metrics.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

const presentCrd = join(import.meta.dirname, '../../crds/sagemakerprivatelinks.yaml');
const firstCrd = join(import.meta.dirname, 'former-crds/first.yaml');
const links = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess;
/** As they are under the first CRD once this version of the operator has brought them about. */
const former = new Map<string, SageMakerPrivateLink>();

/** Links as people wrote them then; each takes what only the first CRD takes in some way. */
const specs: Readonly<Record<string, Record<string, unknown>>> = {
  plain: { endpoints: [{ service: 'runtime' }] },
  'with-a-policy': {
    endpoints: [
      {
        service: 'featurestore-runtime',
        policy: {
          Version: '2012-10-17',
          Id: 'ml',
          Statement: [
            {
              Sid: 'Own',
              Effect: 'Allow',
              Principal: { AWS: ['arn:aws:iam::123456789012:root'] },
              Action: ['sagemaker:*'],
              Resource: '*',
              Condition: { StringEquals: { 'aws:PrincipalAccount': ['123456789012'] } },
            },
          ],
        },
      },
    ],
  },
  'with-notebook-access': {
    endpoints: [{ service: 'api' }, { service: 'notebook' }],
    notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['DataScientist'] } },
    tags: { team: 'a' },
  },
};
/** The present CRD takes no such tag. AWS never did. */
const invalid = { endpoints: [{ service: 'metrics' }], tags: { 'AWs:team': 'a', team: 'b' } };

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  simulator.world.account().createPrincipal({ kind: 'role', name: 'DataScientist' });
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  await replaceCrd(firstCrd, { knows: false });
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

/** Puts the CRD in the place of the one that is there, and waits until the API server goes by it. */
async function replaceCrd(file: string, { knows }: { readonly knows: boolean }): Promise<void> {
  await cluster.kubectlOrThrow(['replace', '-f', file]);
  await eventually(async () => {
    const probe = sampleLink(region, 'probe', { privateDNSAt: 'Creation' });
    const path = `${links}?dryRun=All&fieldValidation=Strict`;
    const { status } = await cluster.server.request({ method: 'POST', path, body: probe });
    expect(status).toBe(knows ? 201 : 400);
  });
}

/** Starts this version and waits until it has looked at every link. */
async function startedOperator(): Promise<OperatorProcess> {
  const started = await cluster.startOperator();
  await eventually(
    async () => {
      const { passes } = await readMetrics(started);
      expect(passes).toBeGreaterThan(Object.keys(specs).length);
    },
    { withinMs: 60_000 },
  );
  return started;
}

/** Changes at AWS; those that AWS refused, such as the tag of the invalid link, are none. */
function changes(): readonly string[] {
  return simulator
    .calls()
    .filter(({ readOnly, httpStatus }) => !readOnly && httpStatus === 200)
    .map(({ action }) => action);
}

function endpointIds(link: SageMakerPrivateLink): readonly (string | undefined)[] {
  return (link.status?.endpoints ?? []).map(({ id }) => id);
}

async function warnings(name: string): Promise<readonly string[]> {
  const { body } = await cluster.server.request({
    path: '/apis/events.k8s.io/v1/namespaces/default/events',
  });
  const events = (body as { items: readonly Record<string, Record<string, string>>[] }).items;
  return events
    .filter((event) => event['regarding']?.['name'] === name)
    .filter((event) => String(event['reason']) === 'CRDOutdated')
    .map((event) => String(event['note']));
}

describe('an operator that is newer than the CRD', () => {
  beforeAll(async () => {
    for (const [name, spec] of Object.entries({ ...specs, invalid })) {
      await cluster.apply(sampleLink(region, name, spec));
    }
    operator = await startedOperator();
  });

  test.each(Object.keys(specs))('brings about the link %s', async (name) => {
    former.set(name, await cluster.linkIsReady(name));
  });

  test('says in its log which fields the API server drops, once', async () => {
    const lines = await eventually(async () => {
      const found = (await operator.log()).filter(({ message }) =>
        String(message).includes('CRD in the cluster is older than the operator'),
      );
      expect(found).toHaveLength(1);
      return found;
    });
    expect(lines[0]).toMatchObject({ level: 'warn' });
    expect(lines[0]?.['missing']).toEqual(
      expect.arrayContaining(['spec.verify', 'spec.privateDNSAt', 'status.appliedGeneration']),
    );
  });

  test('says so in an event of each link', async () => {
    for (const name of Object.keys(specs)) {
      await eventually(async () => expect(await warnings(name)).toHaveLength(1));
      expect(await warnings(name)).toEqual([
        expect.stringContaining('Apply crds/sagemakerprivatelinks.yaml'),
      ]);
    }
  });

  test('leaves AWS alone, though it cannot remember in the status what it has done', async () => {
    simulator.resetCalls();
    const { passes } = await readMetrics(operator);
    // At the end of their sweep intervals every link is looked at twice.
    const wanted = passes + 2 * Object.keys(specs).length;
    await eventually(
      async () => expect((await readMetrics(operator)).passes).toBeGreaterThan(wanted),
      { withinMs: 90_000 },
    );
    expect(changes()).toEqual([]);
  });
});

describe('the present CRD, applied to what was stored under the first', () => {
  beforeAll(async () => {
    await operator.stop();
    for (const name of Object.keys(specs)) {
      const link = await cluster.link(name);
      if (link !== undefined) former.set(name, link);
    }
    await replaceCrd(presentCrd, { knows: true });
    simulator.resetCalls();
  });

  test.each(Object.keys(specs))('%s can be read as it was, with the new defaults', async (name) => {
    const link = await cluster.link(name);
    const before = former.get(name);
    expect(link?.spec).toMatchObject(before?.spec ?? {});
    expect(link?.spec).toMatchObject({ privateDNSAt: 'Available' });
    expect(before?.spec).not.toHaveProperty('privateDNSAt');
    expect(link?.status).toEqual(before?.status);
  });

  test.each(Object.keys(specs))('%s is taken when it is applied again', async (name) => {
    await cluster.apply(sampleLink(region, name, specs[name] ?? {}));
    expect((await cluster.link(name))?.metadata.generation).toBe(
      former.get(name)?.metadata.generation,
    );
  });

  test('a tag that is invalid now does not keep other fields from being changed', async () => {
    const patch = JSON.stringify({ spec: { sweepInterval: '20s' } });
    await cluster.kubectlOrThrow(['patch', 'smpl', 'invalid', '--type=merge', '-p', patch]);
    expect((await cluster.link('invalid'))?.spec.tags).toEqual(invalid.tags);
  });

  test('the operator takes their statuses up, changes nothing at AWS, and adds what it lacked', async () => {
    operator = await startedOperator();
    for (const name of Object.keys(specs)) {
      const link = await cluster.linkThat(
        name,
        'reported under the present CRD',
        ({ status }) => status?.appliedGeneration !== undefined,
      );
      expect(conditionOf(link, 'Ready')?.status).toBe('True');
      const before = former.get(name);
      expect(before && endpointIds(link)).toEqual(before && endpointIds(before));
      expect(before?.status).not.toHaveProperty('appliedGeneration');
    }
    expect(changes()).toEqual([]);
  });

  test('the invalid tag is in the condition of its link', async () => {
    const link = await cluster.linkThat(
      'invalid',
      'refused',
      (one) => conditionOf(one, 'Ready')?.status === 'False',
    );
    expect(conditionOf(link, 'Ready')?.message).toContain('AWs:team');
  });

  test('a change of the tags is refused until the invalid one is gone, and the error says which', async () => {
    const change = (tags: object) => JSON.stringify({ spec: { tags } });
    const merge = ['patch', 'smpl', 'invalid', '--type=merge', '-p'];
    const refused = await cluster.kubectl([...merge, change({ more: 'c' })]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('spec.tags');
    expect(refused.stderr).toContain('aws:');
    const mended = await cluster.kubectl([...merge, change({ 'AWs:team': null })]);
    expect(mended).toMatchObject({ exitCode: 0 });
    await cluster.linkIsReady('invalid');
  });

  test('nothing is said of the CRD any more', async () => {
    const log = await operator.log();
    expect(log.filter(({ message }) => String(message).includes('the CRD in the cluster'))).toEqual(
      [],
    );
  });
});
