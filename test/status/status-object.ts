/** A condition as the API server returns it. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

/** What the health algorithms read of an object; anything else in it is ignored. */
export interface StatusObject {
  readonly metadata?: {
    readonly generation?: number | undefined;
    readonly deletionTimestamp?: unknown;
  };
  readonly spec?: unknown;
  readonly status?:
    | {
        readonly observedGeneration?: number | undefined;
        readonly conditions?: readonly Condition[] | undefined;
      }
    | undefined;
}

/** The conditions of an object, in their order; none when there is no status. */
export function conditionsOf(object: StatusObject): readonly Condition[] {
  return object.status?.conditions ?? [];
}

/** The condition of a type, if it is present. */
export function conditionOf(object: StatusObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** True if the condition is present with the status `True`. */
export function isTrue(object: StatusObject, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}
