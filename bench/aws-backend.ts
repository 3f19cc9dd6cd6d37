/** The AWS that a benchmark runs against, with a record of every call that reached it. */
import { startSimulator } from '../src/simulator/simulator.ts';
import { startMoto } from '../test/environment/moto.ts';
import { startCountingProxy } from './counting-proxy.ts';

/** `moto` is not ours; the simulator has AWS's times and conflicts. */
export type BackendName = 'moto' | 'simulator';

export interface AwsBackend {
  /** For the operator: what goes through it is counted. */
  readonly url: string;
  /** Names of the actions since the last reset, in their order. */
  actions(): readonly string[];
  reset(): void;
  stop(): Promise<void>;
}

/** Starts an AWS without limits of its own. */
export async function startBackend(name: BackendName): Promise<AwsBackend> {
  switch (name) {
    case 'moto':
      return startMotoBackend();
    case 'simulator':
      return startSimulatorBackend();
    default:
      return name satisfies never;
  }
}

async function startMotoBackend(): Promise<AwsBackend> {
  const moto = await startMoto();
  const proxy = await startCountingProxy(moto.url);
  return {
    url: proxy.url,
    actions: () => proxy.actions(),
    reset: () => proxy.reset(),
    stop: async () => {
      await proxy.close();
      await moto.stop();
    },
  };
}

/** Endpoints are pending and deleting for some seconds: AWS takes about a minute. */
async function startSimulatorBackend(): Promise<AwsBackend> {
  const simulator = await startSimulator({
    throttling: false,
    pendingMs: 6_000,
    deletingMs: 6_000,
    tombstoneMs: 1_000,
  });
  return {
    url: simulator.url,
    actions: () => simulator.calls().map(({ action }) => action),
    reset: () => simulator.resetCalls(),
    stop: () => simulator.close(),
  };
}
