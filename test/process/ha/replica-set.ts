/** Replicas of the shipped operator, each with AWS credentials and a network of its own. */
import { eventually } from '../../environment/eventually.ts';
import type { CallRecord } from '../../../src/simulator/call-log.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { OperatorCluster } from '../cluster/operator-cluster.ts';
import { type ProxiedOperator, startProxiedOperator } from '../api-faults/proxied-operator.ts';

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

  /** The replica that the lease names; other than `former`, if one is given. */
  async leader(former?: Replica): Promise<Replica> {
    return eventually(async () => {
      const holder = await this.holder();
      for (const replica of this.all) {
        if (replica === former || holder === '') continue;
        const log = await replica.operator.log();
        if (log.some(({ message, instance }) => message === 'leading' && instance === holder)) {
          return replica;
        }
      }
      throw new Error(`no replica is ${JSON.stringify(holder)}, the holder of the lease`);
    }, patience);
  }

  /** Who holds the lease; empty when it was given back. */
  async holder(): Promise<string> {
    return (await this.lease()).holderIdentity ?? '';
  }

  async lease(): Promise<LeaseSpec> {
    const { status, body } = await this.cluster.server.request({
      path: '/apis/coordination.k8s.io/v1/namespaces/sagemaker-privatelink-system/leases/sagemaker-privatelink-operator',
    });
    if (status === 404) return {};
    if (status !== 200) throw new Error(`GET lease: ${status}`);
    return (body as { spec: LeaseSpec }).spec;
  }

  /** Changes at AWS since the last reset of the call log, in the order of their coming. */
  writes(): readonly CallRecord[] {
    return this.simulator.calls().filter(({ readOnly }) => !readOnly);
  }

  /** Whose writes came one after another, each writer once per uninterrupted row. */
  turns(): readonly (string | undefined)[] {
    const keys = this.writes().map(({ accessKeyId }) => accessKeyId);
    return keys.filter((key, index) => key !== keys[index - 1]);
  }

  async stop(): Promise<void> {
    for (const { operator } of this.all) await operator.stop('SIGKILL');
    for (const { proxy } of this.all) await proxy.close();
  }
}

/** Of a Lease, as far as the tests look at it. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly acquireTime?: string;
  readonly renewTime?: string;
}
