/** One run of the operator's program, from its start to its end or its death. */
export interface ProcessLife {
  readonly name: string;
  isAlive: boolean;
  /** Stopped as by SIGSTOP: nothing of the process runs before this virtual time. */
  frozenUntilMs: number;
  /** Before this virtual time the process cannot reach the API server. */
  cutOffUntilMs: number;
}

export function newLife(name: string): ProcessLife {
  return { name, isAlive: true, frozenUntilMs: 0, cutOffUntilMs: 0 };
}
