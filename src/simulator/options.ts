import type { Clock } from './clock.ts';
import type { Fault } from './faults.ts';

/** How the simulated AWS behaves. All times are milliseconds of the simulator's clock. */
export interface SimulatorOptions {
  /** @default 0 any free port */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default real time, made faster by timeScale */
  readonly clock?: Clock;
  /** How many times faster than real time, when no clock is given. @default 1 */
  readonly timeScale?: number;
  /** How long an endpoint is pending after create and modify. @default 60000 as at AWS, about */
  readonly pendingMs?: number;
  /** How long an endpoint is deleting. @default 60000 */
  readonly deletingMs?: number;
  /** How long a deleted endpoint is still described. @default 30000 */
  readonly tombstoneMs?: number;
  /** Readers learn of a change so much later. @default 0 */
  readonly visibilityLagMs?: number;
  /** So many further reads answer the earlier world. @default 0 */
  readonly visibilityLagReads?: number;
  /** Resolvers of a VPC learn so much later that private names came or went. @default 0 */
  readonly dnsLagMs?: number;
  /** CreateVpcEndpoint answers so much later than it took effect (30 s were seen). @default 0 */
  readonly createAnswerMs?: number;
  /** AWS's published token buckets. @default true */
  readonly throttling?: boolean;
  /** Ids depend on it. @default 'aws' */
  readonly seed?: string;
  /** The account of callers whose access key says nothing else. @default '111122223333' */
  readonly accountId?: string;
  /** Zones of each region, at most 6. @default 3 */
  readonly zonesPerRegion?: number;
  /**
   * Entries of a page of IAM at most, whatever MaxItems says: AWS may answer fewer than asked for.
   * @default 1000
   */
  readonly iamPageSize?: number;
  readonly faults?: readonly Fault[];
}

export interface Settings {
  readonly clock: Clock;
  readonly pendingMs: number;
  readonly deletingMs: number;
  readonly tombstoneMs: number;
  readonly visibilityLag: { ms: number; reads: number };
  readonly dnsLagMs: number;
  readonly createAnswerMs: number;
  readonly throttling: boolean;
  readonly seed: string;
  readonly accountId: string;
  readonly zonesPerRegion: number;
  readonly iamPageSize: number;
}
