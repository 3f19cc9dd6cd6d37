/** Waiting for the world to be as a chapter tells it; meanwhile the changes at AWS are shown. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Condition } from '../src/api/sagemaker-private-link.ts';
import { callWords } from './at-aws.ts';
import type { LinkWithStatus } from './stage.ts';
import type { Telling } from './telling.ts';

/**
 * Looks until there is something to see.
 *
 * @throws Error that names what was waited for, and what was there instead, when patience ends
 */
export async function until<T>(
  telling: Telling,
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  describe: () => unknown = () => undefined,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    showCalls(telling);
    if (found !== undefined && found !== false) return found;
    const waitedMs = performance.now() - begun;
    telling.view.waiting(`waiting until ${what}: ${(waitedMs / 1000).toFixed(1)} s`);
    if (waitedMs > telling.patienceMs) {
      throw new Error(
        `not seen in ${telling.patienceMs / 1000} s: ${what}. There is ${JSON.stringify(await describe())}`,
      );
    }
    await sleep(50);
  }
}

/** Shows the changes that came to AWS since it was last asked. */
function showCalls({ simulator, memory, view }: Telling): void {
  for (const call of simulator.calls()) {
    if (call.seq <= memory.lastCall) continue;
    memory.lastCall = call.seq;
    if (!call.readOnly) view.news(`AWS: ${callWords(call)}`);
  }
}

/** Waits until a link is Ready and Available, as its status says. */
export async function untilReady(telling: Telling, name: string): Promise<LinkWithStatus> {
  const { stage } = telling;
  return until(
    telling,
    `${name} is Ready`,
    async () => {
      const link = await stage.link(name);
      const isReady = ['Ready', 'Available'].every(
        (type) => conditionOf(link, type)?.status === 'True',
      );
      return isReady ? link : undefined;
    },
    async () => (await stage.link(name))?.status?.conditions,
  );
}

export function conditionOf(link: LinkWithStatus | undefined, type: string): Condition | undefined {
  return link?.status?.conditions?.find((one) => one.type === type);
}

/** @throws Error where it is not so at AWS */
export function must(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`this is not true: ${what}`);
}
