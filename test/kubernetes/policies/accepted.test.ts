/** Rendered objects against the schemas and CEL rules of every kind, on a real API server. */
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  chooseFlavor,
  type ServedFlavor,
} from '../../../src/plan/clients/cluster-policy/choose-flavor.ts';
import { renderClusterPolicy } from '../../../src/plan/clients/cluster-policy/cluster-policy.ts';
import type { ClusterPolicyObject } from '../../../src/plan/clients/cluster-policy/policy-object.ts';
import { policySteps } from '../../../src/plan/clients/cluster-policy/policy-steps.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { runsFactor } from '../../environment/runs-factor.ts';
import { installPolicyKinds } from './installed-kinds.ts';
import { input, manyRules } from './world.ts';

const server = sharedApiServer('kubernetes');

// The modules with the kinds are downloaded once.
beforeAll(() => installPolicyKinds(server), 600_000);

const cilium: ServedFlavor = { flavor: 'Cilium', apiVersion: 'cilium.io/v2', tiers: false };
const flavors: readonly ServedFlavor[] = [
  { flavor: 'NetworkPolicyAPI', apiVersion: 'policy.networking.k8s.io/v1alpha2', tiers: false },
  { flavor: 'NetworkPolicyAPI', apiVersion: 'policy.networking.k8s.io/v1beta1', tiers: false },
  { flavor: 'EKS', apiVersion: 'networking.k8s.aws/v1alpha1', tiers: false },
  cilium,
  { flavor: 'Calico', apiVersion: 'projectcalico.org/v3', tiers: true },
  { flavor: 'Calico', apiVersion: 'crd.projectcalico.org/v1', tiers: false },
];

const plurals: Readonly<Record<string, string>> = {
  ClusterNetworkPolicy: 'clusternetworkpolicies',
  CiliumClusterwideNetworkPolicy: 'ciliumclusterwidenetworkpolicies',
  GlobalNetworkPolicy: 'globalnetworkpolicies',
  Tier: 'tiers',
};

/** Applies an object as the operator does; with `dryRun` the server only says what it would store. */
async function apply(object: ClusterPolicyObject, dryRun: boolean) {
  const path = `/apis/${object.apiVersion}/${plurals[object.kind]}/${object.metadata.name}`;
  const options = `fieldManager=test&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
  return server.request({
    method: 'PATCH',
    path: `${path}?${options}`,
    contentType: 'application/apply-patch+yaml',
    body: object,
  });
}

test.each(flavors)('$apiVersion takes every object that $flavor makes', async (served) => {
  const drawn = fc.sample(fc.oneof(input, manyRules), 25 * runsFactor);
  const objects = drawn.flatMap((one) => renderClusterPolicy(served, one).objects);
  expect(objects.length).toBeGreaterThan(15);
  const answers = await Promise.all(
    objects.map(async (object) => ({ object, answer: await apply(object, true) })),
  );
  expect(answers.filter(({ answer }) => answer.status !== 201)).toEqual([]);
});

test.each(flavors)(
  '$apiVersion gives back what was written, so nothing is left to do',
  async (served) => {
    const [one] = fc.sample(manyRules, 1);
    if (one === undefined) throw new Error('nothing was drawn');
    const { objects } = renderClusterPolicy(served, {
      ...one,
      link: `stored-${served.flavor.toLowerCase()}`,
    });
    const stored: ClusterPolicyObject[] = [];
    for (const { verb, object } of policySteps([], objects)) {
      expect(verb).toBe('Apply');
      const { status, body } = await apply(object, false);
      expect([200, 201]).toContain(status);
      stored.push(body as ClusterPolicyObject);
    }
    expect(stored).toHaveLength(objects.length);
    expect(policySteps(stored, objects)).toEqual([]);
  },
);

test('a server that does not know a field refuses the object rather than drop it', async () => {
  const [one] = fc.sample(manyRules, 1);
  const [object] = one === undefined ? [] : renderClusterPolicy(cilium, one).objects;
  if (object === undefined) throw new Error('nothing was drawn');
  const spec = { ...(object.spec as object), enableDefaultRefusal: { egress: false } };
  const { status, body } = await apply({ ...object, spec }, true);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(JSON.stringify(body)).toContain('enableDefaultRefusal');
});

test('discovery of this server names all flavors, and Auto takes the first of its order', async () => {
  const { body } = await server.request({ path: '/apis' });
  const groups = (body as { groups: { name: string; versions: { version: string }[] }[] }).groups;
  const kinds = await Promise.all(
    groups.flatMap(({ name, versions }) =>
      versions.map(async ({ version }) => {
        const list = await server.request({ path: `/apis/${name}/${version}` });
        const { resources } = list.body as { resources: { kind: string }[] };
        return resources.map(({ kind }) => ({ group: name, version, kind }));
      }),
    ),
  );
  const served = kinds.flat();
  expect(chooseFlavor(served, 'Auto')).toEqual({ kind: 'Chosen', served: cilium });
  expect(chooseFlavor(served, 'Calico')).toEqual({ kind: 'Chosen', served: flavors[4] });
  expect(chooseFlavor(served, 'EKS')).toEqual({ kind: 'Chosen', served: flavors[2] });
  expect(chooseFlavor(served, 'NetworkPolicyAPI')).toEqual({ kind: 'Chosen', served: flavors[1] });
});
