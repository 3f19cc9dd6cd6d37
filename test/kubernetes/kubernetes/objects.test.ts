import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import {
  isAlreadyExists,
  isConflict,
  isForbidden,
  isInvalid,
  isNotFound,
  isResourceMissing,
  isUnauthorized,
} from '../../../src/kubernetes/client/api-error.ts';
import { addFinalizer, removeFinalizer } from '../../../src/kubernetes/finalizer.ts';
import type { ResourceClient } from '../../../src/kubernetes/client/resource-client.ts';
import { writeStatus } from '../../../src/kubernetes/status-writer.ts';
import { createApiClient } from '../../../src/kubernetes/client/api-client.ts';
import { fixedCredentials } from '../../../src/kubernetes/credentials/credentials.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { connect, installWidgets, newWidget, type Widget } from '../widgets.ts';

const shared = sharedApiServer('kubernetes');
const call = { signal: new AbortController().signal };
const finalizer = 'runtime.test/cleanup';
const plural = 'gadgets';
let client: ApiClient;
let widgets: ResourceClient<Widget>;
let names = 0;

beforeAll(async () => {
  client = connect(shared.kubeconfig);
  widgets = await installWidgets(client, plural, call.signal);
});
afterAll(() => client.close());

async function create(value = 1): Promise<Widget> {
  names += 1;
  return widgets.create(newWidget(plural, `w${names}`, value), call);
}

async function recreate(widget: Widget): Promise<Widget> {
  await widgets.delete(widget.metadata, call);
  return widgets.create(newWidget(plural, widget.metadata.name, 1), call);
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('errors of a real API server', () => {
  test('are told apart', async () => {
    const widget = await create();
    await widgets.patch(widget.metadata, { spec: { value: 2 } }, call);
    expect(isConflict(await errorOf(widgets.replace(widget, call)))).toBe(true);
    expect(
      isAlreadyExists(
        await errorOf(widgets.create(newWidget(plural, widget.metadata.name, 1), call)),
      ),
    ).toBe(true);
    const absent = await errorOf(widgets.get({ name: 'absent' }, call));
    expect([isNotFound(absent), isResourceMissing(absent)]).toEqual([true, false]);
    const noKind = client.resource({ ...widgets.type, plural: 'nothings' });
    expect(isResourceMissing(await errorOf(noKind.list(call)))).toBe(true);
    const wrong = { ...newWidget(plural, 'wrong', 1), spec: { value: 'x' } } as unknown as Widget;
    expect(isInvalid(await errorOf(widgets.create(wrong, call)))).toBe(true);
  });

  test('of credentials and permissions are told apart', async () => {
    const tls = { ca: shared.certificateAuthority };
    const withToken = (token: string): ApiClient =>
      createApiClient({
        credentials: fixedCredentials(shared.url, {
          headers: { authorization: `Bearer ${token}` },
          tls,
        }),
      });
    const stranger = withToken('nobody');
    expect(isUnauthorized(await errorOf(stranger.resource(widgets.type).list(call)))).toBe(true);
    await stranger.close();
    const { token } = await shared.kubeconfigForServiceAccount(
      'kube-system',
      await serviceAccount(),
    );
    const powerless = withToken(token);
    expect(isForbidden(await errorOf(powerless.resource(widgets.type).list(call)))).toBe(true);
    await powerless.close();
  });

  test('F6: a delete of another object of the same name is a conflict', async () => {
    const widget = await create();
    await recreate(widget);
    const { uid } = widget.metadata;
    const error = await errorOf(widgets.delete(widget.metadata, { ...call, uid: uid ?? '' }));
    expect(isConflict(error)).toBe(true);
  });
});

async function serviceAccount(): Promise<string> {
  const name = 'powerless';
  const path = '/api/v1/namespaces/kube-system/serviceaccounts';
  await client.request({ verb: 'create', path, body: { metadata: { name } } }, call);
  return name;
}

test('server-side apply owns fields, and status has its own', async () => {
  const name = 'applied';
  const options = { ...call, fieldManager: 'test' };
  await widgets.apply(newWidget(plural, name, 3), options);
  const { spec: _, ...identity } = newWidget(plural, name, 0);
  await widgets.applyStatus({ ...identity, status: { seen: 3 } }, options);
  const stored = await widgets.get({ name }, call);
  expect([stored.spec, stored.status]).toEqual([{ value: 3 }, { seen: 3 }]);
});

test('a list in pages is whole', async () => {
  for (let i = 0; i < 7; i += 1) await create();
  const paged = await widgets.list({ ...call, limit: 2 });
  const whole = await widgets.list(call);
  const namesOf = (list: { items: readonly Widget[] }) =>
    list.items.map((item) => item.metadata.name);
  expect(namesOf(paged)).toEqual(namesOf(whole));
});

describe('a status', () => {
  const write = (object: Widget, status: Widget['status']) =>
    writeStatus<Widget['status'], Widget>({
      resource: widgets,
      object,
      status: () => status,
      call,
    });

  test('is written, and not written again when it is the same', async () => {
    const widget = await create();
    const first = await write(widget, { seen: 1, words: ['a'] });
    if (first.kind !== 'written') throw new Error(first.kind);
    expect(first.object.spec).toEqual({ value: 1 });
    const second = await write(first.object, { seen: 1, words: ['a'] });
    expect(second.kind).toBe('unchanged');
    const stored = await widgets.get(widget.metadata, call);
    expect(stored.metadata.resourceVersion).toBe(first.object.metadata.resourceVersion);
  });

  test('replaces the old one whole: what is gone from it is gone', async () => {
    const first = await write(await create(), { seen: 1, words: ['a'] });
    if (first.kind !== 'written') throw new Error(first.kind);
    await write(first.object, { words: ['b'] });
    const stored = await widgets.get(first.object.metadata, call);
    expect(stored.status).toEqual({ words: ['b'] });
  });

  test('F6: is computed again over a change that is not of the spec', async () => {
    const widget = await create();
    await widgets.patch(widget.metadata, { metadata: { labels: { team: 'ml' } } }, call);
    await widgets.patchStatus(widget.metadata, { status: { words: ['theirs'] } }, call);
    const outcome = await writeStatus<Widget['status'], Widget>({
      resource: widgets,
      object: widget,
      status: (current) => ({ words: [...(current.status?.words ?? []), 'ours'] }),
      call,
    });
    expect(outcome.kind).toBe('written');
    const stored = await widgets.get(widget.metadata, call);
    expect(stored.status?.words).toEqual(['theirs', 'ours']);
    expect(stored.metadata.labels).toEqual({ team: 'ml' });
  });

  test.each([
    [
      'SpecChanged',
      (widget: Widget) => widgets.patch(widget.metadata, { spec: { value: 9 } }, call),
    ],
    ['Recreated', recreate],
    ['Gone', (widget: Widget) => widgets.delete(widget.metadata, call)],
  ] as const)('of an object that is over is dropped: %s', async (why, change) => {
    const widget = await create();
    await change(widget);
    expect(await write(widget, { seen: 1 })).toMatchObject({ kind: 'dropped', why });
    const stored = await widgets.get(widget.metadata, call).catch(() => undefined);
    expect(stored?.status).toBeUndefined();
  });
});

describe('a finalizer', () => {
  const add = (object: Widget) => addFinalizer({ resource: widgets, object, finalizer, call });
  const remove = (object: Widget) =>
    removeFinalizer({ resource: widgets, object, finalizer, call });
  const finalizersOf = async (widget: Widget) =>
    (await widgets.get(widget.metadata, call)).metadata.finalizers ?? [];

  test('is added once and removed once', async () => {
    const widget = await create();
    const added = await add(widget);
    if (added.kind !== 'written') throw new Error(added.kind);
    expect(await finalizersOf(widget)).toEqual([finalizer]);
    expect((await add(added.object)).kind).toBe('unchanged');
    expect((await add(widget)).kind).toBe('unchanged');
    await widgets.delete(widget.metadata, call);
    expect((await remove(added.object)).kind).toBe('written');
    expect(isNotFound(await errorOf(widgets.get(widget.metadata, call)))).toBe(true);
    expect((await remove(added.object)).kind).toBe('gone');
  });

  test('F6: leaves those of others alone, whoever comes first', async () => {
    const widget = await create();
    const others = { metadata: { finalizers: ['other.test/theirs'] } };
    await widgets.patch(widget.metadata, others, call);
    const added = await add(widget);
    expect(await finalizersOf(widget)).toEqual(['other.test/theirs', finalizer]);
    if (added.kind !== 'written') throw new Error(added.kind);
    await remove(added.object);
    expect(await finalizersOf(widget)).toEqual(['other.test/theirs']);
    await widgets.patch(widget.metadata, { metadata: { finalizers: null } }, call);
  });

  test('leaves those of others alone that are not in memory', async () => {
    const widget = await create();
    await widgets.patch(widget.metadata, { metadata: { finalizers: ['other.test/theirs'] } }, call);
    const cutOf = async (own: readonly string[]) => {
      const { metadata, ...rest } = await widgets.get(widget.metadata, call);
      const object = { ...rest, metadata: { ...metadata, finalizers: own } };
      return { resource: widgets, object, finalizer, isCut: true, call };
    };
    expect((await removeFinalizer(await cutOf([]))).kind).toBe('unchanged');
    await addFinalizer(await cutOf([]));
    expect(await finalizersOf(widget)).toEqual(['other.test/theirs', finalizer]);
    expect((await addFinalizer(await cutOf([finalizer]))).kind).toBe('unchanged');
    await removeFinalizer(await cutOf([finalizer]));
    expect(await finalizersOf(widget)).toEqual(['other.test/theirs']);
    await widgets.patch(widget.metadata, { metadata: { finalizers: null } }, call);
    expect((await addFinalizer(await cutOf([]))).kind).toBe('written');
    const old = await cutOf([]);
    await widgets.patch(widget.metadata, { metadata: { finalizers: null } }, call);
    const second = await recreate(widget);
    expect((await addFinalizer(old)).kind).toBe('recreated');
    expect(await finalizersOf(second)).toEqual([]);
  });

  test('is not added to an object that is being deleted', async () => {
    const widget = await create();
    const others = { metadata: { finalizers: ['other.test/theirs'] } };
    await widgets.patch(widget.metadata, others, call);
    await widgets.delete(widget.metadata, call);
    expect((await add(widget)).kind).toBe('deleting');
    await widgets.patch(widget.metadata, { metadata: { finalizers: null } }, call);
  });

  test('F6: of a recreated object is not touched', async () => {
    const widget = await create();
    const old = await add(widget);
    if (old.kind !== 'written') throw new Error(old.kind);
    await remove(old.object);
    const second = await recreate(widget);
    await add(second);
    expect((await remove(old.object)).kind).toBe('recreated');
    expect((await add(widget)).kind).toBe('recreated');
    expect(await finalizersOf(widget)).toEqual([finalizer]);
    await widgets.patch(widget.metadata, { metadata: { finalizers: null } }, call);
  });
});
