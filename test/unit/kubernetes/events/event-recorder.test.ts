import { expect, test } from '@jest/globals';
import { ApiConnectionError, ApiStatusError } from '../../../../src/kubernetes/client/api-error.ts';
import {
  createEventRecorder,
  type EventRecord,
  type EventRecorderOptions,
} from '../../../../src/kubernetes/events/event-recorder.ts';
import type { KubernetesEvent } from '../../../../src/kubernetes/events/event.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { createVirtualClock, settle } from '../../../time/virtual-clock.ts';

const record: EventRecord = {
  regarding: { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'u1' },
  type: 'Normal',
  reason: 'EndpointCreated',
  action: 'Create',
  note: 'created vpce-1',
};

type Failure = 'connection' | 'forbidden' | 'exists' | 'absent';

function errorOf(failure: Failure): Error {
  if (failure === 'connection') {
    return new ApiConnectionError({ verb: 'create', path: '', code: 'ECONNRESET', detail: '' });
  }
  const code = { forbidden: 403, exists: 409, absent: 404 }[failure];
  const reason = failure === 'exists' ? 'AlreadyExists' : failure;
  return new ApiStatusError({ verb: 'create', path: '', code, status: { reason } });
}

function setUp(options: Partial<EventRecorderOptions> = {}) {
  const clock = createVirtualClock();
  const stored = new Map<string, KubernetesEvent>();
  const failures: Failure[] = [];
  const counts = { creates: 0, patches: 0, dropped: 0 };
  let held: Promise<void> | undefined;
  const hold = (): (() => void) => {
    let letGo: () => void = () => undefined;
    held = new Promise((resolve) => {
      letGo = resolve;
    });
    return letGo;
  };
  const failNext = (): void => {
    const failure = failures.shift();
    if (failure !== undefined) throw errorOf(failure);
  };
  const recorder = createEventRecorder({
    events: {
      create: async (event) => {
        counts.creates += 1;
        if (held !== undefined) await held;
        failNext();
        stored.set(event.metadata.name, event);
        return event;
      },
      patch: async (ref, patch) => {
        counts.patches += 1;
        failNext();
        const patched = { ...stored.get(ref.name), ...patch } as KubernetesEvent;
        stored.set(ref.name, patched);
        return patched;
      },
    },
    clock,
    random: Math.random,
    logger: silentLogger(),
    controller: 'sagemaker.privatelink.dev/operator',
    instance: 'pod-1',
    signal: new AbortController().signal,
    onDropped: () => {
      counts.dropped += 1;
    },
    ...options,
  });
  return { recorder, clock, stored, failures, counts, hold, events: () => [...stored.values()] };
}

test('an event says what, why and about which object, in the namespace that the API wants', async () => {
  const { recorder, events } = setUp();
  recorder.record(record);
  const regarding = { ...record.regarding, namespace: 'team', uid: 'u2' };
  recorder.record({ ...record, regarding });
  await settle();
  expect(events()).toMatchObject([
    { ...record, metadata: { namespace: 'default' }, eventTime: '2026-01-01T00:00:00.000000Z' },
    { ...record, regarding, metadata: { namespace: 'team' } },
  ]);
});

test('repeats become one series whose count is written once a minute', async () => {
  const { recorder, clock, counts, events } = setUp();
  for (let i = 0; i < 100; i += 1) {
    recorder.record(record);
    await clock.advance(3_000);
  }
  await clock.advance(60_000);
  expect(events()).toMatchObject([{ series: { count: 100 } }]);
  expect(counts.creates).toBe(1);
  expect(counts.patches).toBeLessThanOrEqual(6);
});

test('after a pause of more than six minutes it is a new event', async () => {
  const { recorder, clock, events } = setUp();
  recorder.record(record);
  await clock.advance(361_000);
  recorder.record(record);
  await settle();
  expect(events()).toHaveLength(2);
});

test('another note is another event', async () => {
  const { recorder, events } = setUp();
  recorder.record(record);
  recorder.record({ ...record, note: 'created vpce-2' });
  await settle();
  expect(events().map((event) => event.note)).toEqual(['created vpce-1', 'created vpce-2']);
});

test('F26: secrets are taken out', async () => {
  const { recorder, events } = setUp();
  recorder.record({ ...record, note: 'key AKIAIOSFODNN7EXAMPLE is denied' });
  await settle();
  expect(events()[0]?.note).toBe('key [redacted] is denied');
});

test('a storm about one object is cut, and others are still heard', async () => {
  const { recorder, counts, events } = setUp();
  for (let i = 0; i < 100; i += 1) recorder.record({ ...record, note: `note ${i}` });
  recorder.record({ ...record, regarding: { ...record.regarding, uid: 'u2' } });
  await settle();
  expect([events().length, counts.dropped]).toEqual([26, 75]);
});

test.each(['connection', 'exists'] as const)(
  'a create that fails once (%s) is not lost',
  async (failure) => {
    const { recorder, clock, counts, failures } = setUp();
    failures.push(failure);
    recorder.record(record);
    await clock.advance(10_000);
    expect(counts).toEqual({ creates: failure === 'exists' ? 1 : 2, patches: 0, dropped: 0 });
  },
);

test('an event that is refused is dropped, and the next is written', async () => {
  const { recorder, counts, failures, events } = setUp();
  failures.push('forbidden');
  recorder.record(record);
  recorder.record({ ...record, note: 'next' });
  await settle();
  expect(counts.dropped).toBe(1);
  expect(events()).toMatchObject([{ note: 'next' }]);
});

test('a series outlives its object on the API server', async () => {
  const { recorder, clock, failures, stored } = setUp();
  recorder.record(record);
  await settle();
  stored.clear();
  failures.push('absent');
  recorder.record(record);
  await clock.advance(60_000);
  expect([...stored.values()]).toMatchObject([{ series: { count: 2 } }]);
});

test('an event that comes at the very moment at which writing ends is written too', async () => {
  for (let turns = 0; turns < 12; turns += 1) {
    const { recorder, events, hold } = setUp();
    const letGo = hold();
    recorder.record(record);
    await settle();
    const second = (async () => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      recorder.record({ ...record, note: 'second' });
    })();
    letGo();
    await second;
    await settle();
    expect(events().map((event) => event.note)).toEqual(['created vpce-1', 'second']);
  }
});

test('nothing is written after the end', async () => {
  const stopping = new AbortController();
  const { recorder, counts } = setUp({ signal: stopping.signal });
  stopping.abort();
  recorder.record(record);
  await recorder.flush(new AbortController().signal);
  expect(counts.creates).toBe(0);
});

test('writes of events keep to a budget of their own, and warnings go first', async () => {
  const { recorder, clock, events } = setUp({ budget: { burst: 1, perSecond: 1 } });
  const about = (name: string) => ({ ...record.regarding, name, uid: name });
  for (const name of ['a', 'b', 'c']) recorder.record({ ...record, regarding: about(name) });
  recorder.record({ ...record, regarding: about('d'), type: 'Warning' });
  await clock.advance(1_000);
  expect(events().map(({ regarding }) => regarding.name)).toEqual(['d', 'a']);
  await clock.advance(2_000);
  expect(events()).toHaveLength(4);
});

test('in a crowd an object has one event for each reason, with all notes, the newest first', async () => {
  const { recorder, clock, counts, events } = setUp();
  const about = (index: number) => ({ ...record.regarding, name: `w-${index}`, uid: `u-${index}` });
  for (const note of ['first', 'second', 'third']) {
    for (let index = 0; index < 400; index += 1) {
      recorder.record({ ...record, regarding: about(index), note });
    }
  }
  await clock.advance(120_000);
  expect(counts.dropped).toBe(0);
  expect(events().length).toBeLessThan(1_000);
  const last = events().filter(({ regarding }) => regarding.name === 'w-399');
  expect(last.map(({ note, series }) => [note, series?.count])).toEqual([
    ['third second first', 3],
  ]);
  recorder.record({ ...record, regarding: about(399), note: 'first' });
  await clock.advance(60_000);
  const repeated = events().filter(({ regarding, series }) => {
    return regarding === undefined || (regarding.name === 'w-399' && series?.count === 4);
  });
  expect(repeated.map(({ note }) => note)).toEqual(['third second first']);
});

test('of notes that do not fit into one event the newest stay', async () => {
  const { recorder, clock, events } = setUp();
  const note = (index: number): string => `${index}: ${'é'.repeat(100)}`;
  for (let round = 0; round < 10; round += 1) {
    for (let index = 0; index < 300; index += 1) {
      const regarding = { ...record.regarding, name: `w-${index}`, uid: `u-${index}` };
      recorder.record({ ...record, regarding, note: note(round) });
    }
  }
  await clock.advance(120_000);
  const last = events().find(({ regarding }) => regarding.name === 'w-299');
  expect(last?.note.startsWith(`${note(9)} ${note(8)} ${note(7)}`)).toBe(true);
  expect(Buffer.byteLength(last?.note ?? '')).toBeLessThanOrEqual(1_024);
});

test('no event of an edit of 2,000 objects is dropped, and every note is told', async () => {
  const { recorder, clock, counts, events } = setUp();
  const notes = ['vpce-1: tags.', 'vpce-2: tags.', 'sg-1: tags.'];
  for (let index = 0; index < 2_000; index += 1) {
    const regarding = { ...record.regarding, name: `w-${index}`, uid: `u-${index}` };
    for (const note of notes) recorder.record({ ...record, regarding, note });
    recorder.record({ ...record, regarding, reason: 'Succeeded', note: 'ready' });
  }
  await clock.advance(400_000);
  expect(counts.dropped).toBe(0);
  const told = new Map<string, string>();
  for (const { regarding, note } of events()) {
    told.set(regarding.name, `${told.get(regarding.name) ?? ''} ${note}`);
  }
  const missing = Array.from({ length: 2_000 }, (_, index) => `w-${index}`).filter((name) =>
    [...notes, 'ready'].some((note) => told.get(name)?.includes(note) !== true),
  );
  expect(missing).toEqual([]);
});
