import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import {
  createEventRecorder,
  type EventRecord,
} from '../../../src/kubernetes/events/event-recorder.ts';
import { eventType, type KubernetesEvent } from '../../../src/kubernetes/events/event.ts';
import { createLeaderLease, type LeaderLease } from '../../../src/kubernetes/lease/leader-lease.ts';
import { leaseType, type Lease } from '../../../src/kubernetes/lease/lease.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { eventually } from '../../environment/eventually.ts';
import { kubectl } from '../../environment/kubectl.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { connect } from '../widgets.ts';

const shared = sharedApiServer('kubernetes');
const call = { signal: new AbortController().signal };
const clock = systemClock();
let client: ApiClient;

beforeAll(() => {
  client = connect(shared.kubeconfig);
});
afterAll(() => client.close());

describe('the leader lease', () => {
  function candidate(name: string, identity: string) {
    const stopping = new AbortController();
    const lease: LeaderLease = createLeaderLease({
      leases: client.resource<Lease>(leaseType),
      namespace: 'default',
      name,
      identity,
      clock,
      random: () => 0,
      logger: silentLogger(),
      onStarted: () => undefined,
      onLost: () => undefined,
    });
    return { lease, stopping, ended: lease.run(stopping.signal) };
  }

  test('is accepted, kept, and handed over when it is released', async () => {
    const name = `leader-${randomUUID()}`;
    const read = () => client.resource<Lease>(leaseType).get({ name, namespace: 'default' }, call);
    const one = candidate(name, 'one');
    await eventually(() => expect(one.lease.mayAct()).toBe(true));
    const first = await read();
    expect(first.spec).toMatchObject({ holderIdentity: 'one', leaseTransitions: 0 });
    expect(first.spec?.renewTime).toMatch(/\.\d{6}Z$/);
    const two = candidate(name, 'two');
    await eventually(async () => {
      expect((await read()).spec?.renewTime).not.toBe(first.spec?.renewTime);
    });
    expect([one.lease.mayAct(), two.lease.mayAct()]).toEqual([true, false]);
    one.stopping.abort();
    expect(await one.ended).toBe('released');
    await eventually(() => expect(two.lease.mayAct()).toBe(true));
    expect((await read()).spec).toMatchObject({ holderIdentity: 'two', leaseTransitions: 1 });
    two.stopping.abort();
    expect(await two.ended).toBe('released');
    expect((await read()).spec?.holderIdentity ?? '').toBe('');
  });
});

describe('events', () => {
  const events = () => client.resource<KubernetesEvent>(eventType);

  function recorder() {
    const dropped: unknown[] = [];
    const stopping = new AbortController();
    const created = createEventRecorder({
      events: events(),
      clock,
      random: Math.random,
      logger: silentLogger(),
      controller: 'sagemaker.privatelink.dev/operator',
      instance: 'operator-1',
      signal: stopping.signal,
      onDropped: () => dropped.push('dropped'),
    });
    return {
      ...created,
      record: created.record.bind(created),
      flush: created.flush.bind(created),
      dropped,
    };
  }

  function about(uid: string, note: string): EventRecord {
    return {
      regarding: { apiVersion: 'example.com/v1', kind: 'Widget', name: 'cluster-wide', uid },
      type: 'Warning',
      reason: 'SecurityGroupInUse',
      action: 'Delete',
      note,
    };
  }

  const eventsOf = async (uid: string) => {
    const list = await events().list({ ...call, namespace: 'default' });
    return list.items.filter((event) => event.regarding.uid === uid);
  };

  test('about a cluster-scoped object are accepted and shown by kubectl', async () => {
    const uid = randomUUID();
    const { record, flush, dropped } = recorder();
    record(about(uid, 'sg-1 is used by eni-1'));
    await flush(call.signal);
    expect(dropped).toEqual([]);
    expect(await eventsOf(uid)).toMatchObject([
      {
        note: 'sg-1 is used by eni-1',
        action: 'Delete',
        reportingController: 'sagemaker.privatelink.dev/operator',
      },
    ]);
    const shown = await kubectl(['get', 'events', '-n', 'default'], {
      kubeconfig: shared.kubeconfig,
    });
    expect(shown.stdout).toContain('SecurityGroupInUse');
  });

  test('that repeat are one object with a count', async () => {
    const uid = randomUUID();
    const { record, flush, dropped } = recorder();
    for (let i = 0; i < 3; i += 1) record(about(uid, 'again'));
    await flush(call.signal);
    record(about(uid, 'again'));
    record(about(uid, 'again'));
    await flush(call.signal);
    expect(dropped).toEqual([]);
    expect(await eventsOf(uid)).toMatchObject([{ note: 'again', series: { count: 5 } }]);
  });

  test('with a note that is too long, in letters of several bytes, are cut and accepted', async () => {
    const uid = randomUUID();
    const { record, flush, dropped } = recorder();
    record(about(uid, 'ü€'.repeat(800)));
    await flush(call.signal);
    expect(dropped).toEqual([]);
    const [event] = await eventsOf(uid);
    expect(event?.note).toMatch(/^(ü€)+ü?\.\.\.$/);
  });

  test('of an object with a long name are accepted', async () => {
    const uid = randomUUID();
    const { record, flush, dropped } = recorder();
    const event = about(uid, 'long');
    record({ ...event, regarding: { ...event.regarding, name: `${'n'.repeat(252)}a` } });
    await flush(call.signal);
    expect(dropped).toEqual([]);
    expect(await eventsOf(uid)).toHaveLength(1);
  });
});
