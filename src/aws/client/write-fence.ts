import type { DeserializeMiddleware, MiddlewareStack } from '@smithy/types';
import { CloudError } from '../../plan/cloud.ts';

/** An SDK client, as far as a fence needs it. */
export interface Fenceable {
  readonly middlewareStack: {
    add: MiddlewareStack<object, object>['add'];
  };
}

/**
 * Lets no change out of a client once `mayWrite` says no. The question is asked at the last moment,
 * after the wait for AWS's call rates, the credentials and the signature: a process that is paused
 * in any of these may wake up when another one has taken over, and its timers know it no sooner
 * than the code that was waiting.
 */
export function fenceWrites(client: Fenceable, service: string, mayWrite: () => boolean): void {
  const fence: DeserializeMiddleware<object, object> = (next, { commandName = '' }) => {
    const operation = commandName.replace(/Command$/, '');
    if (isRead(operation)) return next;
    return async (request) => {
      if (!mayWrite()) throw notTheLeader(`${service}:${operation}`);
      return next(request);
    };
  };
  client.middlewareStack.add(fence, { step: 'deserialize', priority: 'low', name: 'writeFence' });
}

/** A session of a role changes nothing: reads in another account need one as well. */
function isRead(operation: string): boolean {
  return /^(Describe|Get|List|AssumeRole$)/.test(operation);
}

function notTheLeader(action: string): CloudError {
  return new CloudError({
    kind: 'Aborted',
    action,
    code: 'NotLeader',
    message: `${action} was not sent: this replica does not have the account and region any more`,
  });
}
