/** Events that wait to be written: warnings first, each in the order of coming. */
export interface PendingSeries<S> {
  readonly size: number;
  add(series: S): void;
  has(series: S): boolean;
  /** One of those with the same subject, if any waits. */
  about(subject: string): S | undefined;
  /** Takes the next to be written. */
  take(): S | undefined;
  /** Takes away the one that is worth the least: the oldest, a warning only if there is no other. */
  giveUp(): S | undefined;
}

type EventType = 'Normal' | 'Warning';

/**
 * @param typeOf how urgent an event is
 * @param subjectOf names what it is about
 */
export function createPendingSeries<S>(
  typeOf: (series: S) => EventType,
  subjectOf: (series: S) => string,
): PendingSeries<S> {
  const lists = { Warning: new Set<S>(), Normal: new Set<S>() };
  const bySubject = new Map<string, S>();

  function takeOf(types: readonly EventType[]): S | undefined {
    for (const type of types) {
      const [first] = lists[type];
      if (first === undefined) continue;
      lists[type].delete(first);
      const subject = subjectOf(first);
      if (bySubject.get(subject) === first) bySubject.delete(subject);
      return first;
    }
    return undefined;
  }

  return {
    get size() {
      return lists.Warning.size + lists.Normal.size;
    },
    add(series) {
      lists[typeOf(series)].add(series);
      bySubject.set(subjectOf(series), series);
    },
    has: (series) => lists[typeOf(series)].has(series),
    about: (subject) => bySubject.get(subject),
    take: () => takeOf(['Warning', 'Normal']),
    giveUp: () => takeOf(['Normal', 'Warning']),
  };
}
