/** The fence of changes, in clients of the real SDK. */
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreatePolicyCommand, GetPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Fenceable, fenceWrites } from '../../../../src/aws/client/write-fence.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';

let simulator: Simulator;
let mayWrite: boolean;

beforeEach(async () => {
  mayWrite = false;
  simulator = await startSimulator({ throttling: false });
});

afterEach(() => simulator.close());

const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

/** A client of a process that may change something as long as `mayWrite` says so. */
function fenced<Client extends Fenceable>(
  Class: new (config: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: () => Promise<typeof keys>;
  }) => Client,
  service: string,
  credentials = () => Promise.resolve(keys),
): Client {
  const config = { endpoint: simulator.url, region: 'eu-west-1', maxAttempts: 1, credentials };
  const client = new Class(config);
  fenceWrites(client, service, () => mayWrite);
  return client;
}

const tags = { Resources: ['vpc-1'], Tags: [{ Key: 'a', Value: 'b' }] };

test('a change does not leave the process, and the error names it', async () => {
  const ec2 = fenced(EC2Client, 'ec2');
  await expect(ec2.send(new CreateTagsCommand(tags))).rejects.toMatchObject({
    kind: 'Aborted',
    code: 'NotLeader',
    action: 'ec2:CreateTags',
  });
  const policy = new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: '{}' });
  await expect(fenced(IAMClient, 'iam').send(policy)).rejects.toMatchObject({
    action: 'iam:CreatePolicy',
  });
  expect(simulator.calls()).toEqual([]);
});

test('reads pass, and so does the session that reads in another account need', async () => {
  await fenced(EC2Client, 'ec2').send(new DescribeVpcsCommand({}));
  const sts = fenced(STSClient, 'sts');
  await sts.send(new GetCallerIdentityCommand({}));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await fenced(IAMClient, 'iam').send(new GetPolicyCommand({ PolicyArn }));
  simulator.world.account().createPrincipal({ kind: 'role', name: 'r' });
  const RoleArn = 'arn:aws:iam::111122223333:role/r';
  await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));
  expect(simulator.callCounts()).toEqual({
    DescribeVpcs: 1,
    GetCallerIdentity: 1,
    GetPolicy: 1,
    AssumeRole: 1,
  });
});

test('a change goes out while the process may change something, and each one is asked about', async () => {
  const aws = simulator.world.region('eu-west-1');
  const ec2 = fenced(EC2Client, 'ec2');
  const { id: VpcId } = aws.defaultVpc();
  const create = (GroupName: string) =>
    ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'd', VpcId }));
  mayWrite = true;
  await create('one');
  mayWrite = false;
  await expect(create('two')).rejects.toMatchObject({ code: 'NotLeader' });
  const names = aws.securityGroups(VpcId).map(({ name }) => name);
  expect(names.toSorted()).toEqual(['default', 'one']);
});

test('a process that loses its lease while it waits for credentials sends nothing', async () => {
  mayWrite = true;
  const ec2 = fenced(EC2Client, 'ec2', () => {
    mayWrite = false;
    return Promise.resolve(keys);
  });
  await expect(ec2.send(new CreateTagsCommand(tags))).rejects.toMatchObject({ code: 'NotLeader' });
  expect(simulator.calls()).toEqual([]);
});

test('the question is asked after all else: a lease that is lost as late as the signature counts', async () => {
  mayWrite = true;
  const ec2 = fenced(EC2Client, 'ec2');
  ec2.middlewareStack.add(
    (next) => (args) => {
      mayWrite = false;
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await expect(ec2.send(new CreateTagsCommand(tags))).rejects.toMatchObject({ code: 'NotLeader' });
  expect(simulator.calls()).toEqual([]);
});
