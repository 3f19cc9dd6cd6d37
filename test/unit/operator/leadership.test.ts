import { expect, test } from '@jest/globals';
import { createLeadership } from '../../../src/operator/leadership.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';
import { createLeaseNetwork } from '../kubernetes/lease-network.ts';

function start(work: (leadership: AbortSignal) => Promise<void>) {
  const network = createLeaseNetwork();
  network.heal();
  const clock = createVirtualClock();
  const shutdown = new AbortController();
  const leadership = createLeadership({
    leases: network.client('one', clock),
    namespace: 'operator',
    name: 'leader',
    identity: 'one',
    clock,
    random: () => 0,
    logger: silentLogger(),
    queue: { shutDown: () => undefined },
    work,
  });
  return { network, clock, shutdown, ended: leadership.run(shutdown.signal) };
}

test('F13: work that fails ends the process and frees the lease', async () => {
  const { network, ended } = start(() => Promise.reject(new Error('a part is missing')));
  expect(await ended).toBe(1);
  expect(network.lease?.spec?.holderIdentity).toBe('');
});

test('F13: work that ends by itself does too: nobody would work under this lease', async () => {
  const { network, ended } = start(() => Promise.resolve());
  expect(await ended).toBe(1);
  expect(network.lease?.spec?.holderIdentity).toBe('');
});

test('F20: a shutdown lets the work end, and only then frees the lease', async () => {
  let finish: () => void = () => undefined;
  const { network, clock, shutdown, ended } = start(() => new Promise((end) => (finish = end)));
  await clock.advance(100);
  shutdown.abort();
  await clock.advance(5_000);
  expect(network.lease?.spec?.holderIdentity).toBe('one');
  finish();
  expect(await ended).toBe(0);
  expect(network.lease?.spec?.holderIdentity).toBe('');
});
