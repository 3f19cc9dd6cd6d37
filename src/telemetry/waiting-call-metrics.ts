import { Gauge, type Registry } from 'prom-client';

/** Calls of one action and urgency that wait for the call budget of an account and region. */
export interface WaitingCalls {
  /** Undefined: the operator's own account. */
  readonly account: string | undefined;
  /** Undefined for IAM. */
  readonly region: string | undefined;
  /** IAM's name of the call: `ec2:CreateVpcEndpoint`. */
  readonly action: string;
  readonly urgency: string;
  readonly calls: number;
  readonly longestWaitMs: number;
  readonly estimateMs: number;
}

/** Metrics of the calls that wait for their turn. */
export interface WaitingCallMetrics {
  /** Says how to find out, at each scrape, which calls wait. */
  observe(waiting: () => readonly WaitingCalls[]): void;
}

const labelNames = ['account', 'region', 'service', 'action', 'urgency'] as const;

/** Creates the gauges, whose values are known only at the moment of a scrape. */
export function createWaitingCallMetrics(registry: Registry): WaitingCallMetrics {
  let observed: () => readonly WaitingCalls[] = () => [];
  const gauge = (name: string, help: string, of: (calls: WaitingCalls) => number): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        // Nobody waits behind what is not set.
        this.reset();
        for (const one of observed()) this.set(labelsOf(one), of(one));
      },
    });
  };
  gauge(
    'aws_api_calls_waiting',
    'Calls that wait for the call budget of an account and region, by urgency: Deletion, Change, Repair, Resync.',
    ({ calls }) => calls,
  );
  gauge(
    'aws_api_calls_longest_wait_seconds',
    'Seconds that the oldest of the waiting calls has waited.',
    ({ longestWaitMs }) => longestWaitMs / 1000,
  );
  gauge(
    'aws_api_calls_estimated_wait_seconds',
    'Seconds until the last of the waiting calls has its turn if nobody else comes.',
    ({ estimateMs }) => estimateMs / 1000,
  );
  return { observe: (waiting) => void (observed = waiting) };
}

function labelsOf({ account = '', region = '', action, urgency }: WaitingCalls) {
  const [service = '', operation = ''] = action.split(':');
  return { account, region, service, action: operation, urgency };
}
