import { expect, test } from '@jest/globals';
import { createAwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import { createPendingEndpoints } from '../../../../src/aws/endpoint/pending-endpoints.ts';
import { createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';
import { endpoint, partOf } from '../aws-values.ts';
import { ec2Error, scriptedTransport } from '../scripted-transport.ts';

const action = 'ec2:DescribeVpcEndpoints';
const denied = new CloudError({ kind: 'Denied', action, code: 'c', message: 'm' });

/** An AWS that has the endpoints done at times of the clock, counted from the start. */
function watching(doneAt: Readonly<Record<string, number>>) {
  const clock = createVirtualClock(0);
  let isBroken = false;
  const stateOf = (id: string): string => {
    const at = doneAt[id];
    return at !== undefined && clock.now() >= at ? 'available' : 'pending';
  };
  const transport = scriptedTransport({
    [action]: async ({ Filters = [] }) => {
      if (isBroken) throw ec2Error('UnauthorizedOperation');
      const ids = Filters[0]?.Values ?? [];
      return {
        VpcEndpoints: ids.map((id) => ({
          VpcEndpointId: id,
          VpcId: 'vpc-1',
          ServiceName: 'service',
          State: stateOf(id) as never,
          NetworkInterfaceIds: [`eni-${id}`],
        })),
      };
    },
  });
  const calls = createAwsCalls({ transport, clock, budget: createCallBudget({ clock }) });
  const known = new Map<string, Endpoint>();
  const reads = { all: 0, isWanted: false, isShort: false };
  const interfaces: (readonly string[])[] = [];
  const subject = createPendingEndpoints({
    calls,
    clock,
    pollMs: 2_000,
    readAllEndpoints({ nowMs: since }) {
      if (!reads.isWanted) return undefined;
      reads.all += 1;
      const all = Object.keys(doneAt).map((id) => endpoint({ id, state: stateOf(id) as never }));
      if (isBroken) return Promise.resolve(denied);
      return Promise.resolve(partOf(reads.isShort ? all.slice(1) : all, since));
    },
    observe: ({ found }) => found.forEach((one, id) => void known.set(id, one)),
    endpoint: (id) => known.get(id) ?? endpoint({ id, state: 'pending' }),
    endpointAsRead: (id) => known.get(id),
    settleMs: 60_000,
    readInterfaces: async (ids) => interfaces.push([...ids].sort()),
  });
  const told: string[] = [];
  return {
    clock,
    told,
    interfaces,
    readAll: reads,
    reads: () => transport.inputsOf(action).map(({ Filters = [] }) => Filters[0]?.Values),
    breakDown: () => void (isBroken = true),
    watch: (link: string, ids: readonly string[]) =>
      subject.watch(ids, (end) => told.push(`${link} ${end} at ${clock.now() / 1000}`)),
  };
}

test('one read looks at the endpoints of all links, and tells each link of its own', async () => {
  const { clock, told, reads, watch } = watching({ a: 3_000, b: 3_500, c: 5_000 });
  watch('one', ['a', 'b']);
  watch('two', ['c']);
  await clock.advance(10_000);
  expect(told).toEqual(['one changed at 4', 'two changed at 6']);
  expect(reads()).toEqual([['a', 'b', 'c'], ['a', 'b', 'c'], ['c']]);
});

test('the second link is first looked at when AWS can be done with it', async () => {
  const { clock, told, reads, watch } = watching({ a: 59_900, b: 160_000 });
  watch('one', ['a']);
  await clock.advance(100_000);
  expect(told).toHaveLength(1);
  const before = reads().length;
  watch('two', ['b']);
  await clock.advance(100_000);
  expect(told).toHaveLength(2);
  expect(reads().length - before).toBeLessThan(6);
});

test('a link whose endpoints are done at different times is told of the first', async () => {
  const { clock, told, watch } = watching({ a: 3_000 });
  watch('one', ['a', 'b']);
  await clock.advance(30_000);
  expect(told).toHaveLength(1);
});

test('nothing is read for a link that waits no more, or when nobody waits', async () => {
  const { clock, told, reads, watch } = watching({});
  const stop = watch('one', ['a']);
  await clock.advance(2_500);
  expect(reads()).toHaveLength(1);
  stop();
  await clock.advance(600_000);
  expect(reads()).toHaveLength(1);
  expect(told).toEqual([]);
});

test('a read that fails ends the waits, so that passes say what is wrong', async () => {
  const { clock, told, breakDown, watch } = watching({});
  breakDown();
  watch('one', ['a']);
  watch('two', ['b']);
  await clock.advance(2_500);
  expect(told).toEqual(['one unknown at 2', 'two unknown at 2']);
});

test('the interfaces of all endpoints that are waited for are read when the first is done, once', async () => {
  const { clock, interfaces, watch } = watching({ a: 8_000, b: 12_000, c: 16_000 });
  watch('one', ['a']);
  watch('two', ['b']);
  await clock.advance(5_000);
  expect(interfaces).toEqual([]);
  await clock.advance(9_000);
  expect(interfaces).toEqual([['eni-a', 'eni-b']]);
  watch('three', ['c']);
  await clock.advance(10_000);
  expect(interfaces).toEqual([['eni-a', 'eni-b'], ['eni-c']]);
});

test('interfaces that were read ten minutes ago are forgotten by now, and are read anew together', async () => {
  const { clock, interfaces, watch } = watching({ a: 8_000, b: 700_000, c: 800_000 });
  for (const id of ['a', 'b', 'c']) watch(id, [id]);
  await clock.advance(900_000);
  expect(interfaces).toEqual([
    ['eni-a', 'eni-b', 'eni-c'],
    ['eni-b', 'eni-c'],
  ]);
});

test('a read of everything that is wanted in any case answers a poll, and what it lacks is asked for', async () => {
  const { clock, told, readAll, reads, watch } = watching({ a: 1_000, b: 1_000, c: 60_000 });
  readAll.isWanted = true;
  watch('one', ['a']);
  watch('two', ['b']);
  await clock.advance(2_500);
  expect(told).toEqual(['one changed at 2', 'two changed at 2']);
  expect([readAll.all, reads()]).toEqual([1, []]);
  readAll.isShort = true;
  watch('three', ['a', 'c']);
  await clock.advance(2_500);
  expect(reads()).toEqual([['a']]);
});

test('where everything cannot be read, a poll asks for its own', async () => {
  const { clock, told, reads, readAll, watch, breakDown } = watching({ a: 1_000 });
  readAll.isWanted = true;
  breakDown();
  watch('one', ['a']);
  await clock.advance(2_500);
  expect(reads()).toEqual([['a']]);
  expect(told).toEqual(['one unknown at 2']);
});
