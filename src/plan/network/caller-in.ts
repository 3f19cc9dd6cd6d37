import type { Caller } from '../facts.ts';
import { answerTo, type Observation } from '../observation.ts';

/** The identity that asks AWS; undefined while it is not known. */
export function callerIn(observation: Observation): Caller | undefined {
  return answerTo(observation, { kind: 'Caller' });
}
