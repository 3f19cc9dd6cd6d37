import { type Command, InvalidArgumentError } from 'commander';
import { knownRegions } from '../../aws/client/generated/regions.ts';
import { suggestion } from '../../aws/client/region-not-found.ts';
import { DurationOption } from '../flags/duration-option.ts';
import { shutdownSignal } from '../signals.ts';

interface SimulateAwsFlags {
  readonly port: number;
  readonly host: string;
  readonly region: string;
  readonly timeScale: number;
  readonly pendingMs: number;
  readonly deletingMs: number;
  readonly visibilityLagMs: number;
  readonly dnsLagMs: number;
  readonly createAnswerMs: number;
  readonly throttling: boolean;
}

/** Adds `simulate-aws`: a stateful AWS on a local port, to try things out and to test against. */
export function addSimulateAwsCommand(program: Command): void {
  program
    .command('simulate-aws')
    .description('serve a simulated AWS (EC2, IAM, STS, SageMaker) on a local port')
    .option('--port <port>', 'port to listen on; 0 takes a free one', port, 4599)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--region <name>', 'region of the printed settings', region, 'us-east-1')
    .option('--time-scale <factor>', 'how many times faster than real time', factor, 1)
    .addOption(lag('--pending', 'how long an endpoint is pending', '60s'))
    .addOption(lag('--deleting', 'how long an endpoint is deleting', '60s'))
    .addOption(lag('--visibility-lag', 'how long changes are invisible', '0s'))
    .addOption(lag('--dns-lag', 'how much later names in a VPC follow a change', '0s'))
    .addOption(lag('--create-answer', 'how long CreateVpcEndpoint takes to answer', '0s'))
    .option('--no-throttling', "without AWS's call limits")
    .action(async (flags: SimulateAwsFlags) => {
      const { runSimulateAws } = await import('../../simulator/simulate-aws.ts');
      await runSimulateAws(flags, {
        signal: shutdownSignal(),
        log: (line) => process.stdout.write(`${line}\n`),
      });
    });
}

function lag(flag: string, description: string, usual: string): DurationOption {
  return new DurationOption(flag, description, { usual });
}

/** The simulated AWS has no other regions than AWS: a misspelt one would be an empty world. */
function region(text: string): string {
  if (knownRegions.includes(text)) return text;
  throw new InvalidArgumentError(`must be a region of AWS${suggestion(text)}`);
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError('must be a whole number from 0 to 65535');
}

function factor(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('must be a number above 0');
}
