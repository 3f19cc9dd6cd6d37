import type { SimulatorOptions } from './options.ts';
import { type Simulator, startSimulator } from './simulator.ts';

/** Options of the command `simulate-aws`: those of the simulator, and what to print. */
export interface SimulateAwsOptions extends Omit<SimulatorOptions, 'clock' | 'faults'> {
  /** Named in the printed lines. @default 'us-east-1' */
  readonly region?: string;
}

/** The surroundings of the command. */
export interface SimulateAwsSurroundings {
  /** Aborted when the command shall end. */
  readonly signal: AbortSignal;
  /** Prints one line. */
  readonly log: (line: string) => void;
}

/**
 * Runs a simulated AWS until the signal aborts, and prints the lines that point AWS's own tools at
 * it and write a link that fits its world. Rejects when the port is taken.
 */
export async function runSimulateAws(
  options: SimulateAwsOptions,
  { signal, log }: SimulateAwsSurroundings,
): Promise<void> {
  const { region = 'us-east-1', ...simulatorOptions } = options;
  const simulator = await startSimulator(simulatorOptions);
  try {
    log(`# A simulated AWS (EC2, IAM, STS, SageMaker) listens on ${simulator.url}. To use it:`);
    for (const line of exportLines(simulator.url, region)) log(line);
    for (const line of linkLines(simulator, region)) log(line);
    await aborted(signal);
  } finally {
    await simulator.close();
  }
}

/** The file that the printed lines write, in the folder of whoever pastes them. */
const linkFile = 'link.yaml';

/** Writes a link that fits the default VPC: its ids are those of this world. */
function linkLines(simulator: Simulator, region: string): string[] {
  const network = simulator.world.region(region);
  const { id: vpcId } = network.defaultVpc();
  return [
    `# And to have a link in ${linkFile} that fits the default VPC:`,
    `cat > ${linkFile} <<'END'`,
    'apiVersion: sagemaker.privatelink.dev/v1alpha1',
    'kind: SageMakerPrivateLink',
    'metadata:',
    '  name: ml',
    'spec:',
    `  region: ${region}`,
    '  vpc:',
    `    id: ${vpcId}`,
    '  subnets:',
    '    ids:',
    ...network.subnets(vpcId).map(({ id }) => `      - ${id}`),
    '  endpoints:',
    '    - service: api',
    '    - service: runtime',
    'END',
  ];
}

/** Any key is accepted; these are the ones of AWS's documentation. */
function exportLines(url: string, region: string): string[] {
  return [
    `export AWS_ENDPOINT_URL=${url}`,
    'export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
    'export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    `export AWS_REGION=${region}`,
    // AWS's tools read one or the other name.
    `export AWS_DEFAULT_REGION=${region}`,
    'unset AWS_SESSION_TOKEN AWS_PROFILE',
  ];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
