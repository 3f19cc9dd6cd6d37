import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import type { ResourceChange } from '../../../../src/kubernetes/watch/resource-cache.ts';
import { createLinkBriefs } from '../../../../src/operator/sharing/link-briefs.ts';
import { sampleLinkObject } from '../../api/sample-link-object.ts';

const plain = sampleLinkObject(10);
const ready = { type: 'Ready', status: 'True', reason: 'Succeeded' } as const;

function link(name: string, change: Partial<SageMakerPrivateLink> = {}): SageMakerPrivateLink {
  const lastTransitionTime = new Date(name.length).toISOString();
  const condition = { ...ready, message: `of ${name}`, lastTransitionTime, observedGeneration: 1 };
  const status = { account: '111122223333', observedGeneration: 1, conditions: [condition] };
  return { ...plain, metadata: { ...plain.metadata, name, uid: name }, status, ...change };
}

function briefsOf(...links: readonly SageMakerPrivateLink[]) {
  let publish: (change: ResourceChange<SageMakerPrivateLink>) => void = () => undefined;
  const index = createLinkBriefs({
    subscribe: (handler) => ((publish = handler), () => undefined),
  });
  for (const object of links) publish({ kind: 'added', object });
  return new Map(index.entries());
}

test('links of one VPC that are alike share one brief', () => {
  const briefs = briefsOf(link('a'), link('bb'));
  expect(briefs.get('a')).toBe(briefs.get('bb'));
  expect(briefs.get('a')).toEqual({
    network: { region: 'eu-west-1', boundTo: '111122223333', vpcId: 'vpc-0a1b2c3d4e5f67890' },
    needsCluster: false,
    isDone: true,
    conditions: [ready],
  });
});

test('a link of another VPC or account, and one that goes or is not ready, has another', () => {
  const { spec, metadata } = plain;
  const briefs = briefsOf(
    link('a'),
    link('b', { spec: { ...spec, vpc: { id: 'vpc-b' } } }),
    link('c', { spec: { ...spec, account: 'ml' } }),
    link('d', { metadata: { ...metadata, name: 'd', deletionTimestamp: 'now' } }),
    link('e', { status: {} }),
    link('f', { spec: { ...spec, clients: { namespaceSelector: {} } } as typeof spec }),
  );
  expect(new Set(briefs.values()).size).toBe(6);
  expect(briefs.get('d')).toMatchObject({ network: { vpcId: undefined }, isDone: false });
  expect(briefs.get('f')).toMatchObject({ needsCluster: true });
});
