import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { ApiClient } from '../../../../src/kubernetes/client/api-client.ts';
import { isGone } from '../../../../src/kubernetes/client/api-error.ts';
import type { ResourceClient } from '../../../../src/kubernetes/client/resource-client.ts';
import {
  createResourceWatch,
  type ResourceWatch,
} from '../../../../src/kubernetes/watch/resource-watch.ts';
import type { WatchTiming } from '../../../../src/kubernetes/watch/watch-timing.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { type ApiServer, startApiServer } from '../../../environment/api-server.ts';
import { eventually } from '../../../environment/eventually.ts';
import { connect, installWidgets, newWidget, type Widget } from '../../widgets.ts';

const plural = 'watched';
const call = { signal: new AbortController().signal };
let server: ApiServer;
let client: ApiClient;
let widgets: ResourceClient<Widget>;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startApiServer();
  client = connect(server.kubeconfig);
  widgets = await installWidgets(client, plural, call.signal);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

function startWatch(
  resource: ResourceClient<Widget>,
  timing: Partial<WatchTiming> = {},
): ResourceWatch<Widget> {
  const watch = createResourceWatch<Widget>({
    resource,
    clock: systemClock(),
    random: Math.random,
    logger: silentLogger(),
    timing,
  });
  const stopping = new AbortController();
  const running = watch.run(stopping.signal);
  stops.push(async () => {
    stopping.abort();
    await running;
  });
  return watch;
}

async function isTrue(watch: ResourceWatch<Widget>): Promise<void> {
  await eventually(async () => {
    const real = await widgets.list(call);
    const inShort = (widget: Widget) => `${widget.metadata.uid} ${widget.spec?.value}`;
    expect(watch.cache.list().map(inShort).sort()).toEqual(real.items.map(inShort).sort());
  });
}

test('follows creations, changes, deletions and recreations', async () => {
  const watch = startWatch(widgets);
  const kinds: string[] = [];
  await watch.synced;
  watch.subscribe((change) => kinds.push(change.kind));
  await widgets.create(newWidget(plural, 'a', 1), call);
  await widgets.patch({ name: 'a' }, { spec: { value: 2 } }, call);
  await widgets.delete({ name: 'a' }, call);
  await widgets.create(newWidget(plural, 'a', 3), call);
  await eventually(() => expect(kinds).toEqual(['added', 'updated', 'deleted', 'added']));
  await isTrue(watch);
});

test('F4: survives a killed API server, and sees what happened before it is back', async () => {
  const watch = startWatch(widgets);
  await watch.synced;
  await server.restart({ kill: true });
  const other = connect(server.kubeconfig);
  const direct = other.resource<Widget>(widgets.type);
  await eventually(() => direct.create(newWidget(plural, 'after', 1), call));
  await direct.delete({ name: 'a' }, call);
  await other.close();
  await isTrue(watch);
  await widgets.patch({ name: 'after' }, { spec: { value: 5 } }, call);
  await isTrue(watch);
  expect(watch.health().problem).toBeUndefined();
});

test('F4: gives up a server that is frozen, and goes on when it thaws', async () => {
  const watch = startWatch(widgets, { silenceMs: 1_000, backoff: { firstMs: 50, longestMs: 500 } });
  await watch.synced;
  await server.pause();
  try {
    await eventually(() => expect(watch.health().problem?.kind).toBe('Unreachable'));
  } finally {
    server.resume();
  }
  await widgets.patch({ name: 'after' }, { spec: { value: 6 } }, call);
  await isTrue(watch);
});

test('F4: a place in the history that the server has left is gone: 410', async () => {
  await server.restart();
  const opening = async (): Promise<unknown> => {
    const events = await widgets.watch({ ...call, resourceVersion: '1', timeoutSeconds: 30 });
    for await (const event of events) return event;
    return undefined;
  };
  await eventually(async () => {
    const error: unknown = await opening().catch((caught: unknown) => caught);
    expect(isGone(error)).toBe(true);
  });
});

test('waits for a kind that is installed later', async () => {
  const missing = client.resource<Widget>({ ...widgets.type, plural: 'later' });
  const watch = startWatch(missing, { resolvedByPeopleMs: 200 });
  await eventually(() => expect(watch.health().problem?.kind).toBe('NotInstalled'));
  await installWidgets(client, 'later', call.signal);
  await watch.synced;
  await missing.create(newWidget('later', 'x', 1), call);
  await eventually(() => expect(watch.cache.get('x')?.spec?.value).toBe(1));
});

test('gets bookmarks from the API server, which keep its place fresh', async () => {
  const { resourceVersion } = await widgets.list(call);
  const stopping = new AbortController();
  // The server sends a bookmark some 2 s before it ends a watch, if it has seen any event at all.
  const { signal } = stopping;
  const events = await widgets.watch({ signal, resourceVersion, timeoutSeconds: 5 });
  await widgets.patch({ name: 'after' }, { spec: { value: 7 } }, call);
  const types: string[] = [];
  for await (const event of events) types.push(event.type);
  expect(types.slice(0, 2)).toEqual(['MODIFIED', 'BOOKMARK']);
});
