import type { LocatedCallRecord } from '../../../src/aws/cloud-directory.ts';
import { type CloudDirectory, createCloudDirectory } from '../../../src/aws/cloud-directory.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';

/** A directory of clouds whose calls go to a server on this machine, and what it sent. */
export interface LocalClouds {
  readonly directory: CloudDirectory;
  readonly calls: LocatedCallRecord[];
}

/** Calls per second that no test reaches: the server has no limits that would have to be kept. */
const unlimited = { burst: 10_000, perSecond: 10_000 };

/** The real SDK, directed by its own environment variables, as in a pod. */
export function startLocalClouds(url: string, clusterId: string): LocalClouds {
  Object.assign(process.env, awsClientEnvironment(url));
  const calls: LocatedCallRecord[] = [];
  const directory = createCloudDirectory({
    clusterId,
    limits: {
      'ec2:CreateVpcEndpoint': unlimited,
      'ec2:ModifyVpcEndpoint': unlimited,
      'ec2:DeleteVpcEndpoints': unlimited,
    },
    onCall: (call) => calls.push(call),
  });
  return { directory, calls };
}

/** Names and numbers of calls, such as `{DescribeVpcs: 1}`. */
export function countByAction(
  calls: readonly { readonly action: string }[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { action } of calls) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}
