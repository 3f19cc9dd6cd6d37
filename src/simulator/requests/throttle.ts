import type { Clock } from '../clock.ts';
import { AwsError } from '../protocol/error.ts';

interface Rate {
  /** Tokens of a full bucket. */
  readonly burst: number;
  readonly refillPerSecond: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** A call as the limiter sees it. */
export interface ThrottledCall {
  readonly service: 'ec2' | 'iam' | 'sts';
  readonly action: string;
  readonly readOnly: boolean;
  readonly accountId: string;
  readonly region: string;
  /** Whether a Describe call has a filter or asks for pages. */
  readonly isNarrowed: boolean;
}

export interface Limiter {
  /** Takes one token, or throws RequestLimitExceeded (HTTP 503, as EC2 sends it). */
  take(call: ThrottledCall): void;
}

/** AWS's published token buckets, one for each account, region and action. */
export function createLimiter(clock: Clock): Limiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(call) {
      const rate = rateOf(call);
      if (rate === undefined) return;
      const key = [call.accountId, call.region, call.service, rate.shared ?? call.action].join('/');
      const nowMs = clock.now();
      const bucket = buckets.get(key) ?? { tokens: rate.burst, filledAtMs: nowMs };
      const refilled = ((nowMs - bucket.filledAtMs) / 1000) * rate.refillPerSecond;
      const tokens = Math.min(rate.burst, bucket.tokens + refilled);
      buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, filledAtMs: nowMs });
      if (tokens < 1) throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    },
  };
}

/** Figures of AWS's EC2 API throttling page; IAM publishes none, STS 600 a second for all actions. */
function rateOf(call: ThrottledCall): (Rate & { readonly shared?: string }) | undefined {
  if (call.service === 'iam') return undefined;
  if (call.service === 'sts') return { burst: 600, refillPerSecond: 600, shared: 'all' };
  if (call.readOnly) return readRate(call);
  switch (call.action) {
    case 'CreateVpcEndpoint':
    case 'ModifyVpcEndpoint':
    case 'DeleteVpcEndpoints':
      return { burst: 4, refillPerSecond: 0.3 };
    case 'CreateTags':
    case 'DeleteTags':
      return { burst: 100, refillPerSecond: 10 };
    default:
      return { burst: 50, refillPerSecond: 5 };
  }
}

function readRate({ action, isNarrowed }: ThrottledCall): Rate & { readonly shared?: string } {
  const isCostly = ['DescribeSecurityGroups', 'DescribeNetworkInterfaces'].includes(action);
  if (!isCostly || isNarrowed) return { burst: 100, refillPerSecond: 20 };
  return { burst: 50, refillPerSecond: 10, shared: `${action}/unfiltered` };
}
