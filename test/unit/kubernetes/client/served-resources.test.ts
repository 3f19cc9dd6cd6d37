import { expect, test } from '@jest/globals';
import type { ApiCalls } from '../../../../src/kubernetes/api-calls.ts';
import { ApiStatusError } from '../../../../src/kubernetes/client/api-error.ts';
import { servedResources } from '../../../../src/kubernetes/client/served-resources.ts';

const place = { group: 'example.com', version: 'v1' };

function asking(answer: () => object) {
  const client: Pick<ApiCalls, 'request'> = {
    request: <R>() => Promise.resolve().then(() => answer() as R),
  };
  const calls = client as ApiCalls;
  return servedResources(calls, place, { signal: new AbortController().signal });
}

function refusal(code: number): () => never {
  return () => {
    throw new ApiStatusError({ verb: 'get', path: '/apis/example.com/v1', code, status: {} });
  };
}

test('the resources of a version are listed without what is below them', async () => {
  const resources = [
    { name: 'widgets', kind: 'Widget', namespaced: true },
    { name: 'widgets/status', kind: 'Widget', namespaced: true },
    { name: 'gears', kind: 'Gear', namespaced: false },
  ];
  expect(await asking(() => ({ resources }))).toEqual([
    { ...place, kind: 'Widget', plural: 'widgets', namespaced: true },
    { ...place, kind: 'Gear', plural: 'gears', namespaced: false },
  ]);
});

test('a version that is not served has none, and another failure is one', async () => {
  expect(await asking(refusal(404))).toEqual([]);
  await expect(asking(refusal(403))).rejects.toThrow('403');
});
