/** F24: what another version of the operator left behind: statuses and tags, older and newer. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { readMetrics } from './cluster/operator-metrics.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

type Status = Record<string, unknown>;
type Tags = Readonly<Record<string, string>>;

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess | undefined;
let current: SageMakerPrivateLink;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  simulator.world.account().createPrincipal({ kind: 'role', name: 'DataScientist' });
  cluster = await OperatorCluster.start(simulator.url);
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

/** This version has brought a link about and has ended. */
beforeEach(async () => {
  operator ??= await cluster.startOperator();
  const notebookAccess = {
    allowedCIDRs: ['203.0.113.0/24'],
    attachTo: { roles: ['DataScientist'] },
  };
  const endpoints = [{ service: 'api' }, { service: 'notebook' }];
  await cluster.apply(sampleLink(region, 'ml', { endpoints, notebookAccess, tags: { team: 'a' } }));
  current = await cluster.linkIsReady('ml');
  await operator.stop();
  simulator.resetCalls();
});

const path = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks/ml/status';

async function leaveStatus(change: (status: Status) => Status): Promise<void> {
  const status = change(current.status as unknown as Status);
  const answer = await cluster.server.request({
    method: 'PUT',
    path,
    body: { ...current, status },
  });
  expect(answer.status).toBe(200);
}

/** Starts this version again; what it changed at AWS until the link was ready and looked at. */
async function changesOfStart(): Promise<readonly string[]> {
  operator = await cluster.startOperator();
  const running = operator;
  await eventually(async () => expect((await readMetrics(running)).passes).toBeGreaterThan(1), {
    withinMs: 60_000,
  });
  await cluster.linkIsReady('ml');
  return simulator.calls().flatMap(({ readOnly, action }) => (readOnly ? [] : [action]));
}

function endpointIds(link: SageMakerPrivateLink): readonly (string | undefined)[] {
  return (link.status?.endpoints ?? []).map(({ id }) => id);
}

function without(status: Status, ...fields: readonly string[]): Status {
  return Object.fromEntries(Object.entries(status).filter(([field]) => !fields.includes(field)));
}

const condition = {
  status: 'True',
  message: 'in the words of another version',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

const statuses: readonly (readonly [string, (status: Status) => Status])[] = [
  ['none at all', () => ({})],
  [
    'one without the fields that came later',
    (status) => without(status, 'appliedGeneration', 'appliedTagKeys', 'notebookAccess', 'account'),
  ],
  [
    'one whose endpoints have nothing but their ids',
    (status) => ({
      ...status,
      endpoints: (status['endpoints'] as readonly Status[]).map(({ service, serviceName, id }) => ({
        service,
        serviceName,
        id,
      })),
    }),
  ],
  [
    'one with a condition and a reason that this version does not know',
    (status) => ({
      ...status,
      conditions: [
        { ...condition, type: 'Ready', reason: 'AsItWasCalledOnce' },
        { ...condition, type: 'QuotasChecked', reason: 'Enough' },
      ],
    }),
  ],
];

describe('F24: left by another version', () => {
  test.each(statuses)('a status: %s', async (_what, change) => {
    await leaveStatus(change);
    expect(await changesOfStart()).toEqual([]);
    const link = await cluster.linkIsReady('ml');
    expect(endpointIds(link)).toEqual(endpointIds(current));
    expect(link.status?.notebookAccess?.policyArn).toBe(current.status?.notebookAccess?.policyArn);
    expect((link.status?.conditions ?? []).map(({ reason }) => reason)).not.toContain(
      'AsItWasCalledOnce',
    );
  });

  test('tags: those that it lacks are added, those that it does not know stay', async () => {
    const newer = { 'sagemaker.privatelink.dev/format': '2' };
    const [endpoint] = region.endpoints().filter(({ id }) => endpointIds(current).includes(id));
    const { 'sagemaker.privatelink.dev/role': _, Name: __, ...older } = endpoint?.tags ?? {};
    region.changeEndpoint(endpoint?.id ?? '', { tags: { ...older, ...newer } });
    expect(await changesOfStart()).toEqual(['CreateTags']);
    expect(endpointIds(await cluster.linkIsReady('ml'))).toEqual(endpointIds(current));
    const after = region.endpoints().find(({ id }) => id === endpoint?.id);
    expect(after?.tags).toEqual({ ...endpoint?.tags, ...newer });
  });

  test('taken away all the same, it leaves nothing', async () => {
    await leaveStatus(() => ({}));
    operator = await cluster.startOperator();
    await cluster.kubectlOrThrow(['delete', 'smpl', 'ml', '--wait=false']);
    await cluster.linkIsGone('ml');
    const isOurs = ({ tags }: { readonly tags: Tags }): boolean =>
      'sagemaker.privatelink.dev/uid' in tags;
    expect(region.endpoints().filter(({ state }) => state === 'available')).toEqual([]);
    expect(region.securityGroups().filter(isOurs)).toEqual([]);
    expect(simulator.world.account().policies().filter(isOurs)).toEqual([]);
  });
});
