import { describe as group, expect, test } from '@jest/globals';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetGroupCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  type ListEntitiesForPolicyCommandInput,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  paginateListEntitiesForPolicy,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});
const deny = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'sagemaker:*', Resource: '*' }],
});

/** A role, a user and a group, and the ARN of a policy. */
function people({ simulator }: SimulatedAws) {
  const account = simulator.world.account();
  account.createPrincipal({ kind: 'role', name: 'DataScientist' });
  account.createPrincipal({ kind: 'user', name: 'ann' });
  account.createPrincipal({ kind: 'group', name: 'staff' });
  const { arn } = account.createPolicy({ name: 'notebooks', document: JSON.parse(deny) });
  return {
    PolicyArn: arn,
    role: { RoleName: 'DataScientist' },
    user: { UserName: 'ann' },
    group: { GroupName: 'staff' },
    morePolicies: (count: number) =>
      Array.from(
        { length: count },
        (_, i) => account.createPolicy({ name: `p${i}`, document: JSON.parse(deny) }).arn,
      ),
  };
}

test(
  'a policy is attached to roles, users and groups, twice without an error',
  inAws(async (aws) => {
    const { iam } = aws;
    const { PolicyArn, role, user, group: staff } = people(aws);
    for (let count = 0; count < 2; count += 1) {
      await iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
      await iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn }));
      await iam.send(new AttachGroupPolicyCommand({ ...staff, PolicyArn }));
    }
    const attached = [{ PolicyName: 'notebooks', PolicyArn }];
    const ofRole = await iam.send(new ListAttachedRolePoliciesCommand(role));
    const ofUser = await iam.send(new ListAttachedUserPoliciesCommand(user));
    const ofGroup = await iam.send(new ListAttachedGroupPoliciesCommand(staff));
    for (const { AttachedPolicies } of [ofRole, ofUser, ofGroup]) {
      expect(AttachedPolicies).toEqual(attached);
    }
    const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
    expect(entities).toMatchObject({
      PolicyRoles: [{ RoleName: 'DataScientist', RoleId: expect.stringMatching(/^AROA/) }],
      PolicyUsers: [{ UserName: 'ann' }],
      PolicyGroups: [{ GroupName: 'staff' }],
      IsTruncated: false,
    });
  }),
);

test(
  'a policy that is not attached cannot be detached',
  inAws(async (aws) => {
    const { PolicyArn, role } = people(aws);
    const detach = () => aws.iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn }));
    expect((await refusalOf(detach())).code).toBe('NoSuchEntity');
    await aws.iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
    await detach();
    const { AttachedPolicies } = await aws.iam.send(new ListAttachedRolePoliciesCommand(role));
    expect(AttachedPolicies).toEqual([]);
  }),
);

group('attaching is refused', () => {
  test(
    'for a role that does not exist, and for a policy that does not exist',
    inAws(async (aws) => {
      const { PolicyArn, role } = people(aws);
      const noRole = new AttachRolePolicyCommand({ RoleName: 'nobody', PolicyArn });
      expect(await refusalOf(aws.iam.send(noRole))).toMatchObject({
        code: 'NoSuchEntity',
        httpStatus: 404,
        message: 'The role with name nobody cannot be found.',
      });
      const noPolicy = new AttachRolePolicyCommand({ ...role, PolicyArn: `${PolicyArn}2` });
      expect((await refusalOf(aws.iam.send(noPolicy))).code).toBe('NoSuchEntity');
    }),
  );

  const quotas = [
    ['the twenty-first time to a role', 20, 'role'],
    ['the eleventh time to a user', 10, 'user'],
    ['the eleventh time to a group', 10, 'group'],
  ] as const;
  for (const [name, quota, kind] of quotas) {
    test(
      name,
      inAws(async (aws) => {
        const { role, user, group: staff, morePolicies } = people(aws);
        const commands = {
          role: (PolicyArn: string) =>
            aws.iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn })),
          user: (PolicyArn: string) =>
            aws.iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn })),
          group: (PolicyArn: string) =>
            aws.iam.send(new AttachGroupPolicyCommand({ ...staff, PolicyArn })),
        };
        const [oneTooMany = '', ...arns] = morePolicies(quota + 1);
        for (const arn of arns) await commands[kind](arn);
        const refusal = await refusalOf(commands[kind](oneTooMany));
        expect(refusal).toMatchObject({ code: 'LimitExceeded', httpStatus: 409 });
      }),
    );
  }

  const protectedPaths = ['/aws-service-role/x.amazonaws.com/', '/aws-reserved/sso.amazonaws.com/'];
  for (const path of protectedPaths) {
    test(
      `to a role under ${path}, as is everything else that would change it`,
      inAws(async (aws) => {
        const { PolicyArn } = people(aws);
        aws.simulator.world.account().createPrincipal({ kind: 'role', name: 'AWSx', path });
        const RoleName = 'AWSx';
        const input = { RoleName, PolicyArn, PolicyName: 'p', PolicyDocument: deny };
        const PermissionsBoundary = PolicyArn;
        const changes = [
          aws.iam.send(new AttachRolePolicyCommand(input)),
          aws.iam.send(new DetachRolePolicyCommand(input)),
          aws.iam.send(new PutRolePolicyCommand(input)),
          aws.iam.send(new PutRolePermissionsBoundaryCommand({ ...input, PermissionsBoundary })),
          aws.iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] })),
          aws.iam.send(new DeleteRoleCommand({ RoleName })),
        ];
        for (const change of changes) {
          expect((await refusalOf(change)).code).toBe('UnmodifiableEntity');
        }
      }),
    );
  }
});

group('who uses a policy', () => {
  async function usedBy(aws: SimulatedAws, given: Partial<ListEntitiesForPolicyCommandInput>) {
    const { PolicyArn, role, user } = people(aws);
    await aws.iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
    const boundary = { ...user, PermissionsBoundary: PolicyArn };
    await aws.iam.send(new PutUserPermissionsBoundaryCommand(boundary));
    const { PolicyRoles = [], PolicyUsers = [] } = await aws.iam.send(
      new ListEntitiesForPolicyCommand({ PolicyArn, ...given }),
    );
    return [
      ...PolicyRoles.map(({ RoleName }) => RoleName),
      ...PolicyUsers.map(({ UserName }) => UserName),
    ];
  }

  const cases = [
    ['is everybody without a filter', {}, ['DataScientist', 'ann']],
    ['for permissions', { PolicyUsageFilter: 'PermissionsPolicy' }, ['DataScientist']],
    ['as a boundary', { PolicyUsageFilter: 'PermissionsBoundary' }, ['ann']],
    ['among users', { EntityFilter: 'User' }, ['ann']],
  ] as const;
  for (const [name, given, expected] of cases) {
    test(
      name,
      inAws(async (aws) => expect(await usedBy(aws, given)).toEqual(expected)),
    );
  }

  test(
    'comes in pages, which may be smaller than asked for',
    inAws(
      async (aws) => {
        const { PolicyArn, role, user, group: staff } = people(aws);
        await aws.iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
        await aws.iam.send(new AttachUserPolicyCommand({ ...user, PolicyArn }));
        await aws.iam.send(new AttachGroupPolicyCommand({ ...staff, PolicyArn }));
        const sizes: number[] = [];
        for await (const page of paginateListEntitiesForPolicy(
          { client: aws.iam, pageSize: 100 },
          { PolicyArn },
        )) {
          const { PolicyRoles, PolicyUsers, PolicyGroups } = page;
          sizes.push([PolicyRoles, PolicyUsers, PolicyGroups].flat().length);
        }
        expect(sizes).toEqual([2, 1]);
      },
      { iamPageSize: 2 },
    ),
  );
});

test(
  'a role is created, got, listed, tagged and deleted',
  inAws(async ({ iam }) => {
    const RoleName = 'r';
    const Tags = [{ Key: 'a', Value: 'b' }];
    const input = { RoleName, Path: '/ml/', AssumeRolePolicyDocument: trust, Tags };
    await iam.send(new CreateRoleCommand(input));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({ Arn: 'arn:aws:iam::111122223333:role/ml/r', Tags });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'c', Value: 'd' }] }));
    expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toHaveLength(2);
    expect((await iam.send(new ListRolesCommand({ PathPrefix: '/ml/' }))).Roles).toHaveLength(1);
    await iam.send(new DeleteRoleCommand({ RoleName }));
    const get = iam.send(new GetRoleCommand({ RoleName }));
    expect((await refusalOf(get)).code).toBe('NoSuchEntity');
  }),
);

test(
  'names of roles, users and groups are taken whatever their case, each kind for itself',
  inAws(async ({ iam }) => {
    await iam.send(new CreateUserCommand({ UserName: 'ann' }));
    await iam.send(new CreateGroupCommand({ GroupName: 'ann' }));
    const again = iam.send(new CreateUserCommand({ UserName: 'ANN' }));
    expect((await refusalOf(again)).code).toBe('EntityAlreadyExists');
  }),
);

test(
  'a trust policy without a principal is refused',
  inAws(async (aws) => {
    const { role } = people(aws);
    const update = new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: deny });
    expect((await refusalOf(aws.iam.send(update))).code).toBe('MalformedPolicyDocument');
    await aws.iam.send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: trust }));
  }),
);

group('a role or group cannot be deleted', () => {
  test(
    'while policies are attached or inline',
    inAws(async (aws) => {
      const { PolicyArn, role } = people(aws);
      const remove = () => aws.iam.send(new DeleteRoleCommand(role));
      await aws.iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
      expect((await refusalOf(remove())).code).toBe('DeleteConflict');
      await aws.iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn }));
      const inline = { ...role, PolicyName: 'p', PolicyDocument: deny };
      await aws.iam.send(new PutRolePolicyCommand(inline));
      expect((await refusalOf(remove())).code).toBe('DeleteConflict');
      await aws.iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName: 'p' }));
      await remove();
    }),
  );

  test(
    'while it has members',
    inAws(async (aws) => {
      const { user, group: staff } = people(aws);
      await aws.iam.send(new AddUserToGroupCommand({ ...user, ...staff }));
      const remove = aws.iam.send(new DeleteGroupCommand(staff));
      expect((await refusalOf(remove)).code).toBe('DeleteConflict');
    }),
  );
});

test(
  'members of a group are known from both sides',
  inAws(async (aws) => {
    const { user, group: staff } = people(aws);
    await aws.iam.send(new AddUserToGroupCommand({ ...user, ...staff }));
    const { Users } = await aws.iam.send(new GetGroupCommand(staff));
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['ann']);
    const { Groups } = await aws.iam.send(new ListGroupsForUserCommand(user));
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['staff']);
  }),
);

test(
  'a permissions boundary is put, shown and removed',
  inAws(async (aws) => {
    const { PolicyArn, role } = people(aws);
    const boundary = { ...role, PermissionsBoundary: PolicyArn };
    await aws.iam.send(new PutRolePermissionsBoundaryCommand(boundary));
    const shown = async () =>
      (await aws.iam.send(new GetRoleCommand(role))).Role?.PermissionsBoundary;
    expect(await shown()).toMatchObject({ PermissionsBoundaryArn: PolicyArn });
    await aws.iam.send(new DeleteRolePermissionsBoundaryCommand(role));
    expect(await shown()).toBeUndefined();
  }),
);

test(
  'an inline policy is put, listed and got URL-encoded',
  inAws(async (aws) => {
    const { role } = people(aws);
    const PolicyName = 'sources';
    await aws.iam.send(new PutRolePolicyCommand({ ...role, PolicyName, PolicyDocument: deny }));
    const { PolicyNames } = await aws.iam.send(new ListRolePoliciesCommand(role));
    expect(PolicyNames).toEqual([PolicyName]);
    const { PolicyDocument = '' } = await aws.iam.send(
      new GetRolePolicyCommand({ ...role, PolicyName }),
    );
    expect(PolicyDocument).not.toContain('{');
    expect(decodeURIComponent(PolicyDocument)).toBe(deny);
  }),
);

test(
  'a user who is not named is the caller',
  inAws(async ({ iam }) => {
    await iam.send(new CreateUserCommand({ UserName: 'operator' }));
    expect((await iam.send(new GetUserCommand({}))).User?.UserName).toBe('operator');
  }),
);

group('the authorization details of the account', () => {
  test(
    'hold everything that grants or denies, documents URL-encoded',
    inAws(async (aws) => {
      const { PolicyArn, role, user, group: staff } = people(aws);
      await aws.iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
      await aws.iam.send(new AddUserToGroupCommand({ ...user, ...staff }));
      const inline = { ...role, PolicyName: 'p', PolicyDocument: deny };
      await aws.iam.send(new PutRolePolicyCommand(inline));
      const Filter = ['User', 'Role', 'Group', 'LocalManagedPolicy'] as const;
      const details = await aws.iam.send(
        new GetAccountAuthorizationDetailsCommand({ Filter: [...Filter] }),
      );
      expect(details).toMatchObject({
        IsTruncated: false,
        UserDetailList: [{ UserName: 'ann', GroupList: ['staff'] }],
        GroupDetailList: [{ GroupName: 'staff' }],
        RoleDetailList: [
          {
            RoleName: 'DataScientist',
            AttachedManagedPolicies: [{ PolicyArn }],
            RolePolicyList: [
              { PolicyName: 'p', PolicyDocument: encodeURIComponent(deny).replaceAll('*', '%2A') },
            ],
          },
        ],
        Policies: [{ Arn: PolicyArn, PolicyVersionList: [{ VersionId: 'v1' }] }],
      });
    }),
  );

  test(
    "hold only what the filter says, and AWS's own policies when asked for",
    inAws(async (aws) => {
      people(aws);
      const command = new GetAccountAuthorizationDetailsCommand({ Filter: ['AWSManagedPolicy'] });
      const { RoleDetailList, Policies } = await aws.iam.send(command);
      expect(RoleDetailList).toEqual([]);
      expect(Policies?.map(({ PolicyName }) => PolicyName)).toContain('AmazonSageMakerFullAccess');
    }),
  );
});
