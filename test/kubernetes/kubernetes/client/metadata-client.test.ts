import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ApiClient } from '../../../../src/kubernetes/client/api-client.ts';
import { createMetadataClient } from '../../../../src/kubernetes/client/metadata-client.ts';
import type { KubernetesObject } from '../../../../src/kubernetes/client/object.ts';
import { createResourceWatch } from '../../../../src/kubernetes/watch/resource-watch.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { eventually } from '../../../environment/eventually.ts';
import { sharedApiServer } from '../../../environment/shared-api-server.ts';
import { connect, installWidgets, newWidget } from '../../widgets.ts';

const shared = sharedApiServer('kubernetes');
const call = { signal: new AbortController().signal };
let client: ApiClient;

beforeAll(() => {
  client = connect(shared.kubeconfig);
});
afterAll(() => client.close());

test('lists and watches bring metadata and nothing else', async () => {
  const plural = 'outlines';
  const widgets = await installWidgets(client, plural, call.signal);
  await widgets.create(newWidget(plural, 'listed', 1), call);
  const watch = createResourceWatch<KubernetesObject>({
    resource: createMetadataClient(client, widgets.type),
    clock: systemClock(),
    random: Math.random,
    logger: silentLogger(),
  });
  const stopping = new AbortController();
  const running = watch.run(stopping.signal);
  await watch.synced;
  await widgets.create(newWidget(plural, 'watched', 1), call);
  await widgets.patch({ name: 'listed' }, { metadata: { labels: { ml: 'true' } } }, call);
  await eventually(() => {
    expect(watch.cache.get('watched')).toBeDefined();
    expect(watch.cache.get('listed')?.metadata.labels).toEqual({ ml: 'true' });
  });
  for (const object of watch.cache.list()) expect(object).not.toHaveProperty('spec');
  expect(watch.cache.get('listed')?.kind ?? 'PartialObjectMetadata').toBe('PartialObjectMetadata');
  stopping.abort();
  await running;
});

test('a kind without objects is listed as one: the server says null there', async () => {
  const { type } = await installWidgets(client, 'nothings', call.signal);
  const { items } = await createMetadataClient(client, type).list(call);
  expect(items).toEqual([]);
});
