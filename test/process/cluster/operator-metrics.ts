import type { OperatorProcess } from './operator-cluster.ts';

/** What an operator process says about itself on /metrics. */
export interface OperatorMetrics {
  /** Passes that have ended, of whatever result. */
  readonly passes: number;
  /** Accounts and regions that it works in. */
  readonly places: number;
  /** Whether it has the duties that the cluster has once. */
  readonly isLeader: boolean;
  readonly rssMiB: number;
  /** Requests to the API server by method, such as `{GET: 3}`. */
  readonly kubernetesRequests: Readonly<Record<string, number>>;
  /** Calls to AWS by service, action and result, such as `{'ec2 DescribeVpcs ok': 2}`. */
  readonly awsCalls: Readonly<Record<string, number>>;
}

/** Scrapes /metrics. */
export async function readMetrics(operator: OperatorProcess): Promise<OperatorMetrics> {
  const response = await fetch(`${await operator.healthUrl()}/metrics`);
  const text = await response.text();
  const rss = sum(text, /^process_resident_memory_bytes ([\d.e+]+)$/gm);
  return {
    passes: sum(text, /^controller_runtime_reconcile_total\{[^}]*\} (\d+)$/gm),
    places: sum(text, /^sagemaker_privatelink_place_held\{[^}]*\} (\d)$/gm),
    isLeader: sum(text, /^leader_election_master_status\{[^}]*\} (\d)$/gm) === 1,
    rssMiB: Math.round(rss / 1024 / 1024),
    kubernetesRequests: requestsByMethod(text),
    awsCalls: callsByAction(text),
  };
}

function sum(text: string, line: RegExp): number {
  return [...text.matchAll(line)].reduce((total, [, value]) => total + Number(value), 0);
}

function requestsByMethod(text: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const line = /^rest_client_requests_total\{[^}]*method="(\w+)"[^}]*\} (\d+)$/gm;
  for (const [, method = '', value] of text.matchAll(line)) {
    counts[method] = (counts[method] ?? 0) + Number(value);
  }
  return counts;
}

function callsByAction(text: string): Readonly<Record<string, number>> {
  const line = /^aws_api_calls_total\{service="(\w+)",action="(\w+)",result="(\w+)"\} (\d+)$/gm;
  const counts = [...text.matchAll(line)].map(
    ([, service, action, result, value]) =>
      [`${service} ${action} ${result}`, Number(value)] as const,
  );
  return Object.fromEntries(counts);
}
