/** Tools that automate AWS, unmodified: what they read, make and delete here works as at AWS. */
import { expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { ensureAwsTools } from '../../environment/aws-tools.ts';
import { ensureGoProgram } from '../../environment/go-program.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { runProgram } from '../../environment/run-program.ts';

/** The first time the tools are installed and the Go client is compiled, which takes minutes. */
const timeoutMs = 600_000;
const clients = import.meta.dirname;

/** A test with a fast simulator and a folder that is removed afterwards. */
function withSimulator(body: (simulator: Simulator, folder: string) => Promise<void>) {
  return async () => {
    const simulator = await startSimulator({ timeScale: 600, throttling: false });
    const folder = await mkdtemp(join(tmpdir(), 'smpl-tools-'));
    try {
      await body(simulator, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
      await simulator.close();
    }
  };
}

test(
  "Ansible's modules make a network with an endpoint and a role, change nothing the second time, delete it all",
  withSimulator(async (simulator, folder) => {
    const { ansiblePlaybook, python } = await ensureAwsTools();
    const interpreter = `ansible_python_interpreter=${python}`;
    const { exitCode, stdout, stderr } = await runProgram(
      ansiblePlaybook,
      ['-i', 'localhost,', '-e', interpreter, join(clients, 'playbook.yaml')],
      { env: { ...awsClientEnvironment(simulator.url), ANSIBLE_HOME: folder, LC_ALL: 'C.UTF-8' } },
    );
    expect({ exitCode, output: exitCode === 0 ? '' : stdout + stderr }).toEqual({
      exitCode: 0,
      output: '',
    });
    const region = simulator.world.region('us-east-1');
    expect(region.vpcs()).toEqual([region.defaultVpc()]);
    expect(simulator.world.account().principals()).toEqual([]);
    const codes = simulator.calls().flatMap(({ errorCode }) => errorCode ?? []);
    expect(codes).not.toContain('SimulatorUnsupported');
  }),
  timeoutMs,
);

test(
  'Cloud Custodian closes a group, finds interfaces and deletes an endpoint',
  withSimulator(async (simulator, folder) => {
    const { custodian } = await ensureAwsTools();
    const region = simulator.world.region('us-east-1');
    const { id: vpcId } = region.defaultVpc();
    const { id: groupId } = region.createSecurityGroup({ vpcId, name: 'open' });
    region.addIngressRule(groupId, '0.0.0.0/0', 22);
    region.addIngressRule(groupId, '10.0.0.0/8', 443);
    region.run('CreateVpcEndpoint', {
      VpcId: vpcId,
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.us-east-1.sagemaker.api',
      'SubnetId.1': region.subnets(vpcId)[0]?.id ?? '',
      'SecurityGroupId.1': groupId,
    });
    const { exitCode, stderr } = await runProgram(
      custodian,
      [
        'run',
        '--cache-period',
        '0',
        '-r',
        'us-east-1',
        '-s',
        folder,
        join(clients, 'policies.yaml'),
      ],
      { env: { ...awsClientEnvironment(simulator.url), HOME: folder } },
    );
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const policy of ['open-groups', 'interfaces-of-endpoints', 'endpoints-of-sagemaker']) {
      const found = await readFile(join(folder, policy, 'resources.json'), 'utf8');
      expect([policy, (JSON.parse(found) as unknown[]).length]).toEqual([policy, 1]);
    }
    const ingress = region.rules(groupId).filter(({ isEgress }) => !isEgress);
    expect(ingress).toMatchObject([{ fromPort: 443 }]);
    expect(region.securityGroups(vpcId).find(({ id }) => id === groupId)?.tags).toEqual({
      'closed-by': 'custodian',
    });
    expect(region.endpointHistory().map(({ state }) => state)).not.toContain('available');
  }),
  timeoutMs,
);

test(
  'the AWS SDK for Go waits for, pages through and deletes what it made',
  withSimulator(async (simulator) => {
    const program = await ensureGoProgram(join(clients, 'go'));
    const { stdout, stderr } = await runProgram(program, [], {
      env: awsClientEnvironment(simulator.url),
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      interfaceType: 'vpc_endpoint',
      attachment: 'amazon-aws',
      pages: [5, 2],
      idsInPages: 'InvalidParameterCombination',
      unsupported: 'SimulatorUnsupported',
      goneGroup: 'InvalidGroup.NotFound',
    });
  }),
  timeoutMs,
);
