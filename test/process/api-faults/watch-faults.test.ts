/** The watch of the links breaks in every way that it can; the operator goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { ApiFault } from '../../environment/api-faults.ts';
import { eventually } from '../../environment/eventually.ts';
import { FaultBench } from './fault-bench.ts';

jest.setTimeout(240_000);

let bench: FaultBench;

beforeAll(async () => {
  bench = await FaultBench.start(['--relist=12s', '--watch-silence=5s']);
});

afterAll(() => bench?.stop());

afterEach(() => bench?.proxy.clear());

const links = /\/sagemakerprivatelinks/;
const expired = `${JSON.stringify({
  type: 'ERROR',
  object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
})}\n`;

interface WatchFault {
  readonly fault?: ApiFault;
  /** The watch that is open now breaks, so that the fault meets the next one. */
  readonly cut?: boolean;
  /** How often the fault strikes at least. */
  readonly hits?: number;
}

const faults: Readonly<Record<string, WatchFault>> = {
  'the connections are reset': { cut: true },
  'the watch is answered 410 Gone': {
    cut: true,
    fault: { verb: 'watch', path: links, times: 2, effect: status(410, 'Expired') },
    hits: 1,
  },
  'the watch ends with an event 410 Expired': {
    fault: { path: links, times: 1, effect: { kind: 'events', change: () => [expired] } },
    hits: 1,
  },
  'every event comes three times': {
    fault: {
      path: links,
      effect: { kind: 'events', change: (line) => Array.from({ length: 3 }, () => `${line}\n`) },
    },
    hits: 1,
  },
  'every event comes late': {
    fault: {
      path: links,
      effect: {
        kind: 'events',
        async change(line) {
          await sleep(700);
          return [`${line}\n`];
        },
      },
    },
    hits: 1,
  },
  'events change places': {
    fault: { path: links, times: 6, effect: { kind: 'events', change: inPairs() } },
    hits: 2,
  },
  'an event is cut off in its middle': {
    fault: {
      path: links,
      times: 1,
      effect: {
        kind: 'events',
        change(line) {
          setImmediate(() => bench.proxy.cut());
          return [line.slice(0, line.length / 2)];
        },
      },
    },
    hits: 1,
  },
  'an event is rubbish': {
    fault: { path: links, times: 1, effect: { kind: 'events', change: () => ['<html>\n'] } },
    hits: 1,
  },
  'events are lost with their connection': {
    fault: {
      path: links,
      times: 2,
      effect: {
        kind: 'events',
        change() {
          setImmediate(() => bench.proxy.cut());
          return [];
        },
      },
    },
    hits: 1,
  },
  'an event is lost and nothing else breaks': {
    fault: { path: links, times: 1, effect: { kind: 'events', change: () => [] } },
    hits: 1,
  },
  'the watch falls silent': {
    cut: true,
    fault: { verb: 'watch', path: links, times: 1, effect: { kind: 'mute' } },
    hits: 1,
  },
  'the watch never opens': {
    cut: true,
    fault: { verb: 'watch', path: links, times: 1, effect: { kind: 'hang' } },
    hits: 1,
  },
  'the watch is refused with 429 and Retry-After': {
    cut: true,
    fault: {
      verb: 'watch',
      path: links,
      times: 3,
      effect: status(429, 'TooManyRequests', { 'retry-after': '1' }),
    },
    hits: 1,
  },
  'the watch is refused with 401': {
    cut: true,
    fault: { verb: 'watch', path: links, times: 2, effect: status(401, 'Unauthorized') },
    hits: 1,
  },
  'the watch is refused with 500, and then each list with 503': {
    cut: true,
    fault: { verb: ['watch', 'list'], path: links, times: 4, effect: status(500, 'InternalError') },
    hits: 4,
  },
  'the list after 410 comes slowly': {
    fault: { path: links, times: 1, effect: { kind: 'events', change: () => [expired] } },
    hits: 1,
  },
};

/** Of each two lines the second one comes first. */
function inPairs(): (line: string) => readonly string[] {
  let first: string | undefined;
  return (line) => {
    if (first === undefined) {
      first = line;
      return [];
    }
    const turned = [`${line}\n`, `${first}\n`];
    first = undefined;
    return turned;
  };
}

function status(
  code: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): { kind: 'status'; code: number; reason: string; headers: Readonly<Record<string, string>> } {
  return { kind: 'status', code, reason, headers };
}

test.each(Object.entries(faults))('F4: %s', async (what, { fault, cut = false, hits = 0 }) => {
  const name = `w-${Object.keys(faults).indexOf(what)}`;
  const madeBefore = bench.endpointsEverMade();
  const slow: ApiFault = {
    verb: 'list',
    path: links,
    effect: { kind: 'trickle', pieces: 5, ms: 200 },
  };
  if (what.includes('slowly')) bench.proxy.add(slow);
  bench.proxy.resetRequests();
  const armed = fault === undefined ? undefined : bench.proxy.add(fault);
  if (cut) bench.proxy.cut();

  await bench.apply(name, 'api');
  await bench.isDone(name, 'api');
  await eventually(() => expect(armed?.hits() ?? 0).toBeGreaterThanOrEqual(hits), {
    withinMs: 90_000,
  });
  await bench.apply(name, 'api', 'runtime');
  await bench.isDone(name, 'api', 'runtime');
  await bench.remove(name);

  expect(bench.endpointsEverMade() - madeBefore).toBe(2);
  expect(bench.requestCount()).toBeLessThan(80);
  expect(await bench.probe('/healthz')).toBe(200);
  expect(bench.operator.hasExited()).toBe(false);
});

test('F4: a server that refuses every watch and list is not called in a tight loop', async () => {
  const refusal = bench.proxy.add({
    verb: ['watch', 'list'],
    path: links,
    effect: status(503, 'ServiceUnavailable'),
  });
  bench.proxy.cut();
  await eventually(() => expect(refusal.hits()).toBeGreaterThan(0), { withinMs: 90_000 });
  await bench.renewals(4);
  const struck = refusal.hits();
  refusal.remove();

  expect(struck).toBeLessThan(20);
  expect(await bench.probe('/healthz')).toBe(200);
  await bench.isReady();
});
