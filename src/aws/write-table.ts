/** How the actions on a resource are sent: a row for each kind, in the resource's room. */
import type { RecentWrite } from './consistency/recent-write.ts';
import type { EndpointDeletions } from './endpoint/endpoint-deletions.ts';
import type { PolicyWriteContext } from './notebook-policy/policy-write-context.ts';

/** Everything that changes are made with. */
export interface SendContext extends PolicyWriteContext {
  readonly endpointDeletions: EndpointDeletions;
}

/** One row for each kind of action: a kind without one does not compile. */
export type WriteTable<
  A extends { readonly kind: string },
  Results extends Record<A['kind'], object>,
> = {
  readonly [Kind in A['kind']]: WriteRow<Extract<A, { readonly kind: Kind }>, Results[Kind]>;
};

/** How one kind of action is sent. */
export interface WriteRow<A, Result> {
  /** Makes the change. Throws `CloudError`. */
  readonly send: (action: A, context: SendContext) => Promise<Result>;
  /**
   * Whether an action makes an earlier write moot: what it did has the last word, or, where its
   * answer was lost, nobody knows any more which of the two is in force. @default it makes none
   */
  readonly overtakes?: (action: A, write: RecentWrite) => boolean;
  /** Whether AWS makes a part of the change where it refuses the rest. @default it makes none */
  readonly isOfSeveral?: (action: A) => boolean;
}

/** A row for an action to which AWS answers nothing. */
export function sentBy<A>(
  send: (action: A, context: SendContext) => Promise<void>,
): WriteRow<A, Record<never, never>> {
  return {
    async send(action, context) {
      await send(action, context);
      return {};
    },
  };
}
