import { changesOf } from '../../plan/actions/action-catalogue.ts';
import type { Action, ResultOf } from '../../plan/actions.ts';
import type { Change, ChangedFact, ChangeOf } from '../../plan/actions/changes.ts';

/** Everything that one action of this process changed of one resource. */
export interface RecentWrite {
  /** AWS's id of the resource; an ARN for a policy. */
  readonly id: string;
  /** See `ChangeOf.aspect`. */
  readonly aspect: string | undefined;
  /** Never empty. */
  readonly changes: readonly Change[];
}

/**
 * Writes that reads should show after an action; none if it found what it was to make. How many addresses
 * are free changes with every pod of the VPC: no read is expected to show what we took of them.
 */
export function recentWritesOf<A extends Action>(
  action: A,
  result: ResultOf<A>,
): readonly RecentWrite[] {
  const made = changesOf(action, result).filter(
    ({ of, wasThere }) => of !== 'FreeAddresses' && wasThere !== true,
  );
  const ids = new Set(made.map(({ id }) => id));
  return [...ids].map((id) => {
    const changes = made.filter((change) => change.id === id);
    return { id, aspect: changes[0]?.aspect, changes };
  });
}

/** Those of the changes that are of one fact. */
export function changesOfFact<Fact extends ChangedFact>(
  { changes }: RecentWrite,
  fact: Fact,
): readonly ChangeOf<Fact>[] {
  // `of` tells the fact of a change; the types cannot follow through a parameter.
  return changes.filter(({ of }) => of === fact) as unknown as readonly ChangeOf<Fact>[];
}
