import type { Action, ResultOf } from './actions.ts';

/** The id that AWS gave to what an action made; undefined for a change of something that was there. */
export function createdId(action: Action, result: ResultOf<Action>): string | undefined {
  switch (action.kind) {
    case 'CreateSecurityGroup': {
      const { group, existed } = result as ResultOf<typeof action>;
      return existed ? undefined : group.id;
    }
    case 'CreateVpcEndpoint':
      return (result as ResultOf<typeof action>).endpoint.id;
    case 'CreatePolicy': {
      const { policy, existed } = result as ResultOf<typeof action>;
      return existed ? undefined : policy.arn;
    }
    case 'CreatePolicyVersion':
      return (result as ResultOf<typeof action>).versionId;
    default:
      return undefined;
  }
}
