import type { AwsAction } from '../client/operations.ts';
import type { RateLimit } from '../../runtime/token-bucket.ts';

/** A limit per action; the actions that are absent keep their default. */
export type CallLimits = Partial<Readonly<Record<AwsAction, RateLimit>>>;

/**
 * AWS's published figures per account, region and action:
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
const reads: RateLimit = { burst: 100, perSecond: 20 };
const changes: RateLimit = { burst: 50, perSecond: 5 };
const tagging: RateLimit = { burst: 100, perSecond: 10 };
/** AWS has a burst of 4; one is left for people and tools that share the account. */
const endpointChanges: RateLimit = { burst: 3, perSecond: 0.3 };
/**
 * STS allows 600 calls a second for each account and region, of AssumeRole, GetCallerIdentity and
 * some more together, and counts them in the account whose credentials sign them:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * A tenth of it for each action: everything else in the account shares it with us.
 */
const identity: RateLimit = { burst: 60, perSecond: 60 };

/**
 * IAM publishes no rates, refuses with `Throttling`, and cannot be asked for more. These are our
 * own, gentle ones, per account and action: everything else in the account shares IAM with us.
 */
const policyReads: RateLimit = { burst: 20, perSecond: 10 };
const policyChanges: RateLimit = { burst: 5, perSecond: 2 };

/**
 * SQS has no rate to speak of. Ours is a bound on what a flood of messages can cost: fifty a second,
 * in tens.
 */
const queueCalls: RateLimit = { burst: 5, perSecond: 5 };

const endpointActions: readonly AwsAction[] = [
  'ec2:CreateVpcEndpoint',
  'ec2:ModifyVpcEndpoint',
  'ec2:DeleteVpcEndpoints',
];

/** The limit that AWS publishes for this action, or a little less; for IAM one of our own. */
export function defaultLimitOf(action: AwsAction): RateLimit {
  if (endpointActions.includes(action)) return endpointChanges;
  if (action === 'ec2:CreateTags' || action === 'ec2:DeleteTags') return tagging;
  if (/^ec2:(Describe|Get)/.test(action)) return reads;
  if (action.startsWith('sts:')) return identity;
  if (/^iam:(Get|List)/.test(action)) return policyReads;
  if (action.startsWith('iam:')) return policyChanges;
  if (action.startsWith('sqs:')) return queueCalls;
  return changes;
}

/** A part of a limit, of which at least one call at a time is left. */
export function shareOf({ burst, perSecond }: RateLimit, share: number): RateLimit {
  return { burst: Math.max(1, Math.floor(burst * share)), perSecond: perSecond * share };
}
