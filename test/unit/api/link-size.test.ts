import { expect, test } from '@jest/globals';
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

test('annotations of others are not kept: they may be as long as 256 kB', () => {
  const link = sampleLinkObject(10);
  const own = { 'sagemaker.privatelink.dev/reconcile-requested-at': 'now' };
  const annotations = { ...own, 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  const { metadata } = keptLink({ ...link, metadata: { ...link.metadata, annotations } });
  expect(metadata.annotations).toEqual(own);
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
