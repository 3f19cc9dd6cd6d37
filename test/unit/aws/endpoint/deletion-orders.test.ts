import { expect, test } from '@jest/globals';
import {
  createDeletionOrders,
  type DeletionOrder,
} from '../../../../src/aws/endpoint/deletion-orders.ts';
import type { Urgency } from '../../../../src/plan/urgency.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

let links = 0;

function order(urgency: Urgency, ...endpointIds: readonly string[]): DeletionOrder {
  links += 1;
  return {
    endpointIds,
    signal: new AbortController().signal,
    claim: { link: `link-${links}`, urgency },
    resolve: () => undefined,
    reject: () => undefined,
  };
}

function ids(count: number, prefix: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

test('a call takes orders of every urgency, the most urgent first, and none that does not fit', () => {
  const orders = createDeletionOrders(createVirtualClock());
  const [repair, going, large, edit] = [
    order('Repair', ...ids(20, 'repair')),
    order('Deletion', ...ids(20, 'going')),
    order('Resync', ...ids(20, 'large')),
    order('Change', 'edit'),
  ];
  for (const one of [repair, going, large, edit]) orders.add(one);
  expect(orders.claim()).toEqual({ urgency: 'Deletion' });
  expect(orders.takeBatch()).toEqual([going, edit, repair]);
  expect(orders.claim()).toEqual({ urgency: 'Resync' });
  expect(orders.takeBatch()).toEqual([large]);
  expect(orders.list()).toEqual([]);
});

test('an order that is larger than a call goes alone', () => {
  const orders = createDeletionOrders(createVirtualClock());
  const large = order('Deletion', ...ids(60, 'large'));
  const small = order('Deletion', 'small');
  orders.add(large);
  orders.add(small);
  expect(orders.takeBatch()).toEqual([large]);
});

test('an order that was taken back is in no call', () => {
  const orders = createDeletionOrders(createVirtualClock());
  const [one, other] = [order('Repair', 'one'), order('Repair', 'other')];
  orders.add(one);
  orders.add(other);
  orders.remove(one);
  expect(orders.takeAll()).toEqual([other]);
  expect(orders.takeBatch()).toEqual([]);
});
