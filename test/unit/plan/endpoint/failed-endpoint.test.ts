import { expect, test } from '@jest/globals';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld } from '../../../model/generated-worlds.ts';
import { LinkLife } from '../../../model/link-life.ts';

/** What the condition says of an endpoint that AWS could not make. */
async function messageOf(failure: { code: string; message: string } | undefined): Promise<string> {
  const life = new LinkLife({ world: emptyWorld(), spec: plainSpec });
  await life.settle();
  for (const [id, endpoint] of life.world.endpoints) {
    const state = 'failed' as const;
    life.world.endpoints.set(id, { ...endpoint, state, ...(failure && { failure }) });
  }
  await life.pass();
  const found = life.status.conditions?.find(({ type }) => type === 'EndpointsAvailable');
  expect(found).toMatchObject({ status: 'False', reason: 'EndpointFailed' });
  return found?.message ?? '';
}

test('the advice for an endpoint that failed follows the code of its failure', async () => {
  const code = 'InsufficientFreeAddressesInSubnet';
  expect(await messageOf({ code, message: 'subnet-1 is full' })).toMatch(
    /failed at AWS: InsufficientFreeAddressesInSubnet: subnet-1 is full\. This is no quota.*When the cause is gone, delete that endpoint/,
  );
  expect(await messageOf({ code: 'NeverHeardOf', message: '' })).toMatch(
    /failed at AWS: NeverHeardOf\. When the cause is gone/,
  );
  expect(await messageOf(undefined)).toMatch(/failed at AWS\. When the cause is gone/);
});
