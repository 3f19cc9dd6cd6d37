import type { ChangeOf } from '../../actions/changes.ts';
import { type Observation, withAnswers } from '../../observation.ts';

/** The observation with fewer free addresses in a subnet, where they were asked for. */
export function foldFreeAddresses(
  observation: Observation,
  { id, after }: ChangeOf<'FreeAddresses'>,
): Observation {
  return withAnswers(observation, 'FreeAddresses', (free) =>
    free.map((one) => {
      const availableAddresses = one.id === id ? after(one.availableAddresses) : undefined;
      return availableAddresses === undefined ? one : { ...one, availableAddresses };
    }),
  );
}
