import { expect, test } from '@jest/globals';
import { collectPages, type Page } from '../../../../src/aws/client/paginate.ts';
import { scriptedCloud } from '../scripted-cloud.ts';

const action = 'ec2:DescribeSubnets';

function pagesOf(count: number, size: number) {
  return async (token: string | undefined) => {
    const start = Number(token ?? 0);
    const items = Array.from({ length: Math.min(size, count - start) }, (_, at) => start + at);
    const end = start + size;
    return { items, nextToken: end < count ? `${end}` : undefined };
  };
}

test('F23: 10,000 items are read to the last one, in their order', async () => {
  const all = await collectPages(action, pagesOf(10_000, 200));
  expect(all).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
});

test('F23: a page without items, without a list, or with an empty token is a page', async () => {
  const pages: Record<string, Page<number>> = {
    first: { items: undefined, nextToken: 'second' },
    second: { items: [], nextToken: 'third' },
    third: { items: [1], nextToken: '' },
  };
  const last = { items: [2], nextToken: undefined };
  const readPage = async (token = 'first') => pages[token] ?? last;
  expect(await collectPages(action, readPage)).toEqual([1]);
});

test('F23: a page token that comes again fails the list: what was read is not all of it', async () => {
  const { look } = scriptedCloud({
    'ec2:DescribeSubnets': () => ({
      Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }],
      NextToken: 'the same again',
    }),
  });
  await expect(look({ kind: 'Subnets', vpcId: 'vpc-1' })).rejects.toMatchObject({
    kind: 'Unknown',
    action,
    message: "ec2:DescribeSubnets failed: AWS's pages do not come to an end",
  });
});

test('F23: pages that come for ever fail the list', async () => {
  let read = 0;
  const endless = async () => {
    read += 1;
    return { items: [read], nextToken: `token-${read}` };
  };
  await expect(collectPages(action, endless)).rejects.toMatchObject({ code: 'EndlessList' });
  expect(read).toBeLessThan(2_000);
});
