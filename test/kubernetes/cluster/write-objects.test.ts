import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fieldManager } from '../../../src/cluster/apply-object.ts';
import {
  createObjectWriter,
  NotLeading,
  type WriteOutcome,
} from '../../../src/cluster/write-objects.ts';
import { createRecentWrites } from '../../../src/cluster/recent-writes.ts';
import { clientTypes } from '../../../src/cluster/resource-types.ts';
import type { StoredObject } from '../../../src/cluster/stored-object.ts';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import type { ResourceClient } from '../../../src/kubernetes/client/resource-client.ts';
import { clientObject, type ClientContent } from '../../../src/plan/clients/client-object.ts';
import type { NamespaceAction } from '../../../src/plan/clients/plan-namespace.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { connect } from '../widgets.ts';

const shared = sharedApiServer('kubernetes');
const call = { signal: new AbortController().signal };
const namespace = 'default';
let client: ApiClient;
let configMaps: ResourceClient<StoredObject>;
let write: (action: NamespaceAction) => Promise<WriteOutcome>;
let isLeading = true;

beforeAll(() => {
  client = connect(shared.kubeconfig);
  configMaps = client.resource<StoredObject>(clientTypes.ConfigMap);
  const resources = {
    ConfigMap: configMaps,
    NetworkPolicy: client.resource<StoredObject>(clientTypes.NetworkPolicy),
  };
  const writes = createRecentWrites(systemClock());
  const writer = createObjectWriter({ resources, mayAct: () => isLeading, writes });
  write = (action) => writer(action, namespace, call);
});
afterAll(() => client.close());

const content: ClientContent = { kind: 'ConfigMap', data: { AWS_REGION: 'eu-west-1', A: '1' } };

function wanted(name: string, given: ClientContent = content) {
  return clientObject(given, { name, namespace, links: ['ml'] });
}

async function created(name: string, given: ClientContent = content): Promise<string> {
  const outcome = await write({ kind: 'Create', object: wanted(name, given) });
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome.object.metadata.uid;
}

async function now(name: string): Promise<StoredObject> {
  return configMaps.get({ name, namespace }, call);
}

/** As `kubectl edit` does: an update, under a name of its own. */
async function edit(name: string, patch: object): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const query = { fieldManager: 'kubectl-edit' };
  const contentType = 'application/merge-patch+json';
  await client.request({ verb: 'patch', path, query, body: patch, contentType }, call);
}

async function applyAs(manager: string, name: string, data: object): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
  await configMaps.apply(object as StoredObject, { ...call, fieldManager: manager, force: true });
}

describe('a create', () => {
  test('makes the object as the field manager of the operator', async () => {
    await created('made');
    const { data, metadata } = await now('made');
    expect(data).toEqual({ AWS_REGION: 'eu-west-1', A: '1' });
    expect(metadata.managedFields).toMatchObject([{ manager: fieldManager, operation: 'Apply' }]);
  });

  test('meets nobody: an object with the name stays as it is', async () => {
    const mine = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine', namespace } };
    await configMaps.create({ ...mine, data: { B: '2' } } as StoredObject, call);
    const before = await now('mine');
    const outcome = await write({ kind: 'Create', object: wanted('mine') });
    expect(outcome).toMatchObject({ kind: 'met', object: { data: { B: '2' } } });
    expect(await now('mine')).toEqual(before);
  });
});

describe('an update', () => {
  test('changes the content, and takes out what is not in it any more', async () => {
    const uid = await created('changed');
    const object = wanted('changed', { kind: 'ConfigMap', data: { AWS_REGION: 'eu-west-2' } });
    expect(await write({ kind: 'Update', object, uid })).toMatchObject({
      kind: 'written',
      object: { data: { AWS_REGION: 'eu-west-2' } },
    });
    expect((await now('changed')).data).toEqual({ AWS_REGION: 'eu-west-2' });
  });

  test('takes back edits: changed, added and removed parts; labels of others stay', async () => {
    const uid = await created('edited');
    const data = { AWS_REGION: 'us-east-1', A: null, MORE: 'x' };
    await edit('edited', { data, metadata: { labels: { team: 'ml' } } });
    await write({ kind: 'Update', object: wanted('edited'), uid });
    const after = await now('edited');
    expect(after.data).toEqual({ AWS_REGION: 'eu-west-1', A: '1' });
    expect(after.metadata.labels).toMatchObject({ team: 'ml' });
  });

  test('leaves to another applier the values and the keys that it applies, and names it', async () => {
    const uid = await created('fought');
    await applyAs('flux', 'fought', { A: 'theirs' });
    const before = await now('fought');
    const action = { kind: 'Update', object: wanted('fought'), uid } as const;
    expect(await write(action)).toEqual({ kind: 'shared', owners: ['flux'] });
    expect(await now('fought')).toEqual(before);
    const other = await created('extended');
    await applyAs('argocd-controller', 'extended', { MORE: 'theirs' });
    const extended = { kind: 'Update', object: wanted('extended'), uid: other } as const;
    expect(await write(extended)).toEqual({ kind: 'shared', owners: ['argocd-controller'] });
    expect((await now('extended')).data).toMatchObject({ MORE: 'theirs' });
  });

  test('meets a recreated object, which stays as it is', async () => {
    const uid = await created('recreated');
    await configMaps.delete({ name: 'recreated', namespace }, call);
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'recreated', namespace },
    };
    await configMaps.create({ ...theirs, data: { B: '2' } } as StoredObject, call);
    const outcome = await write({ kind: 'Update', object: wanted('recreated'), uid });
    expect(outcome).toMatchObject({ kind: 'met', object: { data: { B: '2' } } });
    expect((await now('recreated')).data).toEqual({ B: '2' });
  });

  test('of an object that is no more makes none', async () => {
    const uid = await created('vanished');
    await configMaps.delete({ name: 'vanished', namespace }, call);
    const outcome = await write({ kind: 'Update', object: wanted('vanished'), uid });
    expect(outcome).toEqual({ kind: 'vanished' });
    await expect(now('vanished')).rejects.toThrow('not found');
  });

  test('of a policy replaces its rules and takes out what somebody added', async () => {
    const policies = client.resource<StoredObject>(clientTypes.NetworkPolicy);
    const to = (cidr: string): ClientContent => ({
      kind: 'NetworkPolicy',
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port: 443 }] }],
      },
    });
    const uid = await created('policy', to('10.0.0.1/32'));
    const patch = { spec: { ingress: [{}], egress: [{}] } };
    await policies.patch({ name: 'policy', namespace }, patch, call);
    const object = wanted('policy', to('10.0.0.2/32'));
    const outcome = await write({ kind: 'Update', object, uid });
    expect(outcome).toMatchObject({
      kind: 'written',
      object: { spec: object.kind === 'NetworkPolicy' ? object.spec : {} },
    });
    const { spec } = await policies.get({ name: 'policy', namespace }, call);
    expect(spec).toEqual(object.kind === 'NetworkPolicy' ? object.spec : undefined);
  });
});

describe('a delete', () => {
  test('takes the very object, and no other of its name', async () => {
    const uid = await created('deleted');
    const action = { kind: 'Delete', object: { kind: 'ConfigMap', name: 'deleted' }, uid } as const;
    expect(await write(action)).toEqual({ kind: 'deleted' });
    expect(await write(action)).toEqual({ kind: 'deleted' });
    await created('deleted');
    await write(action);
    expect((await now('deleted')).data).toEqual({ AWS_REGION: 'eu-west-1', A: '1' });
  });
});

test('nothing is written while another process leads', async () => {
  isLeading = false;
  await expect(write({ kind: 'Create', object: wanted('never') })).rejects.toThrow(NotLeading);
  isLeading = true;
  await expect(now('never')).rejects.toThrow('not found');
});
