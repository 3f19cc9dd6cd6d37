import { EC2Client } from '@aws-sdk/client-ec2';
import { type VirtualClock, virtualClock } from '../../src/simulator/clock.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';

export const region = 'us-east-1';
export const apiService = `com.amazonaws.${region}.sagemaker.api`;

/** A simulator with a clock that stands still, and a client of the real SDK that never retries. */
export interface SimulatedAws extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly ec2: EC2Client;
  client(options?: { readonly region?: string; readonly accessKeyId?: string }): EC2Client;
}

export async function simulatedAws(options: SimulatorOptions = {}): Promise<SimulatedAws> {
  const clock = virtualClock();
  const simulator = await startSimulator({ clock, ...options });
  const clients: EC2Client[] = [];
  function client(given: { region?: string; accessKeyId?: string } = {}): EC2Client {
    const ec2 = new EC2Client({
      endpoint: simulator.url,
      region: given.region ?? region,
      maxAttempts: 1,
      credentials: { accessKeyId: given.accessKeyId ?? 'test', secretAccessKey: 'test' },
    });
    clients.push(ec2);
    return ec2;
  }
  return {
    simulator,
    clock,
    ec2: client(),
    client,
    async [Symbol.asyncDispose]() {
      for (const each of clients) each.destroy();
      await simulator.close();
    },
  };
}
