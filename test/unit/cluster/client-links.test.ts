import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { createClientLinks, isSelecting } from '../../../src/cluster/client-links.ts';
import type { ResourceChange } from '../../../src/kubernetes/watch/resource-cache.ts';
import { sampleLinkObject } from '../api/sample-link-object.ts';
import { clientLink, policyWith } from '../plan/clients/client-links.ts';

function linksOf(...links: readonly SageMakerPrivateLink[]) {
  let publish: (change: ResourceChange<SageMakerPrivateLink>) => void = () => undefined;
  const clientLinks = createClientLinks({
    subscribe: (handler) => ((publish = handler), () => undefined),
  });
  for (const object of links) publish({ kind: 'added', object });
  return clientLinks;
}

const plain = sampleLinkObject(10);

test('links are found by what concerns namespaces, and others are not asked about', () => {
  const asked: unknown[] = [];
  const links = linksOf(
    plain,
    clientLink({ name: 'selecting' }),
    clientLink({
      name: 'reaching',
      clients: { networkPolicy: policyWith({ kubernetesAPI: true }) },
    }),
    {
      ...plain,
      metadata: { ...plain.metadata, name: 'suspended' },
      spec: { ...plain.spec, suspend: true },
    },
    {
      ...plain,
      metadata: { ...plain.metadata, name: 'left' },
      status: { clients: { clusterPolicy: {} } },
    } as never,
  );
  expect(links.names((link) => isSelecting(link, { ml: 'true' }))).toEqual([
    'selecting',
    'reaching',
  ]);
  expect(links.names((link) => isSelecting(link, { ml: 'false' }))).toEqual([]);
  expect(links.names((link) => link.reachesApiServer)).toEqual(['reaching']);
  expect(links.names((link) => link.isSuspended)).toEqual(['suspended']);
  expect(links.names((link) => link.hasClusterPolicy)).toEqual(['left']);
  links.names((link) => asked.push(link) > 0);
  expect(asked).toHaveLength(4);
});
