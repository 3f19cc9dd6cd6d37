/** One caller in a waiting line; it is there until it is served, gives up, or is forgotten. */
export interface Ticket {
  /** The caller's intent: the same place again means that the same caller came back. */
  readonly place: string | undefined;
  /** Set while the caller waits; undefined while it was sent away and keeps its place. */
  serve: (() => void) | undefined;
  /** When a ticket that is away loses its place, in milliseconds of the line's clock. */
  forgetAtMs: number;
}

/**
 * A first-come, first-served line whose callers may leave and keep their place: a caller that was
 * sent away and comes back stands where it stood.
 */
export interface WaitingLine {
  /** Joins at the end, or, for the place of a ticket that is away, where that ticket is. */
  join(place: string | undefined, nowMs: number): Ticket;
  /** Joins at the head: for a caller that was served, and AWS did not keep its promise. */
  joinFirst(place: string | undefined): Ticket;
  leave(ticket: Ticket): void;
  /** How many tickets stand before this one, those that are away included. */
  ahead(ticket: Ticket): number;
  /** The first ticket whose caller is waiting. */
  firstPresent(): Ticket | undefined;
}

export function createWaitingLine(): WaitingLine {
  let tickets: Ticket[] = [];

  return {
    join(place, nowMs) {
      tickets = tickets.filter((ticket) => ticket.serve !== undefined || ticket.forgetAtMs > nowMs);
      const kept = tickets.find(
        (ticket) => place !== undefined && ticket.place === place && ticket.serve === undefined,
      );
      if (kept !== undefined) return kept;
      const ticket: Ticket = { place, serve: undefined, forgetAtMs: nowMs };
      tickets.push(ticket);
      return ticket;
    },
    joinFirst(place) {
      const ticket: Ticket = { place, serve: undefined, forgetAtMs: 0 };
      tickets.unshift(ticket);
      return ticket;
    },
    leave(ticket) {
      tickets = tickets.filter((other) => other !== ticket);
    },
    ahead: (ticket) => tickets.indexOf(ticket),
    firstPresent: () => tickets.find((ticket) => ticket.serve !== undefined),
  };
}
