import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import {
  type CloudDirectory,
  createCloudDirectory,
  type LocatedCallRecord,
} from '../../../src/aws/accounts/cloud-directory.ts';
import type { Action, ResultOf } from '../../../src/plan/actions.ts';
import type { Cloud } from '../../../src/plan/cloud.ts';
import type { AnswerTo, Look } from '../../../src/plan/looks.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { type Moto, startMoto } from '../../environment/moto.ts';

export const region = 'us-east-1';

/** The AWS layer over the real SDK, and what it sent to moto. */
export interface MotoCloud {
  /** Calls of the test that runs; it empties the list of those that do not matter. */
  readonly calls: LocatedCallRecord[];
  look<L extends Look>(question: L): Promise<AnswerTo<L>>;
  apply<A extends Action>(action: A): Promise<ResultOf<A>>;
}

/** Gives the tests of a file a moto, as new for each of them. */
export function useMotoCloud(): MotoCloud {
  const { signal } = new AbortController();
  let moto: Moto;
  let calls: LocatedCallRecord[] = [];
  let cloud: Cloud;

  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());
  beforeEach(async () => {
    await moto.reset();
    calls = [];
    cloud = directoryAt(moto.url, calls).cloudFor({ region });
  });

  return {
    get calls() {
      return calls;
    },
    look: (question) => cloud.look(question, { since: cloud.now(), signal }),
    apply: (action) => cloud.apply(action, { signal }),
  };
}

/** Calls per second that no test reaches: the server has no limits that would have to be kept. */
const unlimited = { burst: 10_000, perSecond: 10_000 };

/** The real SDK, directed by its own environment variables, as in a pod. */
function directoryAt(url: string, calls: LocatedCallRecord[]): CloudDirectory {
  Object.assign(process.env, awsClientEnvironment(url));
  return createCloudDirectory({
    clusterId: 'cluster-1',
    limits: {
      'ec2:CreateVpcEndpoint': unlimited,
      'ec2:ModifyVpcEndpoint': unlimited,
      'ec2:DeleteVpcEndpoints': unlimited,
    },
    onCall: (call) => calls.push(call),
  });
}

/** Names and numbers of calls, such as `{DescribeVpcs: 1}`. */
export function countByAction(
  calls: readonly { readonly action: string }[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { action } of calls) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}
