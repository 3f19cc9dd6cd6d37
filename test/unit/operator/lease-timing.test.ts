import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { leaseTimingOf } from '../../../src/operator/lease-timing.ts';
import { addOperatorOptions } from '../../../src/cli/operator-options.ts';
import type { OperatorConfig } from '../../../src/operator/operator-config.ts';

function timingOf(...flags: readonly string[]): ReturnType<typeof leaseTimingOf> {
  const command = addOperatorOptions(new Command()).exitOverride().parse(flags, { from: 'user' });
  return leaseTimingOf(command.opts<OperatorConfig>());
}

test("the lease's times are client-go's by default", () => {
  expect(timingOf()).toEqual({
    leaseDurationMs: 15_000,
    renewDeadlineMs: 10_000,
    retryPeriodMs: 2_000,
  });
});

test.each([[['--lease-duration=10s']], [['--renew-deadline=15s']], [['--retry-period=10s']]])(
  '%s is refused: two replicas could lead, or a leader never renew',
  (flags) => {
    expect(() => timingOf(...flags)).toThrow(/must be more than --renew-deadline/);
  },
);
