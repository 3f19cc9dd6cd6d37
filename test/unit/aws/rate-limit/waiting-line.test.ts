import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createWaitingLine,
  type Joining,
  type Ticket,
  type WaitingLine,
} from '../../../../src/aws/rate-limit/waiting-line.ts';
import { urgencies, type Urgency } from '../../../../src/plan/urgency.ts';

const serve = () => undefined;

/** Joins and waits. */
function come(line: WaitingLine, joining: Joining, nowMs = 0): Ticket {
  const ticket = line.join(joining, nowMs);
  ticket.serve = serve;
  return ticket;
}

function caller(place: string, urgency: Urgency = 'Repair', link = place): Joining {
  return { place, claim: { link, urgency } };
}

/** Serves whoever is next until nobody is left, and names them. */
function serveAll(line: WaitingLine): readonly string[] {
  const places: string[] = [];
  for (let next = line.next(); next !== undefined; next = line.next()) {
    line.serve(next);
    places.push(next.place ?? '');
  }
  return places;
}

test('the first that is present is served first', () => {
  const line = createWaitingLine();
  const first = come(line, { place: 'a' });
  const second = come(line, { place: 'b' });
  expect(line.next()).toBe(first);
  line.leave(first);
  expect(line.next()).toBe(second);
});

test('the next call of a link whose call had its turn stands with that one, until others have had theirs', () => {
  const line = createWaitingLine();
  const places = (count: number): void => {
    for (let index = 0; index < count; index += 1) line.serve(come(line, caller(`x${index}`)));
  };
  const first = come(line, caller('a-1', 'Change', 'a'));
  come(line, caller('b-1', 'Change', 'b'));
  line.serve(first);
  come(line, caller('a-2', 'Change', 'a'));
  expect(serveAll(line)).toEqual(['a-2', 'b-1']);
  places(8);
  come(line, caller('c-1', 'Change', 'c'));
  come(line, caller('a-3', 'Change', 'a'));
  expect(serveAll(line)).toEqual(['c-1', 'a-3']);
});

test('four calls of a link follow each other, also where each joins when the one before had its turn', () => {
  const line = createWaitingLine();
  const served: string[] = [];
  line.serve(come(line, caller('a-1', 'Change', 'a')));
  come(line, caller('b-1', 'Change', 'b'));
  for (let index = 2; index <= 6; index += 1) {
    come(line, caller(`a-${index}`, 'Change', 'a'));
    const next = line.next();
    if (next === undefined) throw new Error('nobody waits');
    line.serve(next);
    served.push(next.place ?? '');
  }
  expect(served.slice(0, 4)).toEqual(['a-2', 'a-3', 'a-4', 'b-1']);
});

test('a caller that was sent away stands where it stood when it comes back in time', () => {
  const line = createWaitingLine();
  const away = line.join({ place: 'a' }, 0);
  away.forgetAtMs = 100;
  come(line, { place: 'b' });
  expect(line.next()).not.toBe(away);
  const back = line.join({ place: 'a' }, 99);
  expect(back).toBe(away);
  expect(line.ahead(back)).toBe(0);
});

test('a caller that stayed away for too long stands at the end', () => {
  const line = createWaitingLine();
  line.join({ place: 'a' }, 0).forgetAtMs = 100;
  come(line, { place: 'b' });
  const back = line.join({ place: 'a' }, 100);
  expect(line.ahead(back)).toBe(1);
});

test('two callers that wait have a place each, also under one name', () => {
  const line = createWaitingLine();
  const first = come(line, { place: 'a' });
  expect(line.join({ place: 'a' }, 0)).not.toBe(first);
  const nameless = line.join({}, 0);
  expect(line.join({}, 0)).not.toBe(nameless);
});

test('a caller whom AWS throttled goes before everybody', () => {
  const line = createWaitingLine();
  come(line, caller('a', 'Deletion'));
  const again = line.join({ ...caller('b', 'Resync'), again: true }, 0);
  expect(line.ahead(again)).toBe(0);
});

test('deletions go before changes, changes before repairs, repairs before the rest', () => {
  const line = createWaitingLine();
  for (const urgency of urgencies.toReversed()) come(line, caller(urgency, urgency));
  expect(serveAll(line)).toEqual(urgencies);
});

test('a change that comes after 250 repairs has the next turn or the one after it', () => {
  const line = createWaitingLine();
  for (let index = 0; index < 250; index += 1) come(line, caller(`repair-${index}`));
  const change = come(line, caller('change', 'Change'));
  expect(line.ahead(change)).toBe(0);
  expect(serveAll(line).indexOf('change')).toBe(0);
});

test('a caller that has become more urgent keeps its age where it goes', () => {
  const line = createWaitingLine();
  const away = line.join(caller('a', 'Repair'), 0);
  away.forgetAtMs = 1000;
  come(line, caller('b', 'Change'));
  expect(line.ahead(away)).toBe(1);
  expect(line.join(caller('a', 'Change'), 10)).toBe(away);
  expect(line.ahead(away)).toBe(0);
  away.forgetAtMs = 1000;
  line.join(caller('a', 'Resync'), 20);
  expect(line.ahead(away)).toBe(0);
});

test('a link with thirty calls does not hold up one with a single call', () => {
  const line = createWaitingLine();
  for (let index = 0; index < 30; index += 1) come(line, caller(`many-${index}`, 'Repair', 'many'));
  come(line, caller('single'));
  const order = serveAll(line);
  expect(order.indexOf('single')).toBe(4);
  // The calls of one link stay in their order.
  expect(order.filter((place) => place !== 'single')).toEqual(
    Array.from({ length: 30 }, (_, index) => `many-${index}`),
  );
});

test('the calls of links that join in turn follow each other link by link', () => {
  const line = createWaitingLine();
  for (const call of [1, 2]) {
    for (const link of ['a', 'b', 'c']) come(line, caller(`${link}${call}`, 'Change', link));
  }
  expect(serveAll(line)).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
});

test('a link that has always one call in line lets the others in between after four', () => {
  const line = createWaitingLine();
  for (const call of [1, 2]) come(line, caller(`a${call}`, 'Change', 'a'));
  come(line, caller('b', 'Change', 'b'));
  const order: string[] = [];
  for (let call = 3; call < 10; call += 1) {
    const next = line.next();
    if (next !== undefined) line.serve(next);
    order.push(next?.place ?? '');
    come(line, caller(`a${call}`, 'Change', 'a'));
  }
  expect(order.indexOf('b')).toBe(4);
});

const urgency = fc.constantFrom(...urgencies);
const arrival = fc.record({ link: fc.constantFrom('a', 'b', 'c', 'd'), urgency });

test('the place that a caller is told is the one at which it is served if nobody else comes', () => {
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 40 }), fc.nat(20), (arrivals, servedBefore) => {
      const line = createWaitingLine();
      arrivals.forEach((claim, index) => void come(line, { place: `${index}`, claim }));
      for (let count = 0; count < servedBefore; count += 1) {
        const next = line.next();
        if (next !== undefined) line.serve(next);
      }
      const tickets = line.tickets();
      expect(tickets.map((ticket) => line.ahead(ticket))).toEqual([...tickets.keys()]);
      const told = tickets.map(({ place }) => place);
      expect(serveAll(line)).toEqual(told);
    }),
  );
});

test('of eight calls in a row at least one is of each urgency that waits all the while', () => {
  const steps = fc.array(fc.array(arrival, { maxLength: 3 }), { minLength: 10, maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.array(arrival, { maxLength: 10 }), (arrivals, first) => {
      const line = createWaitingLine();
      const served: Urgency[] = [];
      const waiting: ReadonlySet<Urgency>[] = [];
      for (const coming of [first, ...arrivals]) {
        for (const claim of coming) come(line, { claim });
        waiting.push(new Set(line.tickets().map((one) => one.urgency)));
        const next = line.next();
        if (next === undefined) return;
        line.serve(next);
        served.push(next.urgency);
      }
      for (let start = 0; start + 8 <= served.length; start += 1) {
        for (const one of urgencies) {
          const waits = waiting.slice(start, start + 8).every((set) => set.has(one));
          if (waits) expect(served.slice(start, start + 8)).toContain(one);
        }
      }
    }),
  );
});

test('nobody starves, whatever comes after: at most four calls of each other link go first, of its urgency', () => {
  const links = ['a', 'b', 'c', 'd', 'e'];
  const others = fc.record({ link: fc.constantFrom(...links), urgency });
  const stream = fc.array(fc.array(others, { minLength: 1, maxLength: 3 }), {
    minLength: 200,
    maxLength: 200,
  });
  fc.assert(
    fc.property(fc.array(others, { maxLength: 30 }), stream, urgency, (before, after, own) => {
      const line = createWaitingLine();
      for (const claim of before) come(line, { claim });
      const one = come(line, { claim: { link: 'x', urgency: own } });
      const sameUrgency: (string | undefined)[] = [];
      for (const coming of after) {
        const next = line.next();
        if (next === undefined || next === one) break;
        line.serve(next);
        if (next.urgency === own) sameUrgency.push(next.link);
        for (const claim of coming) come(line, { claim });
      }
      expect(line.next()).toBe(one);
      for (const link of links) {
        expect(sameUrgency.filter((each) => each === link).length).toBeLessThanOrEqual(4);
      }
    }),
    { numRuns: 60 },
  );
});

test('the same callers in the same order are served in the same order', () => {
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 40 }), (arrivals) => {
      const order = (): readonly string[] => {
        const line = createWaitingLine();
        arrivals.forEach((claim, index) => void come(line, { place: `${index}`, claim }));
        return serveAll(line);
      };
      expect(order()).toEqual(order());
    }),
  );
});
