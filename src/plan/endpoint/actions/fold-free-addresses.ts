import type { ChangeOf } from '../../changes.ts';
import type { Observation } from '../../observation.ts';

/** The observation with fewer free addresses in a subnet, where they were asked for. */
export function foldFreeAddresses(
  observation: Observation,
  { id, after }: ChangeOf<'FreeAddresses'>,
): Observation {
  const { FreeAddresses: free } = observation.answers;
  if (free === undefined) return observation;
  const left = free.map((one) => {
    const availableAddresses = one.id === id ? after(one.availableAddresses) : undefined;
    return availableAddresses === undefined ? one : { ...one, availableAddresses };
  });
  return { ...observation, answers: { ...observation.answers, FreeAddresses: left } };
}
