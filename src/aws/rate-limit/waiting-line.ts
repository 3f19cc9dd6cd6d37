import { type Claim, isMoreUrgent, urgencies, type Urgency } from '../../plan/urgency.ts';
import { afterTurn, nextUrgency, noneWasPassedOver, type PassedOver } from './turn-rule.ts';

/** One caller in a waiting line; it is there until it is served, gives up, or is forgotten. */
export interface Ticket {
  /** The caller's intent: the same place again means that the same caller came back. */
  readonly place: string | undefined;
  /** The caller's link; undefined: a call for many, which takes turns as a link of its own. */
  readonly link: string | undefined;
  readonly urgency: Urgency;
  readonly joinedAtMs: number;
  /** Set while the caller waits; undefined while it was sent away and keeps its place. */
  serve: (() => void) | undefined;
  /** When a ticket that is away loses its place, in milliseconds of the line's clock. */
  forgetAtMs: number;
}

/** How a caller joins. */
export interface Joining {
  readonly place?: string | undefined;
  /** @default a call for many links, as urgent as a change: somebody waits for it */
  readonly claim?: Claim | undefined;
  /** True for a caller that was served, and AWS did not keep its promise: it goes first. */
  readonly again?: boolean | undefined;
}

/**
 * A line in the order of urgency (`turn-rule.ts`) and, within an urgency, of age. There links take
 * turns: after four calls of one, the others that wait have theirs. A caller may leave and keep its
 * place: when it comes back it stands where it stood, or further ahead if it has become more urgent.
 */
export interface WaitingLine {
  /** Joins, or, for the place of a ticket that is away, takes up that ticket. */
  join(joining: Joining, nowMs: number): Ticket;
  /** Takes a ticket out, because it has its turn. */
  serve(ticket: Ticket): void;
  /** Takes a ticket out that has given up. */
  leave(ticket: Ticket): void;
  /** The ticket of those present whose turn is next. */
  next(): Ticket | undefined;
  /** The ticket of a caller that was sent away. */
  away(place: string): Ticket | undefined;
  /** How many tickets have their turns before this one, those that are away included. */
  ahead(ticket: Ticket): number;
  /** Takes out the tickets of those who have stayed away for too long. */
  forget(nowMs: number): void;
  /** All tickets in the order of their turns, as it is if nobody else comes. */
  tickets(): readonly Ticket[];
}

/** How many calls of one link go before those of the links that wait with it. */
const callsInARow = 4;

interface Standing extends Ticket {
  urgency: Urgency;
  /** Within the urgency: all of a round go before those of the next. */
  round: number;
  /** Whether it goes before all urgencies. */
  readonly isFirst: boolean;
  readonly number: number;
}

type Lists = Readonly<Record<Urgency, readonly Standing[]>>;

const emptyLists: Lists = { Deletion: [], Change: [], Repair: [], Resync: [] };

/** Creates an empty line. */
export function createWaitingLine(): WaitingLine {
  return new UrgencyLine();
}

class UrgencyLine implements WaitingLine {
  private first: readonly Standing[] = [];
  /** In the order of turns within each urgency. */
  private lists: Lists = emptyLists;
  private rounds: Readonly<Record<Urgency, number>> = noneWasPassedOver;
  private passedOver: PassedOver = noneWasPassedOver;
  private count = 0;
  private order: readonly Standing[] | undefined;
  /** Tickets by place: a rollout joins thousands of times, and each caller may have been here before. */
  private readonly places = new Map<string, readonly Standing[]>();

  join({ place, claim, again = false }: Joining, nowMs: number): Ticket {
    this.forget(nowMs);
    const { urgency = 'Change', link } = claim ?? {};
    const kept = place === undefined || again ? undefined : this.find(place);
    if (kept !== undefined) {
      if (isMoreUrgent(urgency, kept.urgency)) this.promote(kept, urgency);
      return kept;
    }
    const round = this.roundFor(link, urgency);
    this.count += 1;
    const own = { place, link, urgency, round, number: this.count, isFirst: again };
    const ticket = { ...own, joinedAtMs: nowMs, serve: undefined, forgetAtMs: nowMs };
    this.add(ticket);
    return ticket;
  }

  serve(ticket: Ticket): void {
    const served = this.all().find((one) => one === ticket);
    this.leave(ticket);
    if (served === undefined || served.isFirst) return;
    const { urgency, round } = served;
    this.rounds = { ...this.rounds, [urgency]: Math.max(round, this.rounds[urgency]) };
    this.passedOver = afterTurn(urgency, (one) => this.lists[one].length > 0, this.passedOver);
  }

  leave(ticket: Ticket): void {
    this.keep((one) => one !== ticket, ticket.place === undefined ? [] : [ticket.place]);
  }

  next(): Ticket | undefined {
    const isPresent = ({ serve }: Ticket): boolean => serve !== undefined;
    const first = this.first.find(isPresent);
    if (first !== undefined) return first;
    const heads = new Map(urgencies.map((one) => [one, this.lists[one].find(isPresent)]));
    const urgency = nextUrgency((one) => heads.get(one) !== undefined, this.passedOver);
    return urgency && heads.get(urgency);
  }

  away(place: string): Ticket | undefined {
    return this.find(place);
  }

  ahead(ticket: Ticket): number {
    return this.tickets().indexOf(ticket);
  }

  tickets(): readonly Ticket[] {
    if (this.order === undefined) {
      const order = inTurn(this.lists, this.passedOver);
      this.order = this.first.length === 0 ? order : [...this.first, ...order];
    }
    return this.order;
  }

  forget(nowMs: number): void {
    const isKept = ({ serve, forgetAtMs }: Standing): boolean =>
      serve !== undefined || forgetAtMs > nowMs;
    const areKept = (list: readonly Standing[]): boolean => list.every(isKept);
    if (!areKept(this.first) || !urgencies.every((one) => areKept(this.lists[one]))) {
      this.keep(isKept, [...this.places.keys()]);
    }
  }

  private all(): readonly Standing[] {
    return [...this.first, ...urgencies.flatMap((urgency) => this.lists[urgency])];
  }

  private find(place: string): Standing | undefined {
    return this.places.get(place)?.find(({ serve }) => serve === undefined);
  }

  /** Takes out the other tickets. @param places those that the others may have */
  private keep(isKept: (ticket: Standing) => boolean, places: readonly string[]): void {
    this.order = undefined;
    this.first = this.first.filter(isKept);
    const lists = urgencies.map((urgency) => [urgency, this.lists[urgency].filter(isKept)]);
    this.lists = Object.fromEntries(lists) as Record<Urgency, readonly Standing[]>;
    for (const place of places) {
      const kept = (this.places.get(place) ?? []).filter(isKept);
      if (kept.length === 0) this.places.delete(place);
      else this.places.set(place, kept);
    }
  }

  private add(ticket: Standing): void {
    this.order = undefined;
    const { place } = ticket;
    if (place !== undefined) this.places.set(place, [...(this.places.get(place) ?? []), ticket]);
    if (ticket.isFirst) {
      this.first = [ticket, ...this.first];
      return;
    }
    const list = this.lists[ticket.urgency];
    const after = list.findLastIndex((one) => byTurn(one, ticket) < 0);
    this.lists = { ...this.lists, [ticket.urgency]: list.toSpliced(after + 1, 0, ticket) };
  }

  /** A ticket keeps its age where it goes. */
  private promote(ticket: Standing, urgency: Urgency): void {
    this.leave(ticket);
    ticket.round = this.roundFor(ticket.link, urgency);
    ticket.urgency = urgency;
    this.add(ticket);
  }

  private roundFor(link: string | undefined, urgency: Urgency): number {
    const current = this.rounds[urgency];
    const own = this.lists[urgency].filter((one) => link !== undefined && one.link === link);
    const last = own.at(-1)?.round ?? current;
    const isFull = own.filter(({ round }) => round === last).length >= callsInARow;
    return Math.max(current, isFull ? last + 1 : last);
  }
}

function byTurn(one: Standing, other: Standing): number {
  return one.round - other.round || one.number - other.number;
}

/** All tickets of the lists in the order of their turns. */
function inTurn(lists: Lists, passedOver: PassedOver): readonly Standing[] {
  const [only, ...others] = urgencies.filter((urgency) => lists[urgency].length > 0);
  // Most lines have one urgency, and thousands of calls of one rollout in it.
  if (others.length === 0) return only === undefined ? [] : lists[only];
  const order: Standing[] = [];
  const taken: Record<Urgency, number> = { ...noneWasPassedOver };
  const isWaiting = (one: Urgency): boolean => taken[one] < lists[one].length;
  let counts = passedOver;
  for (let urgency = nextUrgency(isWaiting, counts); urgency !== undefined; ) {
    const ticket = lists[urgency][taken[urgency]];
    taken[urgency] += 1;
    if (ticket !== undefined) order.push(ticket);
    counts = afterTurn(urgency, isWaiting, counts);
    urgency = nextUrgency(isWaiting, counts);
  }
  return order;
}
