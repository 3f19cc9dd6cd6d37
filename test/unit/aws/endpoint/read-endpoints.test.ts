import { expect, test } from '@jest/globals';
import type { AwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import { createKeeper } from '../../../../src/aws/consistency/kept-fact.ts';
import { createKnownFacts } from '../../../../src/aws/consistency/known-facts.ts';
import { findKnownEndpoints } from '../../../../src/aws/endpoint/read-endpoints.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { countTurns } from '../../../time/count-turns.ts';

test('a read of many new endpoints lets others compute in between, and ends once nobody waits', async () => {
  const pages = 4;
  const calls = {
    call: async (_action: string, { NextToken = '0' }: { readonly NextToken?: string }) => ({
      VpcEndpoints: Array.from({ length: 500 }, (_one, at) => ({
        VpcEndpointId: `vpce-${NextToken}-${at}`,
        VpcEndpointType: at % 2 === 0 ? 'Interface' : 'Resource',
        VpcId: 'vpc-1',
        ServiceName: 'com.amazonaws.us-east-1.sagemaker.api',
      })),
      NextToken: Number(NextToken) === pages - 1 ? undefined : String(Number(NextToken) + 1),
    }),
  } as unknown as AwsCalls;
  const known = createKnownFacts(createKeeper<Endpoint>());
  const { signal } = new AbortController();
  const turns = countTurns();
  const read = await findKnownEndpoints(calls, [], signal, known);
  expect(turns.count()).toBeGreaterThanOrEqual(2 * pages - 1);
  turns.stop();
  expect(read.map(({ kept }) => kept.id)).toHaveLength(250 * pages);
  expect(read.at(-1)?.kept.fact()).toMatchObject({ id: 'vpce-3-498', vpcId: 'vpc-1' });
  const controller = new AbortController();
  const cutOff = findKnownEndpoints(calls, [], controller.signal, known);
  controller.abort(new Error('nobody waits'));
  await expect(cutOff).rejects.toThrow('nobody waits');
});
