import { expect, test } from '@jest/globals';
import { DescribeAvailabilityZonesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { Command } from 'commander';
import { addSimulateAwsCommand } from '../../src/cli/commands/simulate-aws-command.ts';
import { runSimulateAws } from '../../src/simulator/simulate-aws.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';

/** What a shell would know after the printed lines. */
function exportedBy(lines: readonly string[]): ReadonlyMap<string, string> {
  const exports = lines.map((line) => /^export (\w+)=(.*)$/.exec(line));
  return new Map(exports.flatMap((found) => (found ? [[found[1] ?? '', found[2] ?? '']] : [])));
}

test('the command prints what points a client at it, and ends when it is told to', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve) => {
    const log = (line: string) => {
      lines.push(line);
      if (line.startsWith('unset')) resolve();
    };
    ended = runSimulateAws({ region: 'eu-west-1' }, { signal: stop.signal, log });
  });
  const shell = exportedBy(lines);
  const ec2 = new EC2Client({
    endpoint: shell.get('AWS_ENDPOINT_URL') ?? '',
    region: shell.get('AWS_REGION') ?? '',
    credentials: {
      accessKeyId: shell.get('AWS_ACCESS_KEY_ID') ?? '',
      secretAccessKey: shell.get('AWS_SECRET_ACCESS_KEY') ?? '',
    },
    maxAttempts: 1,
  });
  const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
  expect(AvailabilityZones?.[0]?.ZoneName).toBe('eu-west-1a');
  stop.abort();
  await ended;
  await expect(ec2.send(new DescribeAvailabilityZonesCommand({}))).rejects.toThrow();
  ec2.destroy();
});

test('the command is refused a port that is taken', async () => {
  const stop = new AbortController();
  const first = await startSimulator();
  const port = Number(new URL(first.url).port);
  const second = runSimulateAws({ port }, { signal: stop.signal, log: () => {} });
  await expect(second).rejects.toThrow('EADDRINUSE');
  await first.close();
});

test('whatever takes time at the simulated AWS has a flag', () => {
  const program = new Command();
  addSimulateAwsCommand(program);
  const flags = program.commands[0]?.options.flatMap(({ long }) => long ?? []);
  const slow = ['--pending', '--deleting', '--visibility-lag', '--dns-lag', '--create-answer'];
  expect(flags).toEqual(expect.arrayContaining(slow));
});
