/** A cluster and a simulated AWS of a benchmark's own. */
import type { SimulatorOptions } from '../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../src/simulator/simulator.ts';
import { OperatorCluster } from '../test/process/cluster/operator-cluster.ts';

/** Starts both, and ends both after the work, however it ends. */
export async function withOwnCluster<T>(
  options: SimulatorOptions,
  work: (simulator: Simulator, cluster: OperatorCluster) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator(options);
  try {
    const cluster = await OperatorCluster.start(simulator.url, { own: {} });
    try {
      return await work(simulator, cluster);
    } finally {
      await cluster.stop();
    }
  } finally {
    await simulator.close();
  }
}
