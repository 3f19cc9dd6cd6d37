/** One call that reached the simulator. */
export interface CallRecord {
  /** Counts from 1 over the simulator's life. */
  readonly seq: number;
  readonly atMs: number;
  readonly service: string;
  readonly action: string;
  readonly accountId: string;
  /** The owner of the credentials that signed it; undefined when it was not signed. */
  readonly accessKeyId?: string | undefined;
  readonly region: string;
  readonly readOnly: boolean;
  /** 0 when the connection was reset or left hanging. */
  readonly httpStatus: number;
  readonly errorCode?: string | undefined;
  /** The endpoint whose own name was dialled; undefined for a name of the service itself. */
  readonly endpointId?: string | undefined;
  /** As sent, with dotted names. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface CallLog {
  add(call: Omit<CallRecord, 'seq'>): void;
  /** All calls since the last reset, oldest first. */
  calls(): readonly CallRecord[];
  /** Number of calls by action since the last reset. */
  counts(): Readonly<Record<string, number>>;
  reset(): void;
}

export function createCallLog(): CallLog {
  let seq = 0;
  let records: CallRecord[] = [];
  return {
    add(call) {
      seq += 1;
      records.push({ seq, ...call });
    },
    calls: () => records,
    counts() {
      const counts: Record<string, number> = {};
      for (const { action } of records) counts[action] = (counts[action] ?? 0) + 1;
      return counts;
    },
    reset: () => void (records = []),
  };
}
