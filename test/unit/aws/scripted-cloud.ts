import { setMaxListeners } from 'node:events';
import { createCloud } from '../../../src/aws/cloud.ts';
import type { Action, ResultOf } from '../../../src/plan/actions.ts';
import type { AnswerTo, Look } from '../../../src/plan/looks.ts';
import { type Script, type ScriptedTransport, scriptedTransport } from './scripted-transport.ts';
import { createVirtualClock, type VirtualClock } from '../../time/virtual-clock.ts';

export interface ScriptedCloud {
  readonly clock: VirtualClock;
  readonly transport: ScriptedTransport;
  /** Asks and lets a minute pass. @param since How old the answer may be. @default now */
  look<L extends Look>(question: L, since?: number): Promise<AnswerTo<L>>;
  /** Asks all of them at the same moment. */
  lookAtOnce<L extends Look>(questions: readonly L[]): Promise<readonly AnswerTo<L>[]>;
  apply<A extends Action>(action: A): Promise<ResultOf<A>>;
}

/** The whole AWS layer over an AWS that answers by a script, on virtual time. */
export function scriptedCloud(script: Script): ScriptedCloud {
  const clock = createVirtualClock();
  const transport = scriptedTransport(script);
  const cloud = createCloud({ clusterId: 'cluster-1', transport, clock });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);

  async function inTime<T>(answer: Promise<T>): Promise<T> {
    const [settled] = await Promise.all([Promise.allSettled([answer]), clock.advance(60_000)]);
    if (settled[0].status === 'rejected') throw settled[0].reason;
    return settled[0].value;
  }

  return {
    clock,
    transport,
    look: (question, since = clock.now()) => inTime(cloud.look(question, { since, signal })),
    lookAtOnce: (questions) =>
      inTime(
        Promise.all(
          questions.map((question) => cloud.look(question, { since: clock.now(), signal })),
        ),
      ),
    apply: (action) => inTime(cloud.apply(action, { signal })),
  };
}
