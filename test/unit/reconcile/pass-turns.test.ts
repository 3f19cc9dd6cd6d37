import { expect, test } from '@jest/globals';
import { CloudError, type Ports } from '../../../src/plan/cloud.ts';
import { defaultPatience } from '../../../src/plan/sightings.ts';
import { runPass } from '../../../src/reconcile/pass.ts';
import { sampleLinkObject } from '../api/sample-link-object.ts';

test('passes that are answered at one moment go on in turns of the event loop of their own', async () => {
  let turn = 0;
  let isOver = false;
  const countTurns = (): void => {
    turn += 1;
    if (!isOver) setImmediate(countTurns);
  };
  countTurns();
  let asked = 0;
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const look = async (): Promise<never> => {
    asked += 1;
    await answered;
    throw new CloudError({
      kind: 'Denied',
      action: 'ec2:DescribeVpcs',
      code: 'UnauthorizedOperation',
      message: 'not allowed',
    });
  };
  const AWS = { look, apply: look } as unknown as Ports['AWS'];
  const endedIn: number[] = [];
  const pass = async (index: number): Promise<void> => {
    await runPass({
      owner: { clusterId: 'c', uid: `uid-${index}`, name: `link-${index}` },
      spec: sampleLinkObject(10).spec,
      goal: 'present',
      remembered: {
        endpointIds: {},
        networkInterfaces: [],
        tagKeys: [],
        access: { attachedTo: [], seenAttached: [], settledNames: {}, isApplied: false },
      },
      repair: true,
      absenceIsFinal: false,
      elapsed: { sightings: {}, patience: defaultPatience },
      ports: { AWS } as Ports,
      freshness: { resourcesSince: 0, networkSince: 0 },
      signal: new AbortController().signal,
    });
    endedIn.push(turn);
  };
  const passes = Array.from({ length: 20 }, (_, index) => pass(index));
  while (asked < 20) await new Promise((resolve) => setImmediate(resolve));
  answer();
  await Promise.all(passes);
  isOver = true;
  expect(new Set(endedIn).size).toBe(20);
});
