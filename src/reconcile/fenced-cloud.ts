import type { Cloud } from '../plan/cloud.ts';

/**
 * A cloud that makes no change once this process may no longer act. A process that was paused and
 * resumed finds out here that another leads by now, even before its own timers ran.
 *
 * @throws `FenceError` from `apply` when `mayAct` says no
 */
export function fencedCloud(cloud: Cloud, mayAct: () => boolean): Cloud {
  return {
    ...(cloud.role === undefined ? {} : { role: cloud.role }),
    now: () => cloud.now(),
    look: (look, options) => cloud.look(look, options),
    ...watchOf(cloud),
    stillWaits: (action, former, urgency) => cloud.stillWaits?.(action, former, urgency),
    expect: (looks) => cloud.expect?.(looks),
    expectSweep: (expected) => cloud.expectSweep?.(expected),
    knownHoldings: (owner, since) => cloud.knownHoldings?.(owner, since),
    async apply(action, options) {
      if (!mayAct()) throw new FenceError();
      return cloud.apply(action, options);
    },
  };
}

/** A watch changes nothing. */
function watchOf(cloud: Cloud): Pick<Cloud, 'whenChanged'> {
  if (cloud.whenChanged === undefined) return {};
  return { whenChanged: (ids, onEnd) => cloud.whenChanged?.(ids, onEnd) ?? (() => undefined) };
}

/** Thrown instead of a change when this process no longer has the account and region. */
class FenceError extends Error {
  constructor() {
    super('this replica does not have the account and region any more: nothing is changed');
    this.name = 'FenceError';
  }
}
