/** kube-apiserver's own priority and fairness holds the operator back, by 429 of its own making. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import { eventually } from '../../environment/eventually.ts';
import type { ProxiedRequest } from '../../environment/api-faults.ts';
import { FaultBench } from './fault-bench.ts';

jest.setTimeout(240_000);

let bench: FaultBench;

beforeAll(async () => {
  bench = await FaultBench.start([], { own: {} });
});

afterAll(() => bench?.stop());

const api = 'flowcontrol.apiserver.k8s.io/v1';

/** A priority level for one request at a time: who comes while it is taken is turned away. */
const jail = {
  apiVersion: api,
  kind: 'PriorityLevelConfiguration',
  metadata: { name: 'jail' },
  spec: {
    type: 'Limited',
    limited: {
      nominalConcurrencyShares: 0,
      lendablePercent: 0,
      borrowingLimitPercent: 0,
      limitResponse: { type: 'Reject' },
    },
  },
};

/** The operator's requests about links, not those about its lease; and who takes the only seat. */
const intoJail = {
  apiVersion: api,
  kind: 'FlowSchema',
  metadata: { name: 'operator-into-jail' },
  spec: {
    matchingPrecedence: 100,
    priorityLevelConfiguration: { name: 'jail' },
    rules: [
      {
        subjects: [
          {
            kind: 'ServiceAccount',
            serviceAccount: {
              namespace: 'sagemaker-privatelink-system',
              name: 'sagemaker-privatelink-operator',
            },
          },
        ],
        resourceRules: [
          {
            apiGroups: ['sagemaker.privatelink.dev'],
            resources: ['*'],
            verbs: ['*'],
            clusterScope: true,
          },
        ],
      },
      {
        subjects: [{ kind: 'User', user: { name: 'holder' } }],
        resourceRules: [
          {
            apiGroups: [''],
            resources: ['configmaps'],
            verbs: ['create'],
            namespaces: ['default'],
          },
        ],
      },
    ],
  },
};

/** Begins a request and never ends it: its seat stays taken until the connection is destroyed. */
function takeSeat(): ClientRequest {
  const { url, certificateAuthority: ca, adminToken } = bench.cluster.server;
  const seat = request(`${url}/api/v1/namespaces/default/configmaps`, {
    method: 'POST',
    ca,
    agent: false,
    headers: {
      authorization: `Bearer ${adminToken}`,
      'content-type': 'application/json',
      'content-length': '1000',
      'impersonate-user': 'holder',
    },
  });
  seat.on('error', () => undefined);
  seat.write('{');
  return seat;
}

function turnedAway(): readonly ProxiedRequest[] {
  return bench.proxy.requests().filter(({ code }) => code === 429);
}

/** Past the proxy. */
async function listAsOperator(): Promise<number> {
  const path = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks';
  return (await bench.cluster.server.request({ path, token: await bench.token() })).status;
}

test('F4: held back by priority and fairness it waits, makes nothing, and goes on afterwards', async () => {
  const madeBefore = bench.endpointsEverMade();
  await bench.cluster.apply(jail);
  await bench.cluster.apply(intoJail);
  const right = ['--clusterrole=cluster-admin', '--user=holder'];
  await bench.cluster.kubectlOrThrow(['create', 'clusterrolebinding', 'holder', ...right]);
  const seats: ClientRequest[] = [];
  await eventually(
    async () => {
      seats.push(takeSeat());
      expect(await listAsOperator()).toBe(429);
    },
    { withinMs: 60_000, everyMs: 500 },
  );
  bench.proxy.resetRequests();
  await bench.apply('held', 'api');
  await eventually(() => expect(turnedAway().length).toBeGreaterThan(2), { withinMs: 60_000 });
  await bench.renewals(4);
  // Without its finalizer on, nothing may be made for the link.
  expect(bench.endpointsEverMade()).toBe(madeBefore);
  expect(bench.requestCount()).toBeLessThan(40);

  for (const seat of seats) seat.destroy();
  await bench.isDone('held', 'api');
  await bench.remove('held');
  expect(bench.endpointsEverMade() - madeBefore).toBe(1);
  expect(await bench.probe('/healthz')).toBe(200);
  expect(bench.operator.hasExited()).toBe(false);
});
