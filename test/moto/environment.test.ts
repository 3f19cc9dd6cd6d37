import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { type Moto, startMoto } from '../environment/moto.ts';
import { ensurePythonEnvironment } from '../environment/python.ts';
import { runProgram } from '../environment/run-program.ts';

let moto: Moto;

beforeAll(async () => {
  moto = await startMoto();
});

beforeEach(() => moto.reset());

afterAll(() => moto.stop());

async function aws(...args: readonly string[]): Promise<unknown> {
  const { aws: program } = await ensurePythonEnvironment();
  const result = await runProgram(program, [...args, '--output', 'json'], {
    env: awsClientEnvironment(moto.url, 'eu-west-1'),
  });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(result.stdout || 'null');
}

const withNames = ['--filters', 'Name=tag:Name,Values=mine', '--query', 'Vpcs[].CidrBlock'];
const tags = 'ResourceType=vpc,Tags=[{Key=Name,Value=mine}]';

test('the AWS CLI makes and finds a VPC in moto', async () => {
  await aws('ec2', 'create-vpc', '--cidr-block', '10.9.0.0/16', '--tag-specifications', tags);
  expect(await aws('ec2', 'describe-vpcs', ...withNames)).toEqual(['10.9.0.0/16']);
});

test('a reset of moto forgets what a test made', async () => {
  await aws('ec2', 'create-vpc', '--cidr-block', '10.9.0.0/16', '--tag-specifications', tags);
  await moto.reset();
  expect(await aws('ec2', 'describe-vpcs', ...withNames)).toEqual([]);
});

test('boto3 speaks to moto', async () => {
  const { python } = await ensurePythonEnvironment();
  const script = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])";
  const result = await runProgram(python, ['-c', script], { env: awsClientEnvironment(moto.url) });
  expect(result).toEqual({ exitCode: 0, stdout: '123456789012\n', stderr: '' });
});
