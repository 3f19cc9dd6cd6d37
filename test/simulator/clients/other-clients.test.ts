import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { runProgram } from '../../environment/run-program.ts';

const fast = { pendingMs: 60_000, timeScale: 600 };
const service = 'com.amazonaws.us-east-1.sagemaker.api';

/** Runs a client of AWS against the simulator and answers its JSON. */
async function runClient(url: string, command: string, args: readonly string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runProgram(command, args, {
    env: awsClientEnvironment(url),
  });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout === '' ? undefined : JSON.parse(stdout);
}

test('boto3 lives through the whole life of an endpoint, a policy and a role', async () => {
  const { python } = await ensurePythonEnvironment();
  const simulator = await startSimulator(fast);
  try {
    const script = join(import.meta.dirname, 'lifecycle.py');
    const steps = await runClient(simulator.url, python, [script]);
    const hash = expect.stringMatching(
      /^ID-[0-9a-f]{8}\.api\.sagemaker\.us-east-1\.vpce\.amazonaws\.com$/,
    );
    expect(steps).toEqual({
      created: 'pending',
      available: {
        state: 'available',
        privateDns: true,
        names: [
          hash,
          expect.stringContaining('-us-east-1a.api.sagemaker.'),
          expect.stringContaining('-us-east-1b.api.sagemaker.'),
          expect.stringContaining('-us-east-1c.api.sagemaker.'),
          'api.sagemaker.us-east-1.amazonaws.com',
          'api.sagemaker.us-east-1.api.aws',
        ],
        tags: [{ Key: 'team', Value: 'ml' }],
      },
      interfaces: [
        ['us-east-1a', 'vpc_endpoint', '10.0.0'],
        ['us-east-1b', 'vpc_endpoint', '10.0.1'],
        ['us-east-1c', 'vpc_endpoint', '10.0.2'],
      ],
      groupInUse: 'DependencyViolation',
      refusedDelete: 'InvalidVpcEndpoint.NotFound',
      gone: 'InvalidVpcEndpointId.NotFound',
      policyComesBack: true,
      entities: ['users'],
      caller: 'arn:aws:sts::111122223333:assumed-role/users/session',
    });
  } finally {
    await simulator.close();
  }
});

test('the AWS CLI shows a private SageMaker API as the article does', async () => {
  const { aws } = await ensurePythonEnvironment();
  const simulator = await startSimulator({ ...fast, pendingMs: 0 });
  const cli = (...args: string[]) => runClient(simulator.url, aws, ['--output', 'json', ...args]);
  try {
    const region = simulator.world.region('us-east-1');
    const vpcId = region.defaultVpc().id;
    const subnetIds = region.subnets(vpcId).map(({ id }) => id);
    const create =
      'ec2 create-vpc-endpoint --vpc-endpoint-type Interface --private-dns-enabled ' +
      `--vpc-id ${vpcId} --service-name ${service} --subnet-ids ${subnetIds.join(' ')} ` +
      '--tag-specifications ResourceType=vpc-endpoint,Tags=[{Key=team,Value=ml}]';
    await cli(...create.split(' '));
    const filter = `Name=service-name,Values=${service}`;
    const shown = await cli('ec2', 'describe-vpc-endpoints', '--filters', filter);
    expect(shown).toMatchObject({
      VpcEndpoints: [
        {
          VpcEndpointType: 'Interface',
          ServiceName: 'com.amazonaws.us-east-1.sagemaker.api',
          State: 'available',
          PrivateDnsEnabled: true,
          VpcId: vpcId,
          Tags: [{ Key: 'team', Value: 'ml' }],
        },
      ],
    });
    const names = (
      shown as { VpcEndpoints: [{ DnsEntries: { DnsName: string }[] }] }
    ).VpcEndpoints[0].DnsEntries.map(({ DnsName }) => DnsName);
    expect(names[0]).toMatch(
      /^vpce-0[0-9a-f]{16}-[0-9a-f]{8}\.api\.sagemaker\.us-east-1\.vpce\.amazonaws\.com$/,
    );
    expect(names).toContain('api.sagemaker.us-east-1.amazonaws.com');
    expect(await cli('sts', 'get-caller-identity')).toMatchObject({ Account: '111122223333' });
  } finally {
    await simulator.close();
  }
});

test('the AWS CLI shows a refusal in the words of AWS and ends with an error', async () => {
  const { aws } = await ensurePythonEnvironment();
  const simulator = await startSimulator(fast);
  try {
    const { exitCode, stderr } = await runProgram(
      aws,
      ['ec2', 'describe-vpc-endpoints', '--vpc-endpoint-ids', 'vpce-0123456789abcdef0'],
      { env: awsClientEnvironment(simulator.url) },
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('(InvalidVpcEndpointId.NotFound)');
    expect(stderr).toContain("The Vpc Endpoint Id 'vpce-0123456789abcdef0' does not exist");
  } finally {
    await simulator.close();
  }
});

test('boto3 reads of every service that is not simulated that it is not', async () => {
  const { python } = await ensurePythonEnvironment();
  const simulator = await startSimulator(fast);
  try {
    const script = join(import.meta.dirname, 'foreign_services.py');
    const answers = (await runClient(simulator.url, python, [script])) as Record<string, string[]>;
    expect(Object.keys(answers).length).toBeGreaterThan(5);
    for (const answer of Object.values(answers)) {
      expect(answer).toEqual([
        'SimulatorUnsupported',
        expect.stringMatching(/^The service [\w-]+ is not simulated/),
      ]);
    }
    expect(simulator.calls().map(({ service }) => service)).toContain('sagemaker-geospatial');
  } finally {
    await simulator.close();
  }
});
