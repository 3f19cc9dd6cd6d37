/**
 * For how long things have been as they are. The planner has no clock: it says what it sees, topic
 * by topic (`Plan.seen`), whoever runs it measures for how long that stays the same, and gives the
 * figures to the next plan. Figures that are lost begin at zero: what depends on them waits again.
 */

/** The state that a topic was seen in, and for how long it has been so, in milliseconds. */
export interface Sighting {
  readonly state: string;
  readonly forMs: number;
}

/** By topic, such as `private DNS of vpce-0a1b`. */
export type Sightings = Readonly<Record<string, Sighting>>;

/** How long is waited for what AWS does not show, in milliseconds. */
export interface Patience {
  /** Until callers follow a change of private DNS, after AWS shows the endpoint as available. */
  readonly dnsSettleMs: number;
  /** Until IAM enforces everywhere what it shows. */
  readonly iamSettleMs: number;
  /** Until a restriction comes into force although callers were not led to an endpoint. */
  readonly wayDeadlineMs: number;
}

/**
 * A minute covers the answers that resolvers remember of SageMaker's names. AWS publishes no figure
 * for IAM; it calls it seconds. An endpoint takes one to three minutes.
 */
export const defaultPatience: Patience = {
  dnsSettleMs: 60_000,
  iamSettleMs: 15_000,
  wayDeadlineMs: 600_000,
};

/** Everything that a plan knows of time. */
export interface Elapsed {
  readonly sightings: Sightings;
  readonly patience: Patience;
}

/** For how long a topic has been in a state; 0 if it was in another one, or is not known. */
export function heldFor({ sightings }: Elapsed, topic: string, state: string): number {
  const former = sightings[topic];
  return former?.state === state ? former.forMs : 0;
}

/** A topic with its state, and how many of the waits of `Patience` are over for it. */
export type Phase = readonly [topic: string, state: string, waitsOver: number];

/**
 * Everything that a plan can learn from the times: it asks whether a state has lasted for one of the
 * waits, so times of the same phases make the same plan.
 */
export function phasesOf({ sightings, patience }: Elapsed): readonly Phase[] {
  const waits = [patience.dnsSettleMs, patience.iamSettleMs, patience.wayDeadlineMs];
  return Object.entries(sightings).map(([topic, { state, forMs }]) => {
    return [topic, state, waits.filter((waitMs) => forMs >= waitMs).length];
  });
}
