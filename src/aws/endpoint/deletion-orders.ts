import { type Claim, urgencies } from '../../plan/urgency.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Waiter } from '../rate-limit/wait-for-turn.ts';
import { createWaitingLine, type Ticket } from '../rate-limit/waiting-line.ts';

/** Endpoints per call. AWS publishes no limit; a request of this size is still a small one. */
const idsPerCall = 50;

/** A link's wish to have endpoints deleted. */
export interface DeletionOrder extends Waiter {
  readonly endpointIds: readonly string[];
  readonly signal: AbortSignal;
  readonly claim: Claim | undefined;
}

/** Orders that wait for a call, which they share by urgency. */
export interface DeletionOrders {
  add(order: DeletionOrder): void;
  remove(order: DeletionOrder): void;
  /** In the order of their turns. */
  list(): readonly DeletionOrder[];
  /** Takes as many as go into one call. */
  takeBatch(): readonly DeletionOrder[];
  /** Takes all of them. */
  takeAll(): readonly DeletionOrder[];
  /** The claim of a call for all of them: it is as urgent as the most urgent. */
  claim(): Claim;
}

/** Creates a line of orders. */
export function createDeletionOrders(clock: Clock): DeletionOrders {
  const line = createWaitingLine();
  const tickets = new Map<DeletionOrder, Ticket>();
  const orders = new Map<Ticket, DeletionOrder>();
  const list = (): readonly DeletionOrder[] =>
    line.tickets().flatMap((one) => orders.get(one) ?? []);

  function take(order: DeletionOrder, how: 'serve' | 'leave'): void {
    const ticket = tickets.get(order);
    if (ticket === undefined) return;
    line[how](ticket);
    tickets.delete(order);
    orders.delete(ticket);
  }

  return {
    add(order) {
      const ticket = line.join({ claim: order.claim }, clock.now());
      ticket.serve = () => undefined;
      tickets.set(order, ticket);
      orders.set(ticket, order);
    },
    remove: (order) => take(order, 'leave'),
    list,
    takeBatch() {
      const batch = firstBatch(list());
      for (const order of batch) take(order, 'serve');
      return batch;
    },
    takeAll() {
      const all = list();
      for (const order of all) take(order, 'leave');
      return all;
    },
    claim() {
      const waiting = line.tickets().map(({ urgency }) => urgency);
      const urgency = urgencies.find((one) => waiting.includes(one)) ?? 'Change';
      return { urgency };
    },
  };
}

/** As many whole orders as one call takes, and at least one. */
function firstBatch(orders: readonly DeletionOrder[]): readonly DeletionOrder[] {
  let size = 0;
  const tooMany = orders.findIndex(({ endpointIds }, index) => {
    size += endpointIds.length;
    return index > 0 && size > idsPerCall;
  });
  return tooMany === -1 ? orders : orders.slice(0, tooMany);
}
