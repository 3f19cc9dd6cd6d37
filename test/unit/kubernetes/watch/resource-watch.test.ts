import { afterEach, describe, expect, test } from '@jest/globals';
import { createApiClient } from '../../../../src/kubernetes/client/api-client.ts';
import { fixedCredentials } from '../../../../src/kubernetes/credentials/credentials.ts';
import type { ResourceChange } from '../../../../src/kubernetes/watch/resource-cache.ts';
import {
  createResourceWatch,
  type ResourceWatch,
} from '../../../../src/kubernetes/watch/resource-watch.ts';
import { watchSynced, watchTurns } from '../../../../src/kubernetes/watch/watch-checks.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { createMetrics, type Metrics } from '../../../../src/telemetry/metrics.ts';
import { eventually } from '../../../environment/eventually.ts';
import { createInstantClock, type InstantClock } from '../../../time/instant-clock.ts';
import { type FaultServer, startFaultServer, type Widget } from '../fault-server.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Watching {
  readonly server: FaultServer;
  readonly clock: InstantClock;
  readonly watch: ResourceWatch<Widget>;
  readonly changes: string[];
  readonly problems: (string | undefined)[];
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

async function startWatching(prepare: (server: FaultServer) => void = () => undefined) {
  const server = await startFaultServer();
  prepare(server);
  const clock = createInstantClock();
  const rateLimit = { perSecond: 1e6, burst: 1e6 };
  const credentials = fixedCredentials(server.url);
  const client = createApiClient({ credentials, clock, rateLimit });
  const problems: (string | undefined)[] = [];
  const metrics = createMetrics({ processMetrics: false });
  const watch = createResourceWatch<Widget>({
    resource: client.resource({
      group: 'example.com',
      version: 'v1',
      plural: 'widgets',
      namespaced: false,
    }),
    clock,
    random: () => 0,
    logger: silentLogger(),
    onProblem: (problem) => problems.push(problem?.kind),
    metrics: metrics.watch,
  });
  const changes: string[] = [];
  watch.subscribe((change) => changes.push(inWords(change)));
  const stopping = new AbortController();
  const running = watch.run(stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort(new Error('stopping'));
    await running;
  };
  closing.push(() => server.close(), client.close, stop);
  return { server, clock, watch, changes, problems, metrics, stop } satisfies Watching;
}

function inWords(change: ResourceChange<Widget>): string {
  const { metadata, spec } = change.object;
  return `${change.kind} ${metadata.name}=${spec.value}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function sees(watching: Watching): Promise<void> {
  await eventually(() => {
    const known = watching.watch.cache.list().map((each) => [each.metadata.uid, each.spec.value]);
    const real = [...watching.server.widgets.values()];
    expect(known.sort()).toEqual(real.map((each) => [each.metadata.uid, each.spec.value]).sort());
  });
}

async function isWatched(watching: Watching): Promise<void> {
  await eventually(() => expect(watching.server.watches).toBe(1));
}

describe('a watch', () => {
  test('lists, then follows each change', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await watching.watch.synced;
    await isWatched(watching);
    watching.server.set('a', 2);
    watching.server.set('b', 1);
    watching.server.delete('a');
    await eventually(() =>
      expect(watching.changes).toEqual(['added a=1', 'updated a=2', 'added b=1', 'deleted a=2']),
    );
    expect(watching.server.requests).toEqual(['list', 'watch']);
  });

  test('reads 1200 objects in pages', async () => {
    const watching = await startWatching((server) => {
      for (let i = 0; i < 1_200; i += 1) server.set(`w${i}`, i);
    });
    await watching.watch.synced;
    expect(watching.watch.cache.size).toBe(1_200);
    expect(watching.server.requests.filter((each) => each === 'list')).toHaveLength(5);
  });

  test('keeps no managed fields', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    watching.server.set('b', 1);
    await sees(watching);
    for (const { metadata } of watching.watch.cache.list()) {
      expect(metadata).not.toHaveProperty('managedFields');
    }
  });

  test('tells a late subscriber what is there', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await watching.watch.synced;
    const late: string[] = [];
    const unsubscribe = watching.watch.subscribe((change) => late.push(inWords(change)));
    expect(late).toEqual(['added a=1']);
    unsubscribe();
    await isWatched(watching);
    watching.server.set('a', 2);
    await sees(watching);
    expect(late).toHaveLength(1);
  });

  test('survives a handler that throws', async () => {
    const watching = await startWatching();
    watching.watch.subscribe(() => {
      throw new Error('handler');
    });
    await isWatched(watching);
    watching.server.set('a', 1);
    watching.server.set('a', 2);
    await eventually(() => expect(watching.changes).toEqual(['added a=1', 'updated a=2']));
    expect(watching.server.requests).toEqual(['list', 'watch']);
  });

  test('takes over the answer to a write before its event comes, and reports it once', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    watching.server.muteWatches();
    watching.server.set('a', 2);
    const written = watching.server.widgets.get('a') as Widget;
    watching.watch.absorb(written);
    expect(watching.watch.cache.get('a')?.spec.value).toBe(2);
    watching.clock.fireTimer(150_000);
    await isWatched(watching);
    expect(watching.changes).toEqual(['added a=1', 'updated a=2']);
  });

  test('does not bring back a deleted object by a late answer', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    const old = watching.server.widgets.get('a') as Widget;
    watching.server.delete('a');
    await sees(watching);
    watching.watch.absorb({ ...old, metadata: { ...old.metadata, resourceVersion: '999' } });
    expect(watching.watch.cache.size).toBe(0);
  });
});

describe('F4: what breaks', () => {
  test.each(['normally', 'reset', 'garbage'] as const)(
    'a watch that ends (%s) goes on where it was',
    async (how) => {
      const watching = await startWatching((server) => server.set('a', 1));
      await isWatched(watching);
      watching.clock.jump(200_000);
      watching.server.endWatches(how);
      watching.server.set('a', 2);
      await sees(watching);
      await isWatched(watching);
      expect(watching.server.requests).toEqual(['list', 'watch', 'version', 'watch']);
      expect(watching.clock.slept.every((ms) => ms <= 800)).toBe(true);
    },
  );

  test('a silent watch is given up, and nothing that happened meanwhile is missed', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    watching.server.muteWatches();
    watching.server.delete('a');
    watching.server.set('b', 1);
    watching.clock.fireTimer(150_000);
    await sees(watching);
    expect(watching.changes).toEqual(['added a=1', 'added b=1', 'deleted a=1']);
    expect(watching.problems).toEqual(['Unreachable', undefined]);
  });

  test('a silent watch is followed by a full list: nobody knows what it kept back', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    watching.server.setUnseen('lost', 1);
    watching.server.muteWatches();
    watching.clock.fireTimer(150_000);
    await sees(watching);
    await eventually(() =>
      expect(watching.server.requests).toEqual(['list', 'watch', 'list', 'watch']),
    );
  });

  describe('a restored backup', () => {
    const restoredAfter = async (restore: (server: FaultServer, backup: number) => void) => {
      const watching = await startWatching((server) => server.set('kept', 1));
      const { server } = watching;
      const backup = server.version;
      await isWatched(watching);
      for (let value = 2; value < 6; value += 1) server.set('kept', value);
      server.set('since', 1);
      await sees(watching);
      restore(server, backup);
      return watching;
    };

    test('is noticed at once when the connections broke, and what comes after it is seen', async () => {
      const watching = await restoredAfter((server, backup) => {
        server.goBackTo(backup);
        server.endWatches('reset');
      });
      await sees(watching);
      expect(watching.changes.slice(-2)).toEqual(['updated kept=1', 'deleted since=1']);
      await isWatched(watching);
      watching.server.set('new', 1);
      await sees(watching);
      expect(watching.watch.health().problem).toBeUndefined();
    });

    test('is noticed after one silence when no connection broke', async () => {
      const watching = await restoredAfter((server, backup) => server.goBackTo(backup));
      watching.server.set('new', 1);
      watching.clock.fireTimer(150_000);
      await sees(watching);
    });

    test('is noticed by an object that has the same version and another content', async () => {
      const watching = await restoredAfter((server, backup) => {
        server.muteWatches();
        server.goBackTo(backup);
        // The same number of writes as before, with other values.
        for (let value = 12; value < 16; value += 1) server.set('kept', value);
      });
      watching.clock.fireTimer(150_000);
      await sees(watching);
      expect(watching.changes).toContain('updated kept=15');
    });
  });

  test.each(['an ERROR event', 'a status'])(
    'history that is gone, told by %s, makes a new list',
    async (how) => {
      const watching = await startWatching((server) => server.set('a', 1));
      await isWatched(watching);
      watching.server.muteWatches();
      watching.server.delete('a');
      watching.server.set('b', 1);
      watching.server.compact();
      if (how === 'a status') watching.clock.fireTimer(150_000);
      else watching.server.endWatches('gone');
      await sees(watching);
      await isWatched(watching);
      expect(watching.changes).toEqual(['added a=1', 'added b=1', 'deleted a=1']);
      expect(watching.server.requests.slice(-3)).toEqual(['watch', 'list', 'watch']);
      expect(watching.server.requests.length).toBeLessThanOrEqual(5);
    },
  );

  test('a continue token that expires between two pages costs one full list', async () => {
    const watching = await startWatching((server) => {
      for (let i = 0; i < 700; i += 1) server.set(`w${i}`, i);
      server.fail({ kind: 'none' }, { kind: 'status', code: 410, reason: 'Expired' });
    });
    await watching.watch.synced;
    expect(watching.watch.cache.size).toBe(700);
    expect(watching.server.requests.slice(0, 3)).toEqual(['list', 'list', 'list']);
    expect(watching.problems).toEqual([]);
  });

  test('an object that was deleted and made again is a deletion and an addition', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    watching.server.muteWatches();
    watching.server.delete('a');
    watching.server.set('a', 5);
    watching.server.compact();
    watching.clock.fireTimer(150_000);
    await sees(watching);
    expect(watching.changes).toEqual(['added a=1', 'deleted a=1', 'added a=5']);
  });

  test('events that come twice are reported once', async () => {
    const watching = await startWatching((server) => server.stutter());
    await isWatched(watching);
    watching.server.set('a', 1);
    watching.server.set('a', 2);
    watching.server.delete('a');
    watching.server.set('b', 1);
    await sees(watching);
    await eventually(() =>
      expect(watching.changes).toEqual(['added a=1', 'updated a=2', 'deleted a=2', 'added b=1']),
    );
  });

  test('old events that come again bring nothing back', async () => {
    const watching = await startWatching();
    await isWatched(watching);
    watching.server.set('a', 1);
    watching.server.delete('a');
    watching.server.replay();
    watching.server.set('b', 1);
    await eventually(() =>
      expect(watching.changes).toEqual(['added a=1', 'deleted a=1', 'added b=1']),
    );
  });

  test('events that were lost without a trace are found by the next full list', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    watching.server.setUnseen('lost', 1);
    watching.clock.jump(900_000);
    watching.server.endWatches('normally');
    await sees(watching);
    await isWatched(watching);
    expect(watching.server.requests).toEqual(['list', 'watch', 'list', 'watch']);
  });

  test('a kind that is not installed is waited for, slowly, and said once', async () => {
    const missing = { kind: 'status', code: 404, reason: 'NotFound' } as const;
    const watching = await startWatching((server) => server.failAll(missing));
    await eventually(() => expect(watching.server.requests.length).toBeGreaterThan(10));
    expect(watching.watch.health()).toMatchObject({
      synced: false,
      problem: {
        kind: 'NotInstalled',
        message: expect.stringContaining('widgets is not installed'),
      },
    });
    const patientFrom = watching.clock.slept.findIndex((ms) => ms >= 30_000);
    expect(watching.clock.slept.slice(patientFrom).every((ms) => ms >= 30_000)).toBe(true);
    expect(sum(watching.clock.slept.slice(0, patientFrom))).toBeLessThan(60_000);
    watching.server.failAll(undefined);
    watching.server.set('a', 1);
    await watching.watch.synced;
    expect(watching.problems).toEqual(['NotInstalled', undefined]);
    expect(watching.watch.health()).toMatchObject({ synced: true, problem: undefined });
  });
});

describe('F4: an API server that has just started', () => {
  test.each([
    { kind: 'status', code: 403, reason: 'Forbidden' },
    { kind: 'status', code: 404, reason: 'NotFound' },
    { kind: 'status', code: 401, reason: 'Unauthorized' },
  ] as const)(
    'refuses for a moment ($code), and is not waited for as if for people',
    async (refusal) => {
      const watching = await startWatching((server) => server.set('a', 1));
      const { server, clock } = watching;
      await isWatched(watching);
      server.failAll({ kind: 'reset' });
      server.endWatches('reset');
      // Long enough for the pauses to have grown.
      await eventually(() => expect(clock.slept.some((ms) => ms > 10_000)).toBe(true));
      server.set('new', 1);
      server.failAll(undefined);
      server.fail(refusal, refusal);
      const from = clock.slept.length;
      await sees(watching);
      // The pause that had grown, at most, and then short ones.
      expect(sum(clock.slept.slice(from))).toBeLessThan(30_000 + 5_000);
    },
  );
});

describe('F4: no storm', () => {
  const faults = [
    { kind: 'status', code: 500, reason: 'InternalError' },
    { kind: 'status', code: 410, reason: 'Expired' },
    { kind: 'status', code: 403, reason: 'Forbidden' },
    { kind: 'status', code: 401, reason: 'Unauthorized' },
    { kind: 'reset' },
  ] as const;

  test.each(faults)('while everything fails: %o', async (fault) => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    watching.server.failAll(fault);
    watching.server.endWatches('reset');
    const before = { requests: watching.server.requests.length, at: watching.clock.now() };
    await eventually(() =>
      expect(watching.server.requests.length).toBeGreaterThan(before.requests + 80),
    );
    const minutes = (watching.clock.now() - before.at) / 60_000;
    // At most one cycle per half of the longest pause (15 s), of at most 4 attempts each, and a
    // faster start.
    const most = 30 + minutes * 4 * 4;
    expect(watching.server.requests.length - before.requests).toBeLessThan(most);
    watching.server.failAll(undefined);
    await sees(watching);
  });

  test('when each watch ends at once', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    const { server, clock } = watching;
    const startedAt = clock.now();
    while (server.requests.length < 40) {
      server.endWatches('normally');
      await new Promise((resolve) => setImmediate(resolve));
    }
    const minutes = (clock.now() - startedAt) / 60_000;
    // Each watch but the first comes after a question for the newest version.
    expect(server.requests.length).toBeLessThan(20 + minutes * 6);
  });
});

test('F4: a watch that breaks again and again is soon begun anew while it brings news', async () => {
  const watching = await startWatching((server) => server.set('a', 1));
  const { server, clock } = watching;
  for (let value = 2; value < 12; value += 1) {
    await isWatched(watching);
    server.set('a', value);
    await sees(watching);
    const brokenAt = clock.now();
    server.endWatches('reset');
    await isWatched(watching);
    // The first pause of the backoff, not one that has grown with each break.
    expect(clock.now() - brokenAt).toBeLessThan(1_000);
  }
});

describe('stopping', () => {
  test('ends the watch on the server and leaves no timer', async () => {
    const watching = await startWatching((server) => server.set('a', 1));
    await isWatched(watching);
    await watching.stop();
    await eventually(() => expect(watching.server.watches).toBe(0));
    expect(watching.clock.timers).toEqual([]);
    watching.server.set('a', 2);
    expect(watching.changes).toEqual(['added a=1']);
  });

  test('during the first list rejects those who wait for it', async () => {
    const watching = await startWatching((server) => server.failAll({ kind: 'hang' }));
    await eventually(() => expect(watching.server.requests).toHaveLength(1));
    await watching.stop();
    await expect(watching.watch.synced).rejects.toThrow('stopping');
  });
});

test('health tells how long ago the server was heard', async () => {
  const watching = await startWatching((server) => server.set('a', 1));
  await isWatched(watching);
  watching.clock.jump(61_000);
  expect(watching.watch.health().lastContactAgeMs).toBe(61_000);
  watching.server.bookmark();
  await eventually(() => expect(watching.watch.health().lastContactAgeMs).toBe(0));
});

test('the probes tell a loop that hangs from a server that is away', async () => {
  const missing = { kind: 'status', code: 404, reason: 'NotFound' } as const;
  const { watch, clock, server } = await startWatching((each) => each.failAll(missing));
  const [turns, synced] = [watchTurns(watch), watchSynced(watch)];
  await eventually(() => expect(synced.problem()).toContain('is not installed'));
  expect(turns.problem()).toBeUndefined();
  server.failAll(undefined);
  await watch.synced;
  expect(synced.problem()).toBeUndefined();
  await eventually(() => expect(server.watches).toBe(1));
  clock.jump(600_000);
  expect(turns.problem()).toBe('the watch has done nothing for 600 s');
});

test('the failures that an alert waits for are counted from 0', async () => {
  const watching = await startWatching();
  await sees(watching);
  const failures = 'sagemaker_privatelink_watch_failures_total';
  const text = await watching.metrics.registry.getSingleMetricAsString(failures);
  expect(text).toContain(`${failures}{resource="widgets",kind="Unreachable"} 0`);
  expect(text).toContain(`${failures}{resource="widgets",kind="Forbidden"} 0`);
});
