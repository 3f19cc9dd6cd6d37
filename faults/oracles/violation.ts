/** The promises of `docs/reliability.md`, by number. */
export const oracles = {
  O1: 'never two resources for one purpose',
  O2: 'a deletion leaves nothing behind',
  O3: 'nothing of others is touched',
  O4: 'every run comes to rest, and stays there without a write',
  O5: 'each resource is made and taken away as often as without the fault',
  O6: 'the end is the same as without the fault',
  O7: 'every status that is written is true and well-formed',
  O8: 'the process lives: nothing fails unexpectedly, nothing loops without end',
  O9: 'the number of calls is bounded',
  O10: 'no secret appears in a log, an event or a status',
  O11: 'a place at AWS, and the namespaces of the cluster, are changed by their one owner alone',
  O12: 'every condition is true, each by itself',
  O13: 'nobody loses notebook access, or gets any, only on the way from spec to spec',
  O14: 'nothing that clients use is given up before its replacement is certain',
} as const;

export type Oracle = keyof typeof oracles;

/** A broken promise. */
export interface Violation {
  readonly oracle: Oracle;
  readonly message: string;
}
