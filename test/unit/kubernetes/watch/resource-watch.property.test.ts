import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createApiClient } from '../../../../src/kubernetes/client/api-client.ts';
import { fixedCredentials } from '../../../../src/kubernetes/credentials/credentials.ts';
import { createResourceWatch } from '../../../../src/kubernetes/watch/resource-watch.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { eventually } from '../../../environment/eventually.ts';
import { createInstantClock } from '../../../time/instant-clock.ts';
import { type Fault, type FaultServer, startFaultServer, type Widget } from '../fault-server.ts';

type Step =
  | { readonly do: 'set' | 'setUnseen'; readonly name: string; readonly value: number }
  | { readonly do: 'delete'; readonly name: string }
  | { readonly do: 'fail'; readonly fault: Fault }
  | { readonly do: 'end'; readonly how: 'normally' | 'reset' | 'gone' | 'garbage' }
  | { readonly do: 'compact' | 'mute' | 'replay' | 'bookmark' | 'breathe' };

const name = fc.constantFrom('a', 'b', 'c');
const value = fc.nat(9);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    code: fc.constantFrom(401, 403, 404, 410, 429, 500, 503, 504),
    reason: fc.constant('Fault'),
  }),
  fc.record({ kind: fc.constant('reset' as const) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('set' as const), name, value }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
  fc.record({ do: fc.constant('setUnseen' as const), name, value }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), fault }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      how: fc.constantFrom(
        'normally' as const,
        'reset' as const,
        'gone' as const,
        'garbage' as const,
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'compact' as const,
        'mute' as const,
        'replay' as const,
        'bookmark' as const,
        'breathe' as const,
      ),
    }),
  },
);

async function play(each: Step, server: FaultServer): Promise<void> {
  switch (each.do) {
    case 'set':
      return server.set(each.name, each.value);
    case 'setUnseen':
      return server.setUnseen(each.name, each.value);
    case 'delete':
      return server.delete(each.name);
    case 'fail':
      return server.fail(each.fault);
    case 'end':
      return server.endWatches(each.how);
    case 'compact':
      return server.compact();
    case 'mute':
      return server.muteWatches();
    case 'replay':
      return server.replay();
    case 'bookmark':
      return server.bookmark();
    case 'breathe':
      for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setImmediate(resolve));
      return;
    default:
      each satisfies never;
  }
}

test('F4: whatever breaks, the cache and its subscribers end up with the truth, at a bounded rate', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, isPacked) => {
      const server = await startFaultServer();
      const clock = createInstantClock();
      const rateLimit = { perSecond: 1e6, burst: 1e6 };
      const credentials = fixedCredentials(server.url);
      const client = createApiClient({ credentials, clock, rateLimit });
      const watch = createResourceWatch<Widget>({
        resource: client.resource({
          group: 'g',
          version: 'v1',
          plural: 'widgets',
          namespaced: false,
        }),
        clock,
        random: () => 0.5,
        logger: silentLogger(),
        ...(isPacked ? { isAtRest: ({ spec }: Widget) => spec.value % 2 === 0 } : {}),
      });
      const told = new Map<string, Widget>();
      const misfits: string[] = [];
      watch.subscribe((change) => {
        const { name: widget, uid } = change.object.metadata;
        const known = told.get(widget);
        // Each change has to fit what was told before.
        const expected = change.kind === 'added' ? undefined : uid;
        if (known?.metadata.uid !== expected) misfits.push(`${change.kind} ${uid}`);
        if (change.kind === 'deleted') told.delete(widget);
        else told.set(widget, change.object);
      });
      const stopping = new AbortController();
      const running = watch.run(stopping.signal);
      try {
        for (const each of steps) await play(each, server);
        server.failAll(undefined);
        clock.jump(900_000);
        const truth = [...server.widgets.values()].map(inShort).sort();
        await eventually(
          () => {
            server.endWatches('normally');
            expect(watch.cache.list().map(inShort).sort()).toEqual(truth);
            expect(watch.health()).toMatchObject({ synced: true, problem: undefined });
          },
          { everyMs: 5 },
        );
        expect([...told.values()].map(inShort).sort()).toEqual(truth);
        expect(misfits).toEqual([]);
        const pauses = clock.slept.reduce((sum, ms) => sum + ms, 0) / 1_000;
        expect(server.requests.length).toBeLessThan(20 + pauses * 4);
      } finally {
        stopping.abort();
        await running;
        await client.close();
        await server.close();
      }
    }),
    { numRuns: 60 },
  );
});

function inShort({ metadata, spec }: Widget): string {
  return `${metadata.uid} ${spec.value}`;
}
