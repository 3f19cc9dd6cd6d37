import { type Claim, isMoreUrgent, type Urgency } from '../../plan/urgency.ts';
import { OrderedList } from './ordered-list.ts';
import {
  afterTurn,
  nextUrgency,
  noneWasPassedOver,
  type PassedOver,
  turnsBefore,
} from './turn-rule.ts';

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
 * turns: up to four calls of one follow each other, and then the others that wait have theirs. A caller may leave and keep its
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
  /** The ticket of a caller that was sent away, which stands further ahead if it has become more urgent. */
  away(place: string, urgency: Urgency): Ticket | undefined;
  /** How many tickets have their turns before this one, those that are away included. */
  ahead(ticket: Ticket): number;
  /** Takes out the tickets of those who have stayed away for too long. */
  forget(nowMs: number): void;
  /** All tickets in the order of their turns, as it is if nobody else comes. */
  tickets(): readonly Ticket[];
}

/** How many calls of one link go before those of the links that wait with it. */
const callsInARow = 4;
/**
 * A pass makes its next call when it has the answer to the one before. So many turns later it still stands
 * with that one: else a link that came when the line was short would wait for the rest until all have had
 * their turns who joined meanwhile.
 */
const turnsUntilNextCall = 8;

/** Calls of one link that follow each other: a link that waits for two turns is done with the second. */
interface Group {
  readonly number: number;
  /** So many have joined it, also if they have had their turns. */
  joined: number;
}

/** Told right before and right after one stands otherwise. */
type Around = (one: Standing, move: () => void) => void;

class Standing implements Ticket {
  readonly place: string | undefined;
  readonly link: string | undefined;
  readonly joinedAtMs: number;
  /** Whether it goes before all urgencies. */
  readonly isFirst: boolean;
  readonly number: number;
  urgency: Urgency;
  /** Within the urgency: all of a round go before those of the next. */
  round: number;
  /** Within the round. */
  group: Group;
  private serveIt: (() => void) | undefined;
  private forgetAt: number;
  private readonly around: Around;

  constructor(
    given: Pick<
      Standing,
      'place' | 'link' | 'joinedAtMs' | 'isFirst' | 'number' | 'urgency' | 'round' | 'group'
    >,
    around: Around,
  ) {
    this.place = given.place;
    this.link = given.link;
    this.joinedAtMs = given.joinedAtMs;
    this.isFirst = given.isFirst;
    this.number = given.number;
    this.urgency = given.urgency;
    this.round = given.round;
    this.group = given.group;
    this.forgetAt = given.joinedAtMs;
    this.around = around;
  }

  get serve(): (() => void) | undefined {
    return this.serveIt;
  }

  set serve(serve: (() => void) | undefined) {
    this.around(this, () => (this.serveIt = serve));
  }

  get forgetAtMs(): number {
    return this.forgetAt;
  }

  set forgetAtMs(forgetAtMs: number) {
    this.around(this, () => (this.forgetAt = forgetAtMs));
  }
}

/** Those who wait with one urgency, in the order of their turns. */
interface Class {
  readonly all: OrderedList<Standing>;
  /** Those of them who were not sent away. */
  readonly present: OrderedList<Standing>;
  readonly byLink: Map<string, OrderedList<Standing>>;
}

/** Creates an empty line. */
export function createWaitingLine(): WaitingLine {
  return new UrgencyLine();
}

/** Each step takes hardly longer in a line of ten thousand: one look through it for each would take minutes. */
class UrgencyLine implements WaitingLine {
  private readonly members = new Set<Standing>();
  private first: readonly Standing[] = [];
  private readonly classes: Readonly<Record<Urgency, Class>> = {
    Deletion: emptyClass(),
    Change: emptyClass(),
    Repair: emptyClass(),
    Resync: emptyClass(),
  };
  /** Those who were sent away, in the order in which they are forgotten. */
  private readonly leaving = new OrderedList<Standing>(byForgetting);
  private rounds: Readonly<Record<Urgency, number>> = noneWasPassedOver;
  private passedOver: PassedOver = noneWasPassedOver;
  /** Those who had the last turns, the latest at the end. */
  private lately: readonly Standing[] = [];
  private count = 0;
  /** Tickets by place: a rollout joins thousands of times, and each caller may have been here before. */
  private readonly places = new Map<string, readonly Standing[]>();

  join({ place, claim, again = false }: Joining, nowMs: number): Ticket {
    this.forget(nowMs);
    const { urgency = 'Change', link } = claim ?? {};
    const kept = place === undefined || again ? undefined : this.find(place);
    if (kept !== undefined) {
      this.promote(kept, urgency);
      return kept;
    }
    this.count += 1;
    const number = this.count;
    const standing = this.standingFor({ link, number }, urgency);
    const own = { place, link, urgency, ...standing, number, isFirst: again };
    const ticket = new Standing({ ...own, joinedAtMs: nowMs }, (one, move) => {
      this.takeOut(one);
      move();
      if (this.members.has(one)) this.putIn(one);
    });
    this.add(ticket);
    return ticket;
  }

  serve(ticket: Ticket): void {
    const served = this.memberOf(ticket);
    this.leave(ticket);
    if (served === undefined || served.isFirst) return;
    const { urgency, round } = served;
    this.lately = [...this.lately, served].slice(-turnsUntilNextCall);
    this.rounds = { ...this.rounds, [urgency]: Math.max(round, this.rounds[urgency]) };
    this.passedOver = afterTurn(urgency, (one) => this.lengthOf(one) > 0, this.passedOver);
  }

  leave(ticket: Ticket): void {
    const one = this.memberOf(ticket);
    if (one === undefined) return;
    this.takeOut(one);
    this.members.delete(one);
    if (one.place === undefined) return;
    const others = (this.places.get(one.place) ?? []).filter((other) => other !== one);
    if (others.length === 0) this.places.delete(one.place);
    else this.places.set(one.place, others);
  }

  next(): Ticket | undefined {
    const first = this.first.find(isPresent);
    if (first !== undefined) return first;
    const isWaiting = (one: Urgency): boolean => this.classes[one].present.size > 0;
    const urgency = nextUrgency(isWaiting, this.passedOver);
    return urgency && this.classes[urgency].present.at(0);
  }

  away(place: string, urgency: Urgency): Ticket | undefined {
    const ticket = this.find(place);
    if (ticket !== undefined) this.promote(ticket, urgency);
    return ticket;
  }

  ahead(ticket: Ticket): number {
    const one = this.memberOf(ticket);
    if (one === undefined) return -1;
    if (one.isFirst) return this.first.indexOf(one);
    const { urgency } = one;
    const index = this.classes[urgency].all.indexOf(one);
    return this.first.length + turnsBefore({ urgency, index }, this.lengths(), this.passedOver);
  }

  tickets(): readonly Ticket[] {
    const taken: Record<Urgency, number> = { ...noneWasPassedOver };
    const order: Ticket[] = [...this.first];
    const isWaiting = (one: Urgency): boolean => taken[one] < this.lengthOf(one);
    let counts = this.passedOver;
    for (let urgency = nextUrgency(isWaiting, counts); urgency !== undefined; ) {
      const ticket = this.classes[urgency].all.at(taken[urgency]);
      taken[urgency] += 1;
      if (ticket !== undefined) order.push(ticket);
      counts = afterTurn(urgency, isWaiting, counts);
      urgency = nextUrgency(isWaiting, counts);
    }
    return order;
  }

  forget(nowMs: number): void {
    for (let one = this.leaving.at(0); one !== undefined && one.forgetAtMs <= nowMs; ) {
      this.leave(one);
      one = this.leaving.at(0);
    }
  }

  private memberOf(ticket: Ticket): Standing | undefined {
    return ticket instanceof Standing && this.members.has(ticket) ? ticket : undefined;
  }

  private lengthOf(urgency: Urgency): number {
    return this.classes[urgency].all.size;
  }

  private lengths(): Readonly<Record<Urgency, number>> {
    const { Deletion, Change, Repair, Resync } = this.classes;
    return {
      Deletion: Deletion.all.size,
      Change: Change.all.size,
      Repair: Repair.all.size,
      Resync: Resync.all.size,
    };
  }

  private find(place: string): Standing | undefined {
    return this.places.get(place)?.find((one) => !isPresent(one));
  }

  private add(ticket: Standing): void {
    const { place } = ticket;
    this.members.add(ticket);
    if (place !== undefined) this.places.set(place, [...(this.places.get(place) ?? []), ticket]);
    this.putIn(ticket);
  }

  private putIn(one: Standing): void {
    if (!isPresent(one)) this.leaving.add(one);
    if (one.isFirst) {
      this.first = [one, ...this.first].sort((left, right) => right.number - left.number);
      return;
    }
    const { all, present, byLink } = this.classes[one.urgency];
    all.add(one);
    if (isPresent(one)) present.add(one);
    if (one.link === undefined) return;
    const ofLink = byLink.get(one.link) ?? new OrderedList<Standing>(byTurn);
    ofLink.add(one);
    byLink.set(one.link, ofLink);
  }

  private takeOut(one: Standing): void {
    this.leaving.delete(one);
    if (one.isFirst) {
      this.first = this.first.filter((other) => other !== one);
      return;
    }
    const { all, present, byLink } = this.classes[one.urgency];
    all.delete(one);
    present.delete(one);
    const ofLink = one.link === undefined ? undefined : byLink.get(one.link);
    ofLink?.delete(one);
    if (one.link !== undefined && ofLink?.size === 0) byLink.delete(one.link);
  }

  /** A ticket keeps its age where it goes. */
  private promote(ticket: Standing, urgency: Urgency): void {
    if (!isMoreUrgent(urgency, ticket.urgency)) return;
    this.takeOut(ticket);
    Object.assign(ticket, this.standingFor(ticket, urgency), { urgency });
    this.putIn(ticket);
  }

  private lastServed(link: string | undefined, urgency: Urgency): Standing | undefined {
    if (link === undefined) return undefined;
    return this.lately.findLast((one) => one.link === link && one.urgency === urgency);
  }

  private standingFor(
    { link, number }: Pick<Standing, 'link' | 'number'>,
    urgency: Urgency,
  ): Pick<Standing, 'round' | 'group'> {
    const current = this.rounds[urgency];
    const own = link === undefined ? undefined : this.classes[urgency].byLink.get(link);
    const last = own?.at(-1)?.round ?? current;
    const before = own?.at(-callsInARow);
    const isFull = before !== undefined && before.round === last;
    const round = Math.max(current, isFull ? last + 1 : last);
    const former = own?.at(-1) ?? this.lastServed(link, urgency);
    const isJoined = former?.round === round && former.group.joined < callsInARow;
    const group = isJoined ? former.group : { number, joined: 0 };
    group.joined += 1;
    return { round, group };
  }
}

function emptyClass(): Class {
  return {
    all: new OrderedList(byTurn),
    present: new OrderedList(byTurn),
    byLink: new Map(),
  };
}

function isPresent({ serve }: Ticket): boolean {
  return serve !== undefined;
}

function byTurn(one: Standing, other: Standing): number {
  return (
    one.round - other.round || one.group.number - other.group.number || one.number - other.number
  );
}

function byForgetting(one: Standing, other: Standing): number {
  return one.forgetAtMs - other.forgetAtMs || one.number - other.number;
}
