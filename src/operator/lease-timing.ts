import { durationText } from '../runtime/duration.ts';
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
  options: Pick<OperatorConfig, 'leaseDurationMs' | 'renewDeadlineMs' | 'retryPeriodMs'>,
): LeaseTiming {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = options;
  if (leaseDurationMs <= renewDeadlineMs || renewDeadlineMs <= retryPeriodMs) {
    throw new UserError(
      `--lease-duration (${durationText(leaseDurationMs)}) must be more than ` +
        `--renew-deadline (${durationText(renewDeadlineMs)}), and that more than ` +
        `--retry-period (${durationText(retryPeriodMs)})`,
    );
  }
  return { leaseDurationMs, renewDeadlineMs, retryPeriodMs };
}
