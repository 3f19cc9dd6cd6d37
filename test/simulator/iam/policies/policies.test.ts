import { describe as group, expect, test } from '@jest/globals';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  type CreatePolicyCommandInput,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  PutUserPermissionsBoundaryCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from '@aws-sdk/client-iam';
import { inAws, refusalOf } from '../../simulated-aws.ts';

/** A Deny like the operator's, whose size grows with the text in its Sid. */
function documentOf(statement: object = {}): string {
  const deny = {
    Sid: 'Deny1',
    Effect: 'Deny',
    Action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
    Resource: '*',
    Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/48'] } },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ ...deny, ...statement }] });
}

async function create(
  iam: IAMClient,
  given: Partial<CreatePolicyCommandInput> = {},
): Promise<string> {
  const input = { PolicyName: 'notebooks', PolicyDocument: documentOf(), ...given };
  return (await iam.send(new CreatePolicyCommand(input))).Policy?.Arn ?? '';
}

function newVersion(iam: IAMClient, PolicyArn: string, SetAsDefault = true) {
  const input = { PolicyArn, PolicyDocument: documentOf(), SetAsDefault };
  return iam.send(new CreatePolicyVersionCommand(input));
}

async function versionsOf(iam: IAMClient, PolicyArn: string): Promise<string[]> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  return Versions.map((v) => `${v.VersionId}${v.IsDefaultVersion === true ? ' default' : ''}`);
}

test(
  'a policy is got with its description and tags, which lists leave out',
  inAws(async ({ iam }) => {
    const given = { Description: 'of notebooks', Tags: [{ Key: 'owner', Value: 'me' }] };
    const PolicyArn = await create(iam, { ...given, Path: '/ml/' });
    expect(PolicyArn).toBe('arn:aws:iam::111122223333:policy/ml/notebooks');
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy).toMatchObject({ ...given, DefaultVersionId: 'v1', AttachmentCount: 0 });
    const { Policies } = await iam.send(new ListPoliciesCommand({ PathPrefix: '/ml/' }));
    expect(Policies).toHaveLength(1);
    expect(Policies?.[0]).toMatchObject({ Arn: PolicyArn });
    expect(Policies?.[0]?.Description).toBeUndefined();
  }),
);

test(
  'a document comes back URL-encoded, spaces as %20 and the rest by RFC 3986',
  inAws(async ({ iam }) => {
    const PolicyDocument = `${documentOf({ Resource: ["arn:aws:s3:::a'(b)*!"] })} \n`;
    const PolicyArn = await create(iam, { PolicyDocument });
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }),
    );
    expect(PolicyVersion?.Document).toMatch(/^[A-Za-z0-9\-._~%]+$/);
    expect(PolicyVersion?.Document).toContain('%20');
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(PolicyDocument);
  }),
);

test(
  'a document without a Version is taken as it is: the language of 2008 applies to it',
  inAws(async ({ iam }) => {
    const Statement = [{ Effect: 'Deny', Action: 'sagemaker:*', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Statement });
    const PolicyArn = await create(iam, { PolicyDocument });
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }),
    );
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(PolicyDocument);
  }),
);

group('AWS refuses to create a policy', () => {
  const ip = (value: string) => documentOf({ Condition: { IpAddress: { 'aws:SourceIp': value } } });
  const cases: readonly (readonly [string, Partial<CreatePolicyCommandInput>, string])[] = [
    ['with a name that is taken', { PolicyName: 'taken' }, 'EntityAlreadyExists'],
    ['with a name that is taken in other case', { PolicyName: 'TAKEN' }, 'EntityAlreadyExists'],
    [
      'with a name that is taken under another path',
      { PolicyName: 'taken', Path: '/other/' },
      'EntityAlreadyExists',
    ],
    ['with a name of characters that IAM does not take', { PolicyName: 'a b' }, 'ValidationError'],
    ['with a path that does not end in a slash', { Path: '/ml' }, 'ValidationError'],
    ['with a tag that IAM does not take', { Tags: [{ Key: 'a', Value: '*' }] }, 'ValidationError'],
    [
      'with tag keys that differ only by case',
      {
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      },
      'InvalidInput',
    ],
    ['that is no JSON', { PolicyDocument: '{' }, 'MalformedPolicyDocument'],
    ['without statements', { PolicyDocument: '{"Statement":[]}' }, 'MalformedPolicyDocument'],
    [
      'of a version that there is not',
      { PolicyDocument: documentOf().replace('2012', '2013') },
      'MalformedPolicyDocument',
    ],
    [
      'with a principal',
      { PolicyDocument: documentOf({ Principal: '*' }) },
      'MalformedPolicyDocument',
    ],
    [
      'without an action',
      { PolicyDocument: documentOf({ Action: [] }) },
      'MalformedPolicyDocument',
    ],
    [
      'without a resource',
      { PolicyDocument: documentOf({ Resource: undefined }) },
      'MalformedPolicyDocument',
    ],
    [
      'with another effect',
      { PolicyDocument: documentOf({ Effect: 'deny' }) },
      'MalformedPolicyDocument',
    ],
    ['with a bad Sid', { PolicyDocument: documentOf({ Sid: 'a-b' }) }, 'MalformedPolicyDocument'],
    [
      'with an address that is none',
      { PolicyDocument: ip('10.0.0.300') },
      'MalformedPolicyDocument',
    ],
    ['with a block in short form', { PolicyDocument: ip('10.0/16') }, 'MalformedPolicyDocument'],
    [
      'with an empty list in a condition',
      { PolicyDocument: documentOf({ Condition: { StringEquals: { a: [] } } }) },
      'MalformedPolicyDocument',
    ],
    [
      'with characters beyond U+00FF',
      { PolicyDocument: documentOf({ Resource: 'arn:€' }) },
      'ValidationError',
    ],
  ];
  for (const [name, given, code] of cases) {
    test(
      name,
      inAws(async ({ iam, simulator }) => {
        await create(iam, { PolicyName: 'taken' });
        const before = simulator.world.account().policies().length;
        expect((await refusalOf(create(iam, given))).code).toBe(code);
        expect(simulator.world.account().policies()).toHaveLength(before);
      }),
    );
  }
});

test(
  'a policy has 6144 characters, whitespace not counted, and not one more',
  inAws(async ({ iam }) => {
    const padding = 6144 - documentOf({ Sid: '' }).length;
    const ofSize = (extra: number) => documentOf({ Sid: 'x'.repeat(padding + extra) });
    const PolicyDocument = ofSize(0).replaceAll(',', ' ,\n ');
    await create(iam, { PolicyName: 'fits', PolicyDocument });
    const tooLong = create(iam, { PolicyName: 'long', PolicyDocument: ofSize(1) });
    expect(await refusalOf(tooLong)).toMatchObject({
      code: 'LimitExceeded',
      httpStatus: 409,
      message: 'Cannot exceed quota for PolicySize: 6144',
    });
  }),
);

group('versions', () => {
  test(
    'are five at most, and their numbers are never used again',
    inAws(async ({ iam }) => {
      const PolicyArn = await create(iam);
      for (let count = 0; count < 4; count += 1) await newVersion(iam, PolicyArn);
      const sixth = newVersion(iam, PolicyArn);
      expect(await refusalOf(sixth)).toMatchObject({ code: 'LimitExceeded', httpStatus: 409 });
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v4' }));
      await newVersion(iam, PolicyArn, false);
      expect(await versionsOf(iam, PolicyArn)).toEqual(['v6', 'v5 default', 'v3', 'v2', 'v1']);
    }),
  );

  test(
    'change places as the default',
    inAws(async ({ iam }) => {
      const PolicyArn = await create(iam);
      await newVersion(iam, PolicyArn);
      const VersionId = 'v1';
      await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));
      expect(await versionsOf(iam, PolicyArn)).toEqual(['v2', 'v1 default']);
    }),
  );

  test(
    'can be deleted, but not the default one',
    inAws(async ({ iam }) => {
      const PolicyArn = await create(iam);
      await newVersion(iam, PolicyArn);
      const remove = (VersionId: string) =>
        iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      const conflict = await refusalOf(remove('v2'));
      expect(conflict).toMatchObject({ code: 'DeleteConflict', httpStatus: 409 });
      await remove('v1');
      expect((await refusalOf(remove('v1'))).code).toBe('NoSuchEntity');
    }),
  );

  test(
    'are checked like the policy',
    inAws(async ({ iam }) => {
      const PolicyArn = await create(iam);
      const input = { PolicyArn, PolicyDocument: 'x' };
      const refusal = await refusalOf(iam.send(new CreatePolicyVersionCommand(input)));
      expect(refusal).toMatchObject({ code: 'MalformedPolicyDocument', httpStatus: 400 });
    }),
  );
});

group('a policy cannot be deleted', () => {
  const remove = (iam: IAMClient, PolicyArn: string) =>
    iam.send(new DeletePolicyCommand({ PolicyArn }));

  test(
    'while it is attached',
    inAws(async ({ iam, simulator }) => {
      const PolicyArn = await create(iam);
      const role = simulator.world.account().createPrincipal({ kind: 'role', name: 'r' });
      const attachment = { RoleName: role.name, PolicyArn };
      await iam.send(new AttachRolePolicyCommand(attachment));
      expect((await refusalOf(remove(iam, PolicyArn))).code).toBe('DeleteConflict');
      await iam.send(new DetachRolePolicyCommand(attachment));
      await remove(iam, PolicyArn);
      const get = iam.send(new GetPolicyCommand({ PolicyArn }));
      expect(await refusalOf(get)).toMatchObject({ code: 'NoSuchEntity', httpStatus: 404 });
    }),
  );

  test(
    'while it is the permissions boundary of somebody',
    inAws(async ({ iam, simulator }) => {
      const PermissionsBoundary = await create(iam);
      simulator.world.account().createPrincipal({ kind: 'user', name: 'ann' });
      const boundary = { UserName: 'ann', PermissionsBoundary };
      await iam.send(new PutUserPermissionsBoundaryCommand(boundary));
      expect((await refusalOf(remove(iam, PermissionsBoundary))).code).toBe('DeleteConflict');
    }),
  );

  test(
    'while it has more than its default version',
    inAws(async ({ iam }) => {
      const PolicyArn = await create(iam);
      await newVersion(iam, PolicyArn);
      expect((await refusalOf(remove(iam, PolicyArn))).code).toBe('DeleteConflict');
    }),
  );

  test(
    'when it belongs to AWS',
    inAws(async ({ iam }) => {
      const arn = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess';
      expect((await refusalOf(remove(iam, arn))).code).toBe('AccessDenied');
    }),
  );
});

test(
  'tags of a policy are added, replaced and removed',
  inAws(async ({ iam }) => {
    const PolicyArn = await create(iam, { Tags: [{ Key: 'a', Value: '1' }] });
    const Tags = [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ];
    await iam.send(new TagPolicyCommand({ PolicyArn, Tags }));
    const tags = async () => (await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags;
    expect(await tags()).toEqual(Tags);
    await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['a'] }));
    expect(await tags()).toEqual([{ Key: 'b', Value: '3' }]);
  }),
);

test(
  'policies are listed by owner, by use and in pages',
  inAws(
    async ({ iam }) => {
      for (const PolicyName of ['a', 'b', 'c']) await create(iam, { PolicyName });
      const Scope = 'Local';
      const first = await iam.send(new ListPoliciesCommand({ Scope }));
      expect(first).toMatchObject({ IsTruncated: true, Policies: [{}, {}] });
      const { Marker } = first;
      const second = await iam.send(new ListPoliciesCommand({ Scope, Marker }));
      expect(second).toMatchObject({ IsTruncated: false, Policies: [{ PolicyName: 'c' }] });
      const used = await iam.send(new ListPoliciesCommand({ Scope, OnlyAttached: true }));
      expect(used.Policies).toEqual([]);
    },
    { iamPageSize: 2 },
  ),
);

test(
  'text that is no ARN of a policy is refused before it is looked for',
  inAws(async ({ iam }) => {
    const malformed = [
      '(known after apply)',
      'arn:aws:iam::aws:pol',
      'policy/sagemaker-privatelink/notebooks',
      `arn:aws:iam::111122223333:policy/${'n'.repeat(2048)}`,
    ];
    for (const PolicyArn of malformed) {
      const look = iam.send(new GetPolicyCommand({ PolicyArn }));
      expect(await refusalOf(look)).toMatchObject({ code: 'ValidationError', httpStatus: 400 });
      const versions = iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
      expect((await refusalOf(versions)).code).toBe('ValidationError');
    }
    const unknown = 'arn:aws:iam::111122223333:policy/notebooks';
    const absent = iam.send(new GetPolicyCommand({ PolicyArn: unknown }));
    expect((await refusalOf(absent)).code).toBe('NoSuchEntity');
  }),
);
