/** One cluster, one operator behind a proxy, and the questions that each fault is asked. */
import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import type { ApiFaultProxy } from '../../environment/api-fault-proxy.ts';
import { eventually } from '../../environment/eventually.ts';
import {
  OperatorCluster,
  type OperatorClusterOptions,
  type OperatorProcess,
} from '../cluster/operator-cluster.ts';
import { unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { type ProxiedOperator, startProxiedOperator } from './proxied-operator.ts';

const patience = { withinMs: 90_000, everyMs: 200 };

export class FaultBench {
  readonly simulator: Simulator;
  readonly region: RegionControl;
  readonly cluster: OperatorCluster;
  private readonly proxied: ProxiedOperator;

  private constructor(simulator: Simulator, cluster: OperatorCluster, proxied: ProxiedOperator) {
    this.simulator = simulator;
    this.region = simulator.world.region('us-east-1');
    this.cluster = cluster;
    this.proxied = proxied;
  }

  static async start(
    args: readonly string[] = [],
    options: OperatorClusterOptions = {},
  ): Promise<FaultBench> {
    const simulator = await startSimulator({
      pendingMs: 200,
      deletingMs: 200,
      tombstoneMs: 200,
      throttling: false,
    });
    const cluster = await OperatorCluster.start(simulator.url, options);
    const proxied = await startProxiedOperator(cluster, { args: [unlimitedEndpoints, ...args] });
    const bench = new FaultBench(simulator, cluster, proxied);
    await bench.isReady();
    return bench;
  }

  async stop(): Promise<void> {
    // The operator gives its lease back through the proxy.
    await this.operator.stop();
    await this.proxy.close();
    try {
      await this.cluster.stop();
    } finally {
      await this.simulator.close();
    }
  }

  get proxy(): ApiFaultProxy {
    return this.proxied.proxy;
  }

  get operator(): OperatorProcess {
    return this.proxied.operator;
  }

  /** What the operator shows to the API server. */
  token(): Promise<string> {
    return readFile(this.proxied.tokenFile, 'utf8');
  }

  renewToken(): Promise<void> {
    return this.proxied.renewToken();
  }

  /** Applies a link with these services. */
  async apply(name: string, ...services: readonly string[]): Promise<void> {
    const endpoints = services.map((service) => ({ service, privateDNS: false }));
    await this.cluster.apply(sampleLink(this.region, name, { endpoints, sweepInterval: '1h' }));
  }

  /** The link is ready with as many endpoints as its spec has, at AWS too. */
  async isDone(name: string, ...services: readonly string[]): Promise<void> {
    const link = await this.cluster.linkIsReady(name);
    expect(link.status?.endpoints?.map(({ service }) => service)).toEqual(services);
  }

  async remove(name: string): Promise<void> {
    await this.cluster.remove(name);
  }

  async probe(path: '/healthz' | '/readyz'): Promise<number> {
    return (await fetch((await this.operator.healthUrl()) + path)).status;
  }

  async isReady(): Promise<void> {
    await eventually(async () => expect(await this.probe('/readyz')).toBe(200), patience);
  }

  /** Lets the world go on while the leader renews its lease so many times: a clock of its own. */
  async renewals(count: number): Promise<void> {
    const renewed = (): number =>
      this.proxy.requests().filter(({ verb, path }) => verb === 'update' && isLease(path)).length;
    const wanted = renewed() + count;
    await eventually(() => expect(renewed()).toBeGreaterThanOrEqual(wanted), patience);
  }

  /** Requests of everything but the lease since the last reset. */
  requestCount(): number {
    return this.proxy.requests().filter(({ path }) => !isLease(path)).length;
  }

  endpointsEverMade(): number {
    return this.region.endpointHistory().length;
  }
}

function isLease(path: string): boolean {
  return path.includes('/leases');
}
