/** The command of docs/notebook-access.md that gives a notebook policy to a permission set. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { type Moto, startMoto } from '../../environment/moto.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';

let moto: Moto;
let folder: string;

beforeAll(async () => {
  moto = await startMoto();
  folder = await mkdtemp(join(tmpdir(), 'smpl-permission-set-'));
});

afterAll(async () => {
  await moto?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a permission set refers to the policy by the name and the path that the spec gives it', async () => {
  const { aws } = await ensurePythonEnvironment();
  const shell = await shellWith(folder, { aws }, awsClientEnvironment(moto.url), folder);
  const blocks = await shellBlocksOf('docs/notebook-access.md', 'Attachments that others made');
  const command = blocks.find((block) => block.includes('sso-admin'));
  expect(command).toBeDefined();
  const instance = 'aws sso-admin list-instances --query Instances[0].InstanceArn --output text';
  const made =
    'aws sso-admin create-permission-set --name ml --instance-arn "$INSTANCE" --query PermissionSet.PermissionSetArn --output text';
  const listed =
    'aws sso-admin list-customer-managed-policy-references-in-permission-set --instance-arn "$INSTANCE" --permission-set-arn "$SET" --output json';
  const { exitCode, stdout, stderr } = await shell.run(
    [`INSTANCE=$(${instance})`, `SET=$(${made})`, command, listed].join('\n'),
  );
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    CustomerManagedPolicyReferences: [
      { Name: 'notebooks-from-the-office', Path: '/sagemaker-privatelink/' },
    ],
  });
});
