import type { Cloud } from '../../plan/cloud.ts';

/**
 * A cloud that asks for leave before each look and each change.
 *
 * @param role that it works with, see `Cloud.role`
 * @param check throws a `CloudError`
 */
export function guardedCloud(cloud: Cloud, role: string, check: () => void): Cloud {
  return {
    role,
    now: () => cloud.now(),
    ...(cloud.whenChanged === undefined ? {} : { whenChanged: cloud.whenChanged }),
    stillWaits: (action, former, urgency) => cloud.stillWaits?.(action, former, urgency),
    expect: (looks) => cloud.expect?.(looks),
    expectSweep: (expected) => cloud.expectSweep?.(expected),
    knownHoldings: (owner, since) => cloud.knownHoldings?.(owner, since),
    async look(look, options) {
      check();
      return cloud.look(look, options);
    },
    async apply(action, options) {
      check();
      return cloud.apply(action, options);
    },
  };
}
