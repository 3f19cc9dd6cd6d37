import type { LeaderLeaseOptions } from '../kubernetes/lease/leader-lease.ts';
import type { OperatorConfig } from './operator-config.ts';
import { UserError } from '../runtime/user-error.ts';

/** How long a lease lasts without its leader, in milliseconds. */
export type LeaseTiming = Required<
  Pick<LeaderLeaseOptions, 'leaseDurationMs' | 'renewDeadlineMs' | 'retryPeriodMs'>
>;

/**
 * The lease's times from the flags.
 *
 * @throws `UserError` for times that could let two replicas lead at once
 */
export function leaseTimingOf(
  options: Pick<
    OperatorConfig,
    'leaseDurationSeconds' | 'renewDeadlineSeconds' | 'retryPeriodSeconds'
  >,
): LeaseTiming {
  const { leaseDurationSeconds, renewDeadlineSeconds, retryPeriodSeconds } = options;
  if (leaseDurationSeconds <= renewDeadlineSeconds || renewDeadlineSeconds <= retryPeriodSeconds) {
    throw new UserError(
      `--lease-duration-seconds (${leaseDurationSeconds}) must be more than ` +
        `--renew-deadline-seconds (${renewDeadlineSeconds}), and that more than ` +
        `--retry-period-seconds (${retryPeriodSeconds})`,
    );
  }
  return {
    leaseDurationMs: leaseDurationSeconds * 1000,
    renewDeadlineMs: renewDeadlineSeconds * 1000,
    retryPeriodMs: retryPeriodSeconds * 1000,
  };
}
