import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { ireland, type Policy } from '../../unit/deploy/iam-documents.ts';

/** What somebody signs with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Principals to whom notebook policies are attached, as a link's spec names them. */
export interface NotebookPrincipals {
  readonly roles: readonly [string];
  readonly users: readonly [string];
  readonly groups: readonly [string];
}

/** A document of somebody, that grants what notebooks need. */
export const anything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' }],
});

/** The account of `ireland` in ministack, as its administrator sees it. */
export class IamAccount {
  /** The account's root user, whom no policy limits. */
  readonly root: IAMClient;
  private readonly url: string;
  private readonly clients: IAMClient[] = [];
  private made = 0;

  constructor(url: string) {
    this.url = url;
    // ministack takes an account's number for the key of its root, with the secret it started with.
    const { AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = awsClientEnvironment(url);
    this.root = this.clientOf({ accessKeyId: ireland.ACCOUNT_ID, secretAccessKey });
  }

  clientOf(credentials: Keys): IAMClient {
    const { url: endpoint } = this;
    const client = new IAMClient({ region: ireland.REGION, endpoint, credentials, maxAttempts: 1 });
    this.clients.push(client);
    return client;
  }

  /** A user who may do what the policy says and nothing else; without one, nothing at all. */
  async createUser(policy?: Policy): Promise<Keys> {
    const UserName = this.freshName('user');
    await this.root.send(new CreateUserCommand({ UserName }));
    if (policy !== undefined) {
      const PolicyDocument = JSON.stringify(policy);
      const inline = { UserName, PolicyName: 'shipped', PolicyDocument };
      await this.root.send(new PutUserPolicyCommand(inline));
    }
    const { AccessKey } = await this.root.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error('no key');
    return { accessKeyId, secretAccessKey };
  }

  /** A policy that somebody has made; its ARN. */
  async createPolicy(wanted: {
    readonly path: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<string> {
    const { path: Path, tags = {} } = wanted;
    const { Policy: policy } = await this.root.send(
      new CreatePolicyCommand({
        PolicyName: this.freshName('policy'),
        Path,
        PolicyDocument: anything,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    if (policy?.Arn === undefined) throw new Error('no policy was made');
    return policy.Arn;
  }

  async createRole(RoleName: string, Path = '/'): Promise<void> {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await this.root.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument }));
  }

  /** One of each kind, all with policies of both sorts that the operator has to read. */
  async createNotebookPrincipals(): Promise<NotebookPrincipals> {
    const { root } = this;
    const [RoleName, UserName, GroupName] = ['Lead', 'Ann', 'Team'].map((one) =>
      this.freshName(`DataScience-${one}`),
    ) as [string, string, string];
    const PolicyArn = await this.createPolicy({ path: '/' });
    const inline = { PolicyName: 'inline', PolicyDocument: anything };
    await this.createRole(RoleName);
    await root.send(new CreateUserCommand({ UserName }));
    await root.send(new CreateGroupCommand({ GroupName }));
    await root.send(new AddUserToGroupCommand({ UserName, GroupName }));
    await root.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await root.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    await root.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
    await root.send(new PutRolePolicyCommand({ RoleName, ...inline }));
    await root.send(new PutUserPolicyCommand({ UserName, ...inline }));
    await root.send(new PutGroupPolicyCommand({ GroupName, ...inline }));
    return { roles: [RoleName], users: [UserName], groups: [GroupName] };
  }

  /** Names of the policies where the operator makes its own. */
  async policyNames(PathPrefix = '/sagemaker-privatelink/'): Promise<readonly string[]> {
    const { Policies = [] } = await this.root.send(
      new ListPoliciesCommand({ Scope: 'Local', PathPrefix }),
    );
    return Policies.map(({ PolicyName }) => PolicyName ?? '');
  }

  close(): void {
    for (const client of this.clients) client.destroy();
  }

  /** A name that nothing here has. */
  freshName(kind: string): string {
    this.made += 1;
    return `${kind}-${this.made}`;
  }
}
