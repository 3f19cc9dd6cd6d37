/**
 * What ministack_as_aws_asks.py is for: requests that AWS allows under the shipped policy and
 * ministack by itself does not, or can't answer. When ministack learns one of them this fails, and
 * the correction can go.
 */
import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  type IAMClient,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Ministack, startMinistack } from '../../environment/ministack.ts';
import { ireland, policyFor } from '../../unit/deploy/iam-documents.ts';
import { clusterTag } from '../../unit/deploy/operator-calls.ts';
import { anything, IamAccount, type NotebookPrincipals } from './iam-account.ts';

const policy = policyFor('operator-notebook-access-policy.json', ireland);
const own = { [clusterTag]: ireland.CLUSTER_ID };
let ministack: Ministack;
let account: IamAccount;
let operator: IAMClient;
let principals: NotebookPrincipals;
let PolicyArn: string;

beforeAll(async () => {
  ministack = await startMinistack({ enforcement: 'own' });
  account = new IamAccount(ministack.url);
  operator = account.clientOf(await account.createUser(policy));
  principals = await account.createNotebookPrincipals();
  PolicyArn = await account.createPolicy({ path: '/sagemaker-privatelink/', tags: own });
}, 300_000);

afterAll(async () => {
  account?.close();
  await ministack?.stop();
});

test('a policy that is to be made is taken for every resource', async () => {
  const creation = new CreatePolicyCommand({
    PolicyName: 'new',
    Path: '/sagemaker-privatelink/',
    PolicyDocument: anything,
    Tags: Object.entries(own).map(([Key, Value]) => ({ Key, Value })),
  });
  await expect(operator.send(creation)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test("a policy's tags are not seen", async () => {
  const change = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: anything });
  await expect(operator.send(change)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('which policy is attached is not seen', async () => {
  const [RoleName] = principals.roles;
  const attachment = new AttachRolePolicyCommand({ RoleName, PolicyArn });
  await expect(operator.send(attachment)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('an attachment to a group is not about the group', async () => {
  const Resource = `arn:aws:iam::${ireland.ACCOUNT_ID}:group/*`;
  const Statement = [{ Sid: 'S', Effect: 'Allow', Action: '*', Resource }] as const;
  const keys = await account.createUser({ Version: '2012-10-17', Statement });
  const [GroupName] = principals.groups;
  const attachment = new AttachGroupPolicyCommand({ GroupName, PolicyArn });
  await expect(account.clientOf(keys).send(attachment)).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

test('no other version can be made the default', async () => {
  const change = new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' });
  await expect(account.root.send(change)).rejects.toMatchObject({ name: 'InvalidAction' });
});
