import { expect, test } from '@jest/globals';
import { schema } from '../../../src/api/generated/sagemaker-private-link-schema.ts';
import { isTooLong, keptLink, longestSpec } from '../../../src/api/link-size.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { tooLong } from '../../../src/plan/report/too-long.ts';
import { sampleLinkObject } from './sample-link-object.ts';

test('a spec of ordinary length is kept as it is', () => {
  const link = sampleLinkObject(1_000);
  expect(keptLink(link).spec).toEqual(link.spec);
  expect(tooLong(keptLink(link).spec)).toEqual([]);
});

test('of a spec that is too long the policies are not kept, and it is refused', () => {
  const link = sampleLinkObject(longestSpec);
  const kept = keptLink(link);
  expect(JSON.stringify(kept).length).toBeLessThan(2_000);
  expect(kept.spec).toMatchObject({ region: link.spec.region, vpc: link.spec.vpc });
  expect(tooLong(kept.spec)).toMatchObject([{ reason: 'InvalidSpec', severity: 'stalled' }]);
  expect(keptLink(kept)).toEqual(kept);
});

test('of the metadata only what is read is kept: authors decide how long the rest is', () => {
  const link = sampleLinkObject(10);
  const request = 'sagemaker.privatelink.dev/reconcile-requested-at';
  const fields = {
    finalizers: ['sagemaker.privatelink.dev/finalizer', 'example.com/other'],
    deletionTimestamp: '2026-01-02T00:00:00Z',
  };
  const fat = {
    annotations: {
      [request]: 'now',
      'sagemaker.privatelink.dev/anything': 'x'.repeat(200_000),
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    },
    labels: { team: 'ml' },
    ownerReferences: [{ name: 'x' }],
    managedFields: [{ manager: 'kubectl' }],
  };
  const kept = keptLink({ ...link, metadata: { ...link.metadata, ...fields, ...fat } });
  const annotations = { [request]: 'now' };
  expect(kept.metadata).toEqual({ ...link.metadata, ...fields, annotations });
  expect({ ...kept, metadata: link.metadata }).toEqual(link);
});

test("of finalizers that are too long the operator's own is kept, and that others were left out", () => {
  const link = sampleLinkObject(10);
  const own = 'sagemaker.privatelink.dev/finalizer';
  const others = Array.from(
    { length: 4_000 },
    (_, index) => `example.com/${'x'.repeat(50)}${index}`,
  );
  for (const finalizers of [others, [...others, own]]) {
    const kept = keptLink({ ...link, metadata: { ...link.metadata, finalizers } });
    expect(kept.metadata.finalizers).toEqual(finalizers.filter((one) => one === own));
    expect(kept.metadata.areFinalizersCut).toBe(true);
    expect(keptLink(kept)).toEqual(kept);
  }
});

test('a long request to look is kept as long as the status can show it', () => {
  const link = sampleLinkObject(10);
  const key = 'sagemaker.privatelink.dev/reconcile-requested-at';
  const keptOf = (request: string): string | undefined => {
    const metadata = { ...link.metadata, annotations: { [key]: request } };
    const kept = keptLink({ ...link, metadata });
    expect(keptLink(kept)).toEqual(kept);
    return kept.metadata.annotations?.[key];
  };
  const { maxLength } = schema.properties?.['status']?.properties?.['lastHandledReconcileAt'] ?? {};
  expect(keptOf('x'.repeat(200_000))).toHaveLength(maxLength ?? 0);
  expect(keptOf('x'.repeat(maxLength ?? 0))).toBe('x'.repeat(maxLength ?? 0));
});

test('no spec that the schema allows looks like one of which a part was left out', () => {
  const link = sampleLinkObject(10);
  const endpoints = link.spec.endpoints.map((one) => ({ ...one, policy: { Statement: [] } }));
  const emptied = { ...link, spec: { ...link.spec, endpoints } };
  expect(isTooLong(emptied.spec)).toBe(true);
  expect(validateLink(emptied).violations.map(({ path }) => path)).toEqual([
    'spec.endpoints[0].policy.Statement',
  ]);
});
