import type { ManagedPolicy } from '../facts.ts';
import { answersOf, type Observation } from '../observation.ts';

/** The policy of the link, whatever name it has; undefined if it has none, or that is not known. */
export function ownPolicy(observation: Observation): ManagedPolicy | undefined {
  return answersOf(observation, 'ManagedPolicy')[0]?.answer.policy;
}

/** Whether IAM was asked for the policy of the link, and has answered. */
export function isPolicyKnown(observation: Observation): boolean {
  return answersOf(observation, 'ManagedPolicy').length > 0;
}
