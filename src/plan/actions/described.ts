/** Why a change is made. */
export interface Described {
  /** Why this is done, in words: shown in plans, events and logs. */
  readonly reason: string;
}

/** Result of an action to which AWS answers nothing that does not follow from the action itself. */
export type Nothing = Record<never, never>;
