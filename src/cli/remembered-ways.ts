import type { CreateTransports, Transports } from '../aws/accounts/account-transports.ts';
import type { AwsTransport } from '../aws/client/operations.ts';

/** An account, by its name in the account map, and region. */
export interface Place {
  readonly region: string;
  readonly account?: string | undefined;
}

/** The ways to AWS that a command's clouds read on, for calls that are no looks of the planner. */
export interface RememberedWays {
  /** To be given to the directory of clouds. */
  readonly create: CreateTransports;
  /** The way of a cloud that was asked for. */
  wayFor(place: Place): AwsTransport;
}

/** Makes ways as always, and keeps them. */
export async function rememberedWays(): Promise<RememberedWays> {
  const { createTransports, keyOf } = await import('../aws/accounts/account-transports.ts');
  const ways = new Map<string, AwsTransport>();
  return {
    create(options): Transports {
      const made = createTransports(options);
      return {
        ...made,
        reading(region, target) {
          const way = made.reading(region, target);
          ways.set(keyOf(region, target?.name), way);
          return way;
        },
      };
    },
    wayFor({ region, account }) {
      const way = ways.get(keyOf(region, account));
      if (way === undefined) throw new Error(`no way to ${region} was made`);
      return way;
    },
  };
}
