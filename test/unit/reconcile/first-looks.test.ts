import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import { CloudError, type Cloud } from '../../../src/plan/cloud.ts';
import type { Look } from '../../../src/plan/looks.ts';
import { rememberedFrom } from '../../../src/plan/report/remembered.ts';
import { defaultPatience } from '../../../src/plan/sightings.ts';
import { expectNetwork, networkOf, presumedDnsOf } from '../../../src/reconcile/first-looks.ts';
import { runPass } from '../../../src/reconcile/pass.ts';
import { createModelCloud } from '../../model/model-cloud.ts';
import { ReconciledLink } from './reconciled-link.ts';

const presumedDns = { enableDnsSupport: true, enableDnsHostnames: true };
const first = { priority: 'low', reasons: ['Added'] } as const;

async function readyLink(): Promise<ReconciledLink> {
  const one = new ReconciledLink();
  const endpoints: SageMakerPrivateLinkSpec['endpoints'] = [{ service: 'api', privateDNS: true }];
  one.edit({ endpoints });
  await one.passes(20);
  expect(one.condition('Ready')?.status).toBe('True');
  return one;
}

/** The kinds of looks that a first pass with the presumption asks AWS. */
async function askedIn({ world, link }: ReconciledLink): Promise<readonly string[]> {
  if (link === undefined) throw new Error('the link is gone');
  const asked: string[] = [];
  const cloud = createModelCloud({ world, faultOf: () => undefined });
  const look: Cloud['look'] = (question, options) => {
    asked.push(question.kind);
    return cloud.look(question, options);
  };
  await runPass({
    owner: { clusterId: 'cluster-1', uid: link.metadata.uid, name: link.metadata.name },
    spec: link.spec,
    goal: 'present',
    remembered: rememberedFrom(link.status ?? {}, link.metadata.generation, false),
    repair: true,
    absenceIsFinal: false,
    elapsed: { sightings: {}, patience: defaultPatience },
    ports: { AWS: { ...cloud, look } },
    presumedDns,
    freshness: { resourcesSince: 0, networkSince: 0 },
    signal: new AbortController().signal,
  });
  return asked;
}

test('a first pass over a link that is as it should be asks for no DNS attributes', async () => {
  const asked = await askedIn(await readyLink());
  expect(asked).toContain('Owned');
  expect(asked).not.toContain('VpcDnsAttributes');
});

test('before anything is done they are asked for', async () => {
  const one = await readyLink();
  for (const [id, endpoint] of one.world.endpoints) {
    one.world.endpoints.set(id, { ...endpoint, privateDnsEnabled: false });
  }
  expect(await askedIn(one)).toContain('VpcDnsAttributes');
});

test('only the first look at a link that is Ready presumes anything', async () => {
  const { link } = await readyLink();
  if (link === undefined) throw new Error('the link is gone');
  expect(presumedDnsOf(link, first)).toEqual({ presumedDns });
  expect(presumedDnsOf(link, { ...first, reasons: ['Sweep'] })).toEqual({});
  expect(presumedDnsOf(link, { ...first, reasons: ['Added', 'Sweep'] })).toEqual({});
  expect(presumedDnsOf(link, { ...first, priority: 'high' })).toEqual({});
  const edited = { ...link, metadata: { ...link.metadata, generation: 9 } };
  expect(presumedDnsOf(edited, first)).toEqual({});
  for (const type of ['Ready', 'NetworkResolved']) {
    const conditions = (link.status?.conditions ?? []).map((one) =>
      one.type === type ? ({ ...one, status: 'False' } as const) : one,
    );
    expect(presumedDnsOf({ ...link, status: { ...link.status, conditions } }, first)).toEqual({});
  }
});

test('the VPC of a link that comes is expected to be asked for, unless its account is refused', async () => {
  const { link } = await readyLink();
  if (link === undefined) throw new Error('the link is gone');
  const expected: Look[] = [];
  const cloud = { expect: (looks) => void expected.push(...looks) } as Cloud;
  expectNetwork(networkOf(link), () => cloud);
  const id = link.status?.vpcId;
  expect(expected).toEqual([
    { kind: 'Vpcs', selector: { id } },
    { kind: 'Subnets', vpcId: id },
  ]);
  expectNetwork(networkOf(link), () => {
    throw new CloudError({ kind: 'Invalid', action: 'sts:AssumeRole', code: 'No', message: '' });
  });
  expectNetwork(
    networkOf({ ...link, metadata: { ...link.metadata, deletionTimestamp: 'now' } }),
    () => cloud,
  );
  expect(expected).toHaveLength(2);
});
