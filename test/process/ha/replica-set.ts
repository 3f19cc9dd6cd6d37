/** Replicas of the shipped operator, each with AWS credentials and a network of its own. */
import { eventually } from '../../environment/eventually.ts';
import type { CallRecord } from '../../../src/simulator/call-log.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { OperatorCluster } from '../cluster/operator-cluster.ts';
import { areSettled, holderOf } from '../cluster/shard-leases.ts';
import { type ProxiedOperator, startProxiedOperator } from '../api-faults/proxied-operator.ts';

/** Where the links of these tests are. */
const place = 'us-east-1';

const patience = { withinMs: 90_000, everyMs: 100 };

/** Short, so that many take-overs fit into a test; in the proportions of the defaults. */
const shortLease = ['--lease-duration=5s', '--renew-deadline=3.5s', '--retry-period=0.5s'];

/** One process, from its start to its end. */
export interface Replica extends ProxiedOperator {
  /** Names the process in the call log of AWS: no two processes have the same. */
  readonly accessKeyId: string;
}

export class ReplicaSet {
  readonly cluster: OperatorCluster;
  private readonly simulator: Simulator;
  private readonly args: readonly string[];
  private readonly all: Replica[] = [];

  constructor(cluster: OperatorCluster, simulator: Simulator, args: readonly string[] = []) {
    this.cluster = cluster;
    this.simulator = simulator;
    this.args = [...shortLease, ...args];
  }

  /** Every process that was ever started. */
  get replicas(): readonly Replica[] {
    return this.all;
  }

  async start(args: readonly string[] = []): Promise<Replica> {
    const accessKeyId = `AKIAREPLICA${String(this.all.length + 1).padStart(9, '0')}`;
    const env = { AWS_ACCESS_KEY_ID: accessKeyId };
    const proxied = await startProxiedOperator(this.cluster, {
      args: [...this.args, ...args],
      env,
    });
    const replica = { ...proxied, accessKeyId };
    this.all.push(replica);
    return replica;
  }

  /** Starts new processes for those that have ended, as the kubelet does. */
  async keepUp(count: number): Promise<void> {
    const alive = this.all.filter(({ operator }) => !operator.hasExited());
    for (let missing = count - alive.length; missing > 0; missing -= 1) await this.start();
  }

  /** The replica that works in the place; other than `former`, if one is given. */
  async owner(former?: Replica, shard = place): Promise<Replica> {
    return eventually(async () => {
      const holder = await holderOf(this.cluster, shard);
      for (const replica of this.all) {
        if (replica !== former && holder !== '' && (await nameOf(replica)) === holder) {
          return replica;
        }
      }
      throw new Error(`no replica is ${JSON.stringify(holder)}, who has the place`);
    }, patience);
  }

  /** Resolves when every replica that lives takes part, and each thing is with whom it belongs to. */
  async settled(): Promise<void> {
    const alive = this.all.filter(({ operator }) => !operator.hasExited());
    await eventually(() => areSettled(this.cluster, alive.length), patience);
  }

  /** Changes at AWS since the last reset of the call log, in the order of their coming. */
  writes(): readonly CallRecord[] {
    return this.simulator.calls().filter(({ readOnly }) => !readOnly);
  }

  /** Whose writes came one after another, from the n-th on, each writer once per uninterrupted row. */
  turns(from = 0): readonly (string | undefined)[] {
    const keys = this.writes()
      .slice(from)
      .map(({ accessKeyId }) => accessKeyId);
    return keys.filter((key, index) => key !== keys[index - 1]);
  }

  async stop(): Promise<void> {
    for (const { operator } of this.all) await operator.stop('SIGKILL');
    for (const { proxy } of this.all) await proxy.close();
  }
}

/** The name under which a replica holds Leases; undefined while it has had none. */
export async function nameOf({ operator }: Replica): Promise<string | undefined> {
  const log = await operator.log();
  const instance = log.find(({ message }) => message === 'shard taken')?.['instance'];
  return typeof instance === 'string' ? instance : undefined;
}
