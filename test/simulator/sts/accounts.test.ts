import { describe as group, expect, test } from '@jest/globals';
import { CreateVpcCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { post } from '../raw-request.ts';
import { homeRegion, inAws, refusalOf, type SimulatedAws } from '../simulated-aws.ts';

const other = '444455556666';
const roleArn = `arn:aws:iam::${other}:role/operator`;

/** A role of the other account that the default account may assume. */
async function createRole({ iamClient }: SimulatedAws, statement: object): Promise<void> {
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const command = new CreateRoleCommand({ RoleName: 'operator', AssumeRolePolicyDocument });
  await iamClient({ accessKeyId: other }).send(command);
}

const homeRoot = { Principal: { AWS: 'arn:aws:iam::111122223333:root' } };

/** Credentials of the role, got by the SDK's own provider. */
function assume({ simulator }: SimulatedAws, ExternalId?: string, RoleArn = roleArn) {
  return fromTemporaryCredentials({
    masterCredentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    params: { RoleArn, RoleSessionName: 'session', ...(ExternalId && { ExternalId }) },
    clientConfig: { endpoint: simulator.url, region: homeRegion, maxAttempts: 1 },
  })();
}

test(
  'the caller of any access key is a user of the default account',
  inAws(async (aws) => {
    const { body } = await post(aws, { Action: 'GetCallerIdentity' }, 'sts');
    expect(body).toContain('<Arn>arn:aws:iam::111122223333:user/operator</Arn>');
    expect(body).toContain('<Account>111122223333</Account>');
    expect(body).toMatch(/<UserId>AIDA[A-Z2-7]{17}<\/UserId>/);
  }),
);

test(
  'the caller of an access key of twelve digits is a user of that account',
  inAws(async (aws) => {
    const { body } = await post(aws, { Action: 'GetCallerIdentity' }, 'sts', other);
    expect(body).toContain(`<Arn>arn:aws:iam::${other}:user/operator</Arn>`);
  }),
);

test(
  'accounts and regions are worlds of their own',
  inAws(async (aws) => {
    await aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const count = async (given: { accessKeyId?: string; region?: string }) => {
      const { Vpcs } = await aws.ec2Client(given).send(new DescribeVpcsCommand({}));
      return Vpcs?.length;
    };
    expect(await count({})).toBe(2);
    expect(await count({ region: 'eu-west-1' })).toBe(1);
    expect(await count({ accessKeyId: other })).toBe(1);
  }),
);

test(
  'credentials of an assumed role act in the account of the role',
  inAws(async (aws) => {
    await createRole(aws, homeRoot);
    const credentials = await assume(aws);
    const { accessKeyId, sessionToken } = credentials;
    expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(sessionToken).toBeDefined();
    const who = { Action: 'GetCallerIdentity' };
    const identity = await post(aws, who, 'sts', credentials);
    const arn = `arn:aws:sts::${other}:assumed-role/operator/session`;
    expect(identity.body).toContain(`<Arn>${arn}</Arn>`);
    const ec2 = aws.ec2Client(credentials);
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs?.map(({ OwnerId }) => OwnerId)).toEqual([other]);
  }),
);

group('a role cannot be assumed', () => {
  const denied = { code: 'AccessDenied', httpStatus: 403 };

  test(
    'when it does not exist',
    inAws(async (aws) => expect(await refusalOf(assume(aws))).toMatchObject(denied)),
  );

  test(
    'when it trusts another account',
    inAws(async (aws) => {
      await createRole(aws, { Principal: { AWS: 'arn:aws:iam::999988887777:root' } });
      expect(await refusalOf(assume(aws))).toMatchObject(denied);
    }),
  );

  test(
    'without the external id that it asks for',
    inAws(async (aws) => {
      const Condition = { StringEquals: { 'sts:ExternalId': 'cluster-1' } };
      await createRole(aws, { ...homeRoot, Condition });
      expect(await refusalOf(assume(aws))).toMatchObject(denied);
      expect(await refusalOf(assume(aws, 'cluster-2'))).toMatchObject(denied);
      expect((await assume(aws, 'cluster-1')).accessKeyId).toMatch(/^ASIA/);
    }),
  );

  test(
    'under another path than its own',
    inAws(async (aws) => {
      await createRole(aws, homeRoot);
      const elsewhere = `arn:aws:iam::${other}:role/path/operator`;
      expect(await refusalOf(assume(aws, undefined, elsewhere))).toMatchObject(denied);
    }),
  );
});

test(
  'a role can trust one other role, and then only sessions of that one',
  inAws(async (aws) => {
    const account = aws.simulator.world.account();
    account.createPrincipal({ kind: 'role', name: 'first', path: '/ops/' });
    account.createPrincipal({ kind: 'role', name: 'second' });
    await createRole(aws, { Principal: { AWS: 'arn:aws:iam::111122223333:role/ops/first' } });
    const chained = async (RoleArn: string) => {
      const credentials = await assume(aws, undefined, RoleArn);
      const parameters = { Action: 'AssumeRole', RoleArn: roleArn, RoleSessionName: 'chained' };
      return (await post(aws, parameters, 'sts', credentials)).status;
    };
    expect(await chained('arn:aws:iam::111122223333:role/ops/first')).toBe(200);
    expect(await chained('arn:aws:iam::111122223333:role/second')).toBe(403);
  }),
);

test(
  'a web identity gets credentials of a role that trusts its provider, without a signature',
  inAws(async (aws) => {
    const ask = (RoleArn: string) =>
      post(
        aws,
        {
          Action: 'AssumeRoleWithWebIdentity',
          RoleArn,
          RoleSessionName: 'pod',
          WebIdentityToken: 'token',
        },
        'sts',
        '',
      );
    await createRole(aws, { Principal: { Federated: `arn:aws:iam::${other}:oidc-provider/x` } });
    const { body } = await ask(roleArn);
    expect(body).toContain(`<Arn>arn:aws:sts::${other}:assumed-role/operator/pod</Arn>`);
    expect((await ask(`${roleArn}2`)).status).toBe(403);
  }),
);

group('credentials that AWS does not accept', () => {
  const who = { Action: 'GetCallerIdentity' };

  test(
    'are a known key with another secret',
    inAws(async (aws) => {
      await createRole(aws, homeRoot);
      const key = await assume(aws);
      const forged = { ...key, secretAccessKey: `${key.secretAccessKey}x` };
      expect((await post(aws, who, 'sts', key)).status).toBe(200);
      const sts = await post(aws, who, 'sts', forged);
      expect(sts.status).toBe(403);
      expect(sts.body).toContain('<Code>SignatureDoesNotMatch</Code>');
      for (const secretAccessKey of [key.secretAccessKey, forged.secretAccessKey]) {
        const { sessionToken } = key;
        const client = { accessKeyId: key.accessKeyId, secretAccessKey, sessionToken };
        const roles = aws.iamClient(client).send(new ListRolesCommand({}));
        const vpcs = aws.ec2Client(client).send(new DescribeVpcsCommand({}));
        if (secretAccessKey === key.secretAccessKey) {
          await Promise.all([roles, vpcs]);
        } else {
          expect((await refusalOf(roles)).code).toBe('SignatureDoesNotMatch');
          expect(await refusalOf(vpcs)).toMatchObject({ code: 'AuthFailure', httpStatus: 401 });
        }
      }
    }),
  );

  test(
    'are a known key whose request was changed on its way',
    inAws(async (aws) => {
      await createRole(aws, homeRoot);
      const key = await assume(aws);
      const later = { 'x-amz-date': '20260101T000001Z' };
      const { body } = await post(aws, who, 'sts', key, later);
      expect(body).toContain('<Code>SignatureDoesNotMatch</Code>');
    }),
  );

  test(
    'are a known key whose body was changed after it was signed',
    inAws(async (aws) => {
      await createRole(aws, homeRoot);
      const { expiration: _, ...key } = await assume(aws);
      const client = aws.ec2Client(key);
      client.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as { body: string };
          request.body = request.body.replace('DescribeVpcs', 'DescribeTags');
          return next(args);
        },
        { step: 'deserialize', priority: 'low' },
      );
      const changed = await refusalOf(client.send(new DescribeVpcsCommand({})));
      expect(changed.code).toBe('AuthFailure');
    }),
  );

  test(
    'are a lasting key with a token',
    inAws(async (aws) => {
      await aws.iam.send(new CreateUserCommand({ UserName: 'ann' }));
      const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
      const key = {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      };
      expect((await post(aws, who, 'sts', key)).status).toBe(200);
      const { body } = await post(aws, who, 'sts', { ...key, sessionToken: 'token' });
      expect(body).toContain('<Code>InvalidClientTokenId</Code>');
    }),
  );

  test(
    'are in a header that lacks parts of a signature',
    inAws(async (aws) => {
      const authorization = 'AWS4-HMAC-SHA256 Credential=a/b/c/sts/aws4_request';
      const { status, body } = await post(aws, who, 'sts', '', { authorization });
      expect(status).toBe(403);
      expect(body).toContain('<Code>IncompleteSignature</Code>');
      expect(body.replaceAll('&apos;', "'")).toContain(
        "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
      );
    }),
  );

  test(
    'are temporary ones that it did not issue',
    inAws(async (aws) => {
      const describe = aws.ec2Client({ accessKeyId: 'ASIAUNKNOWN' });
      const ec2 = await refusalOf(describe.send(new DescribeVpcsCommand({})));
      expect(ec2).toMatchObject({ code: 'AuthFailure', httpStatus: 401 });
      const sts = await post(aws, { Action: 'GetCallerIdentity' }, 'sts', 'ASIAUNKNOWN');
      expect(sts.body).toContain('<Code>InvalidClientTokenId</Code>');
    }),
  );

  test(
    'are temporary ones without their token, or with the token of others',
    inAws(async (aws) => {
      await createRole(aws, homeRoot);
      const [one, two] = [await assume(aws), await assume(aws)];
      for (const sessionToken of [undefined, two.sessionToken]) {
        const mixed = { ...one, sessionToken };
        const who = { Action: 'GetCallerIdentity' };
        const sts = await post(aws, who, 'sts', mixed);
        expect(sts.status).toBe(403);
        expect(sts.body).toContain('<Code>InvalidClientTokenId</Code>');
        const ec2 = await post(aws, { Action: 'DescribeVpcs' }, 'ec2', mixed);
        expect(ec2.body).toContain('<Code>AuthFailure</Code>');
      }
    }),
  );

  test(
    'are none at all',
    inAws(async (aws) => {
      const sts = await post(aws, { Action: 'GetCallerIdentity' }, 'sts', '');
      expect(sts.status).toBe(403);
      expect(sts.body).toContain('<Code>MissingAuthenticationToken</Code>');
    }),
  );

  test(
    'are those that have expired',
    inAws(async (aws) => {
      await createRole(aws, homeRoot);
      const { expiration, ...credentials } = await assume(aws);
      aws.clock.advance((expiration?.getTime() ?? 0) - aws.clock.now());
      const describe = aws.ec2Client(credentials).send(new DescribeVpcsCommand({}));
      expect((await refusalOf(describe)).code).toBe('RequestExpired');
      const who = { Action: 'GetCallerIdentity' };
      const sts = await post(aws, who, 'sts', credentials);
      expect(sts.body).toContain('<Code>ExpiredToken</Code>');
    }),
  );

  test(
    'are all that it did not issue, when told so',
    inAws(async (aws) => {
      await aws.iam.send(new CreateUserCommand({ UserName: 'ann', Path: '/people/' }));
      const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
      aws.simulator.world.acceptOnlyKnownCredentials();
      const refused = await refusalOf(aws.ec2.send(new DescribeVpcsCommand({})));
      expect(refused.code).toBe('AuthFailure');
      const parameters = { Action: 'GetCallerIdentity' };
      const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } =
        AccessKey ?? {};
      const { body } = await post(aws, parameters, 'sts', { accessKeyId, secretAccessKey });
      expect(body).toContain('<Arn>arn:aws:iam::111122223333:user/people/ann</Arn>');
    }),
  );
});

test(
  'ARNs are those of the partition of the region',
  inAws(async (aws) => {
    const iam = aws.iamClient({ region: 'cn-north-1' });
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'ann' }));
    expect(User?.Arn).toBe('arn:aws-cn:iam::111122223333:user/ann');
  }),
);
