/** CloudFormation and Terraform make the same queue, filled by the same rule; an event comes through. */
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { hintOf } from '../../../src/plan/hints/hint-of.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { goBuildMs } from '../../environment/go-program.ts';
import { shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { type Moto, startMoto } from '../../environment/moto.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { runProgram } from '../../environment/run-program.ts';
import { terraformResources } from '../../environment/terraform-values.ts';
import { ireland, policyFor } from '../../unit/deploy/iam-documents.ts';
import { anEndpoint, driftEvent } from '../../unit/plan/hints/drift-event.ts';

const folder = join(import.meta.dirname, '../../../deploy/iam');
const region = 'eu-west-1';
/** moto's account. */
const account = '123456789012';
const name = ireland.DRIFT_EVENTS_QUEUE;
const policy = policyFor('drift-events-queue-policy.json', { ...ireland, ACCOUNT_ID: account });

const operatorRole = 'operator';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

let moto: Moto;
let home: string;
/** The output of the page's commands. */
let said: string;
let queueUrl: string;

async function aws(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { aws: program } = await ensurePythonEnvironment();
  const env = awsClientEnvironment(moto.url, region);
  // Of SQS the command line takes the address of a region before that of the environment.
  const all = [...args, '--output', 'json', '--endpoint-url', moto.url];
  const result = await runProgram(program, all, { env });
  expect([args, result]).toEqual([args, expect.objectContaining({ exitCode: 0 })]);
  return JSON.parse(result.stdout || '{}') as Record<string, unknown>;
}

beforeAll(async () => {
  moto = await startMoto();
  home = await mkdtemp(join(tmpdir(), 'smpl-drift-'));
  await symlink(join(folder, '..'), join(home, 'deploy'));
  said = await followPage();
  const answer = await aws('sqs', 'get-queue-url', '--queue-name', name);
  queueUrl = String(answer['QueueUrl']);
});

afterAll(async () => {
  await moto?.stop();
  await rm(home, { recursive: true, force: true });
});

/** The commands of docs/drift-events.md, after those of docs/operations.md that they build on. */
async function followPage(): Promise<string> {
  const { aws: program } = await ensurePythonEnvironment();
  const environment = awsClientEnvironment(moto.url, region);
  const shell = await shellWith(home, { aws: program }, environment, home);
  const role = `aws iam create-role --role-name "$OPERATOR_ROLE" --assume-role-policy-document '${trust}' > role.json`;
  const [fill] = (await shellBlocksOf('docs/operations.md', 'Install')).flatMap(
    (block) => /^fill\(\) .*$/m.exec(block) ?? [],
  );
  const values = Object.entries({ ...ireland, ACCOUNT_ID: account, OPERATOR_ROLE: operatorRole });
  const before = values.map(([key, value]) => `export ${key}='${value}'`);
  const blocks = await shellBlocksOf('docs/drift-events.md', 'Set it up');
  expect(blocks).toHaveLength(2);
  const result = await shell.run([...before, fill, role, ...blocks].join('\n'));
  expect(result).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

test("the page's commands make the queue, and let the operator's role read it", async () => {
  // moto does not resolve the reference in the output, which is the queue's address at AWS.
  expect(said.trim().split('\n').at(-1)).toBe('None');
  expect(queueUrl).toContain(name);
  const { PolicyDocument } = await aws(
    'iam',
    'get-role-policy',
    '--role-name',
    operatorRole,
    '--policy-name',
    'drift-events',
  );
  const values = { ...ireland, ACCOUNT_ID: account, REGION: '*' };
  expect(PolicyDocument).toEqual(policyFor('operator-drift-events-policy.json', values));
});

test('CloudFormation makes a queue that is encrypted, with one for dead letters', async () => {
  const { Attributes } = await aws(
    'sqs',
    'get-queue-attributes',
    '--queue-url',
    queueUrl,
    '--attribute-names',
    'All',
  );
  const attributes = Attributes as Readonly<Record<string, string>>;
  expect(attributes).toMatchObject({
    SqsManagedSseEnabled: 'true',
    MessageRetentionPeriod: '3600',
  });
  expect(JSON.parse(attributes['RedrivePolicy'] ?? '')).toMatchObject({
    deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${name}-dead-letters`,
  });
});

/** moto takes the policy of a queue and does not show it, so it is read from the template. */
test('CloudFormation gives the queue its policy', async () => {
  const text = await readFile(join(folder, 'cloudformation/drift-events.yaml'), 'utf8');
  const values: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::AccountId': account,
    DriftEventsQueue: name,
  };
  const template = parse(text, (_, value: unknown) => {
    const { 'Fn::Sub': sub } = (value ?? {}) as { 'Fn::Sub'?: string };
    return sub === undefined
      ? value
      : sub.replaceAll(/\$\{([^}]+)\}/g, (_whole, word: string) => values[word] ?? word);
  }) as { Resources: { QueuePolicy: { Properties: object } } };
  expect(template.Resources.QueuePolicy.Properties).toEqual({
    Queues: [{ Ref: 'Queue' }],
    PolicyDocument: policy,
  });
});

async function received(): Promise<readonly string[]> {
  const { Messages = [] } = await aws(
    'sqs',
    'receive-message',
    '--queue-url',
    queueUrl,
    '--max-number-of-messages=10',
  );
  return (Messages as readonly { Body: string }[]).map(({ Body }) => Body);
}

test('an event that the rule lets through is a hint, and others never come', async () => {
  const events = [
    driftEvent(),
    driftEvent({ call: 'RunInstances' }),
    driftEvent({ detail: { errorCode: 'Client.UnauthorizedOperation' } }),
    driftEvent({ source: 's3.amazonaws.com' }),
  ];
  const entries = events.map((event) => ({
    Source: event['source'],
    DetailType: event['detail-type'],
    Detail: JSON.stringify(event['detail']),
  }));
  await aws('events', 'put-events', '--entries', JSON.stringify(entries));
  const bodies = await received();
  expect(bodies).toHaveLength(1);
  // moto leaves the account out, which EventBridge does not.
  const event = { account, ...(JSON.parse(bodies[0] ?? '') as object) };
  expect(hintOf(JSON.stringify(event))).toMatchObject({
    kind: 'hint',
    hint: { account, region, ids: [anEndpoint] },
  });
});

test(
  'Terraform makes the same',
  async () => {
    const resources = await terraformResources({
      module: join(folder, 'terraform/drift-events'),
      variables: { region },
      data: {
        aws_caller_identity: { current: { account_id: account } },
        aws_partition: { current: { partition: 'aws' } },
      },
    });
    const queue = resources['aws_sqs_queue.drift_events'];
    expect(queue).toMatchObject({
      name,
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 3600,
    });
    expect(resources['aws_sqs_queue.dead_letters']).toMatchObject({
      name: `${name}-dead-letters`,
      sqs_managed_sse_enabled: true,
    });
    const { policy: text } = resources['aws_sqs_queue_policy.drift_events'] ?? {};
    expect(JSON.parse(text as string)).toEqual(policy);
    const rule = resources['aws_cloudwatch_event_rule.drift_events'];
    const { EventPattern } = await aws('events', 'describe-rule', '--name', name);
    expect(rule?.['name']).toBe(name);
    expect(JSON.parse(rule?.['event_pattern'] as string)).toEqual(
      JSON.parse(EventPattern as string),
    );
    expect(resources).toHaveProperty(
      ['aws_cloudwatch_event_target.drift_events', 'target_id'],
      'queue',
    );
  },
  goBuildMs,
);
