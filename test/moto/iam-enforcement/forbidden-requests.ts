/** What the operator's policy must not allow, as requests over the AWS SDK. */
import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ireland } from '../../unit/deploy/iam-documents.ts';
import { clusterTag, uidTag } from '../../unit/deploy/operator-calls.ts';
import { anything, type IamAccount } from './iam-account.ts';

/** One thing that somebody tries to do. */
export interface Attempt {
  readonly what: string;
  /** What IAM has to name when it refuses. */
  readonly action: string;
  readonly send: (client: IAMClient, account: IamAccount) => Promise<unknown>;
}

const own = { [clusterTag]: ireland.CLUSTER_ID, [uidTag]: 'uid-1' };
const ourPath = '/sagemaker-privatelink/';
const ofOthers = { [clusterTag]: 'another-cluster' };
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Policies that are not this cluster's. */
const notOurs = {
  "another cluster's policy": { path: ourPath, tags: ofOthers },
  "nobody's policy": { path: ourPath },
  'a policy of our tag elsewhere': { path: '/', tags: own },
} as const;

type Change = (client: IAMClient, PolicyArn: string) => Promise<unknown>;

const changes: Readonly<Record<string, Change>> = {
  CreatePolicyVersion: (client, PolicyArn) =>
    client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: anything })),
  SetDefaultPolicyVersion: (client, PolicyArn) =>
    client.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' })),
  DeletePolicyVersion: (client, PolicyArn) =>
    client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' })),
  DeletePolicy: (client, PolicyArn) => client.send(new DeletePolicyCommand({ PolicyArn })),
  TagPolicy: (client, PolicyArn) =>
    client.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'team', Value: 'ml' }] })),
  UntagPolicy: (client, PolicyArn) =>
    client.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['team'] })),
};

function changesOfWhatIsNotOurs(): readonly Attempt[] {
  return Object.entries(notOurs).flatMap(([whose, wanted]) =>
    Object.entries(changes).map(([action, change]) => ({
      what: `${action} of ${whose}`,
      action: `iam:${action}`,
      send: async (client, account) => change(client, await account.createPolicy(wanted)),
    })),
  );
}

function creations(): readonly Attempt[] {
  const wanted = {
    'CreatePolicy outside of our path': { Path: '/', tags: own },
    'CreatePolicy without an owner': { Path: ourPath, tags: {} },
    'CreatePolicy for another cluster': { Path: ourPath, tags: ofOthers },
  };
  return Object.entries(wanted).map(([what, { Path, tags }]) => ({
    what,
    action: 'iam:CreatePolicy',
    send: (client, account) =>
      client.send(
        new CreatePolicyCommand({
          PolicyName: account.freshName('wanted'),
          Path,
          PolicyDocument: anything,
          Tags: tagList(tags),
        }),
      ),
  }));
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function tagging(): readonly Attempt[] {
  const theirs = { path: ourPath, tags: ofOthers };
  const ours = { path: ourPath, tags: own };
  const wanted = {
    "TagPolicy with our owner of another cluster's policy": { policy: theirs, tags: own },
    'TagPolicy with another link as the owner': { policy: ours, tags: { [uidTag]: 'uid-2' } },
    'TagPolicy with another cluster as the owner': {
      policy: ours,
      tags: { team: 'ml', ...ofOthers },
    },
    'TagPolicy with the owner in capitals': {
      policy: ours,
      tags: { [uidTag.toUpperCase()]: 'uid-2' },
    },
    'TagPolicy without tags': { policy: ours, tags: {} },
  };
  return Object.entries(wanted).map(([what, { policy, tags }]) => ({
    what,
    action: 'iam:TagPolicy',
    send: async (client, account) => {
      const PolicyArn = await account.createPolicy(policy);
      return client.send(new TagPolicyCommand({ PolicyArn, Tags: tagList(tags) }));
    },
  }));
}

type Attachment = (client: IAMClient, name: string, PolicyArn: string) => Promise<unknown>;

const attachments: Readonly<Record<string, Attachment>> = {
  AttachRolePolicy: (client, RoleName, PolicyArn) =>
    client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
  AttachUserPolicy: (client, UserName, PolicyArn) =>
    client.send(new AttachUserPolicyCommand({ UserName, PolicyArn })),
  AttachGroupPolicy: (client, GroupName, PolicyArn) =>
    client.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn })),
  DetachRolePolicy: (client, RoleName, PolicyArn) =>
    client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
  DetachUserPolicy: (client, UserName, PolicyArn) =>
    client.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
  DetachGroupPolicy: (client, GroupName, PolicyArn) =>
    client.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn })),
};

/** Of our policy to principals that nobody named, and of other policies to those that are named. */
function attachmentsElsewhere(): readonly Attempt[] {
  return Object.entries(attachments).flatMap(([action, attach]) => [
    {
      what: `${action} of AdministratorAccess`,
      action: `iam:${action}`,
      send: (client: IAMClient) => attach(client, 'DataScience', administrator),
    },
    {
      what: `${action} of a policy of our tag elsewhere`,
      action: `iam:${action}`,
      send: async (client: IAMClient, account: IamAccount) =>
        attach(client, 'DataScience', await account.createPolicy({ path: '/', tags: own })),
    },
    {
      what: `${action} of our policy at a principal that is not named`,
      action: `iam:${action}`,
      send: async (client: IAMClient, account: IamAccount) =>
        attach(client, 'Billing', await account.createPolicy({ path: ourPath, tags: own })),
    },
  ]);
}

const rights: readonly Attempt[] = [
  {
    what: 'CreateRole',
    action: 'iam:CreateRole',
    send: (client, account) =>
      client.send(
        new CreateRoleCommand({
          RoleName: account.freshName('DataScience'),
          AssumeRolePolicyDocument: anything,
        }),
      ),
  },
  {
    what: 'PutRolePolicy',
    action: 'iam:PutRolePolicy',
    send: (client) =>
      client.send(
        new PutRolePolicyCommand({
          RoleName: 'DataScience',
          PolicyName: 'more',
          PolicyDocument: anything,
        }),
      ),
  },
  {
    what: 'UpdateAssumeRolePolicy',
    action: 'iam:UpdateAssumeRolePolicy',
    send: (client) =>
      client.send(
        new UpdateAssumeRolePolicyCommand({ RoleName: 'DataScience', PolicyDocument: anything }),
      ),
  },
  {
    what: 'CreateAccessKey',
    action: 'iam:CreateAccessKey',
    send: (client) => client.send(new CreateAccessKeyCommand({ UserName: 'DataScience' })),
  },
];

export const forbidden: readonly Attempt[] = [
  ...creations(),
  ...changesOfWhatIsNotOurs(),
  ...tagging(),
  ...attachmentsElsewhere(),
  ...rights,
];

/** Forbidden whatever pattern the administrator chooses for principals. */
export const neverAttached: readonly Attempt[] = [
  ireland.OPERATOR_ROLE,
  'AWSReservedSSO_DataScience_0123',
  'AWSServiceRoleForSageMaker',
].flatMap((role) =>
  ['AttachRolePolicy', 'DetachRolePolicy'].map((action) => ({
    what: `${action} of our policy at ${role}`,
    action: `iam:${action}`,
    send: async (client: IAMClient, account: IamAccount) =>
      attachments[action]?.(client, role, await account.createPolicy({ path: ourPath, tags: own })),
  })),
);
