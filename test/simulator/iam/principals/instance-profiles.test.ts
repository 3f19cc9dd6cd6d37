import { expect, test } from '@jest/globals';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  GetAccountAuthorizationDetailsCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  ListInstanceProfilesCommand,
  ListInstanceProfilesForRoleCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import { inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

const both = { InstanceProfileName: 'nodes', RoleName: 'node' };

async function createRole({ iam }: SimulatedAws, RoleName: string): Promise<void> {
  const Principal = { Service: 'ec2.amazonaws.com' };
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
}

test(
  'a profile holds one role, which cannot be deleted as long as it does',
  inAws(async (aws) => {
    const { iam } = aws;
    await createRole(aws, 'node');
    await createRole(aws, 'other');
    const make = () =>
      iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'nodes', Path: '/eks/' }));
    const { InstanceProfile } = await make();
    expect(InstanceProfile).toMatchObject({
      Arn: 'arn:aws:iam::111122223333:instance-profile/eks/nodes',
      InstanceProfileId: expect.stringMatching(/^AIPA[A-Z2-7]{17}$/),
    });
    expect(await refusalOf(make())).toMatchObject({
      code: 'EntityAlreadyExists',
      message: 'Instance Profile nodes already exists.',
    });
    const held = () => iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'node' }));
    expect((await held()).InstanceProfiles).toEqual([]);
    await iam.send(new AddRoleToInstanceProfileCommand(both));
    expect((await held()).InstanceProfiles).toMatchObject([{ InstanceProfileName: 'nodes' }]);
    const Filter = ['Role' as const];
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter }));
    expect(details.RoleDetailList).toMatchObject([
      { RoleName: 'node', InstanceProfileList: [{ InstanceProfileName: 'nodes' }] },
      { RoleName: 'other', InstanceProfileList: [] },
    ]);
    const second = iam.send(new AddRoleToInstanceProfileCommand({ ...both, RoleName: 'other' }));
    expect(await refusalOf(second)).toMatchObject({
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
    });
    const deletions = [
      () => iam.send(new DeleteRoleCommand({ RoleName: 'node' })),
      () => iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: 'nodes' })),
    ];
    for (const remove of deletions) {
      expect((await refusalOf(remove())).code).toBe('DeleteConflict');
    }
    await iam.send(new RemoveRoleFromInstanceProfileCommand(both));
    const twice = iam.send(new RemoveRoleFromInstanceProfileCommand(both));
    expect((await refusalOf(twice)).code).toBe('NoSuchEntity');
    for (const remove of deletions) await remove();
    const gone = iam.send(new GetInstanceProfileCommand({ InstanceProfileName: 'nodes' }));
    expect((await refusalOf(gone)).code).toBe('NoSuchEntity');
    expect((await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles).toEqual([]);
  }),
);

test(
  "a role's description and longest session change, each without the other",
  inAws(async (aws) => {
    const { iam } = aws;
    await createRole(aws, 'node');
    const RoleName = 'node';
    await iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    await iam.send(new UpdateRoleCommand({ RoleName, Description: 'of nodes' }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({ MaxSessionDuration: 7200, Description: 'of nodes' });
    const older = await iam.send(
      new UpdateRoleDescriptionCommand({ RoleName, Description: 'of all nodes' }),
    );
    expect(older.Role).toMatchObject({ MaxSessionDuration: 7200, Description: 'of all nodes' });
  }),
);
