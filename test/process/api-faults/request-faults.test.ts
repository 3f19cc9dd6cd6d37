/** The API server refuses, loses and delays the operator's own reads and writes. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { ApiCall, ApiFault } from '../../environment/api-faults.ts';
import { eventually } from '../../environment/eventually.ts';
import { FaultBench } from './fault-bench.ts';

jest.setTimeout(240_000);

let bench: FaultBench;

beforeAll(async () => {
  bench = await FaultBench.start();
});

afterAll(() => bench?.stop());

afterEach(() => bench?.proxy.clear());

/** Everything but the lease, whose loss is another story. */
const work = /\/(sagemakerprivatelinks|events)/;
const statusOfLinks = /\/sagemakerprivatelinks\/[^/]+\/status$/;
const link = /\/sagemakerprivatelinks\/[^/?]+$/;

/** As priority and fairness refuses: with the flow schema that the request fell into. */
const fairness = {
  'retry-after': '1',
  'x-kubernetes-pf-flowschema-uid': '5a1b',
  'x-kubernetes-pf-prioritylevel-uid': '9c2d',
};

const faults: Readonly<Record<string, ApiFault>> = {
  '429 of priority and fairness for every request': {
    path: work,
    times: 5,
    effect: { kind: 'status', code: 429, reason: 'TooManyRequests', headers: fairness },
  },
  '500 for every write': {
    verb: ['update', 'patch', 'create'],
    path: work,
    times: 5,
    effect: { kind: 'status', code: 500, reason: 'InternalError' },
  },
  '503 for every write': {
    verb: ['update', 'patch', 'create'],
    path: work,
    times: 5,
    effect: { kind: 'status', code: 503, reason: 'ServiceUnavailable' },
  },
  '504 for a write of the status that took effect': {
    verb: 'update',
    path: statusOfLinks,
    times: 2,
    effect: { kind: 'lostAnswer' },
  },
  'the answer to the finalizer is lost': {
    verb: 'patch',
    path: link,
    times: 2,
    effect: { kind: 'lostAnswer' },
  },
  'connections break before writes': {
    verb: ['update', 'patch', 'create'],
    path: work,
    times: 6,
    effect: { kind: 'reset' },
  },
  'a write of the status hangs': {
    verb: 'update',
    path: statusOfLinks,
    times: 1,
    effect: { kind: 'hang' },
  },
  'writes of the status are slow': {
    verb: 'update',
    path: statusOfLinks,
    times: 4,
    effect: { kind: 'delay', ms: 1_000 },
  },
  '409 for writes of the status': {
    verb: 'update',
    path: statusOfLinks,
    times: 3,
    effect: { kind: 'status', code: 409, reason: 'Conflict' },
  },
  'a proxy sends each write twice': {
    verb: ['update', 'patch', 'create'],
    path: work,
    effect: { kind: 'twice' },
  },
  '403 for every request, until the authorizer of an API server that starts has read the rights': {
    path: work,
    times: 5,
    effect: { kind: 'status', code: 403, reason: 'Forbidden' },
  },
  '401 for one request': {
    path: work,
    times: 1,
    effect: { kind: 'status', code: 401, reason: 'Unauthorized' },
  },
};

test.each(Object.entries(faults))('F4, F6: %s', async (what, fault) => {
  const name = `r-${Object.keys(faults).indexOf(what)}`;
  const madeBefore = bench.endpointsEverMade();
  bench.proxy.resetRequests();
  const armed = bench.proxy.add(fault);

  await bench.apply(name, 'api');
  await bench.isDone(name, 'api');
  await bench.apply(name, 'api', 'runtime');
  await bench.isDone(name, 'api', 'runtime');
  await bench.remove(name);

  expect(armed.hits()).toBeGreaterThan(0);
  expect(bench.endpointsEverMade() - madeBefore).toBe(2);
  expect(bench.requestCount()).toBeLessThan(80);
  expect(await bench.probe('/healthz')).toBe(200);
  expect(bench.operator.hasExited()).toBe(false);
});

test('F4, F6: while nothing can be written to a link, neither the API server nor AWS is stormed', async () => {
  const fault = bench.proxy.add({
    verb: ['update', 'patch'],
    path: work,
    effect: { kind: 'status', code: 500, reason: 'InternalError' },
  });
  const madeBefore = bench.endpointsEverMade();
  bench.simulator.resetCalls();
  await bench.apply('unwritable', 'api');
  await eventually(() => expect(fault.hits()).toBeGreaterThan(0), { withinMs: 60_000 });
  await bench.renewals(4);

  // Without its finalizer on, nothing may be made for the link.
  expect(bench.endpointsEverMade()).toBe(madeBefore);
  expect(bench.simulator.calls().filter(({ readOnly }) => !readOnly)).toEqual([]);
  expect(fault.hits()).toBeLessThan(30);
  fault.remove();
  await bench.isDone('unwritable', 'api');
  await bench.remove('unwritable');
});

test('F4: no request is repeated before the time that a 429 asks for is over', async () => {
  const retryAfterSeconds = 2;
  const headers = { ...fairness, 'retry-after': `${retryAfterSeconds}` };
  bench.proxy.resetRequests();
  bench.proxy.add({
    path: /\/sagemakerprivatelinks/,
    times: 6,
    effect: { kind: 'status', code: 429, reason: 'TooManyRequests', headers },
  });
  // The watch has to be opened anew, so that it is refused as well.
  bench.proxy.cut();
  await bench.apply('patient', 'api');
  await bench.isDone('patient', 'api');
  await bench.remove('patient');

  const all = bench.proxy.requests();
  const pauses = all.flatMap((refused, index) => {
    if (refused.code !== 429) return [];
    const again = all.slice(index + 1).find((next) => isSameCall(refused, next));
    return again === undefined ? [] : [again.atMs - refused.atMs];
  });
  expect(pauses.length).toBeGreaterThanOrEqual(4);
  for (const pauseMs of pauses) expect(pauseMs).toBeGreaterThanOrEqual(retryAfterSeconds * 1_000);
});

/** The same verb on the same object; a watch may be asked for another length of time. */
function isSameCall(one: ApiCall, other: ApiCall): boolean {
  const bare = (path: string): string => path.replace(/\?.*/, '');
  return one.verb === other.verb && bare(one.path) === bare(other.path);
}

test('F4: a token that was revoked is replaced by the one in the file', async () => {
  const account = ['-n', 'sagemaker-privatelink-system', 'sa', 'sagemaker-privatelink-operator'];
  const revoked = await bench.token();
  await bench.cluster.kubectlOrThrow(['delete', ...account]);
  await bench.cluster.kubectlOrThrow(['create', ...account]);
  // The API server remembers for some seconds that a token was good.
  await eventually(async () => {
    const path = '/api/v1/namespaces/kube-system';
    expect(await bench.cluster.server.request({ path, token: revoked })).toMatchObject({
      status: 401,
    });
  });
  await bench.renewToken();

  await bench.apply('rotated', 'api');
  await bench.isDone('rotated', 'api');
  await bench.apply('rotated', 'api', 'runtime');
  await bench.isDone('rotated', 'api', 'runtime');
  await bench.remove('rotated');
  expect(bench.operator.hasExited()).toBe(false);
});
