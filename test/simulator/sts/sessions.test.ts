import { describe as group, expect, test } from '@jest/globals';
import { CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { type IssuedKey, post } from '../raw-request.ts';
import { inAws, refusalOf, type SimulatedAws } from '../simulated-aws.ts';

const home = '111122223333';
const arnOf = (name: string) => `arn:aws:iam::${home}:role/${name}`;

function createRole(
  { iam }: SimulatedAws,
  RoleName: string,
  Action: string | readonly string[] = 'sts:AssumeRole',
  MaxSessionDuration?: number,
) {
  const Principal = { AWS: `arn:aws:iam::${home}:root` };
  const Statement = [{ Effect: 'Allow', Action, Principal }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const longest = MaxSessionDuration === undefined ? {} : { MaxSessionDuration };
  return iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, ...longest }));
}

interface Session {
  readonly status: number;
  readonly body: string;
  readonly credentials: IssuedKey;
}

/** Asks for a session of a role, as the caller whose credentials are given. */
async function assume(
  aws: SimulatedAws,
  role: string,
  given: Readonly<Record<string, string>> = {},
  caller?: IssuedKey,
): Promise<Session> {
  const parameters = { Action: 'AssumeRole', RoleArn: arnOf(role), RoleSessionName: 'session' };
  const answer = await post(aws, { ...parameters, ...given }, 'sts', caller);
  const textOf = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(answer.body)?.[1] ?? '';
  const credentials = {
    accessKeyId: textOf('AccessKeyId'),
    secretAccessKey: textOf('SecretAccessKey'),
    sessionToken: textOf('SessionToken'),
  };
  return { ...answer, credentials };
}

group('a session is as long', () => {
  const cases = [
    ['no shorter than 15 minutes', '899', /durationSeconds.*greater than or equal to 900/],
    ['no longer than 12 hours', '43201', /durationSeconds.*less than or equal to 43200/],
    ['no longer than its role says', '7201', /exceeds the MaxSessionDuration set for this role/],
    ['as its role says', '7200', /2026-01-01T02:00:00Z/],
    ['as an hour', undefined, /2026-01-01T01:00:00Z/],
  ] as const;
  test.each(cases)('%s', (_, DurationSeconds, words) =>
    inAws(async (aws) => {
      await createRole(aws, 'long', 'sts:AssumeRole', 7200);
      const { body } = await assume(aws, 'long', DurationSeconds ? { DurationSeconds } : {});
      expect(body).toMatch(words);
    })(),
  );

  test(
    'no longer than an hour when it comes from a session',
    inAws(async (aws) => {
      await createRole(aws, 'long', 'sts:AssumeRole', 7200);
      const { credentials } = await assume(aws, 'long');
      const chained = await assume(aws, 'long', { DurationSeconds: '3601' }, credentials);
      expect(chained.body).toContain('session limit for roles assumed by role chaining');
    }),
  );
});

test(
  "a role keeps its MaxSessionDuration, which is within IAM's bounds",
  inAws(async (aws) => {
    await createRole(aws, 'long', 'sts:AssumeRole', 7200);
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: 'long' }));
    expect(Role?.MaxSessionDuration).toBe(7200);
    for (const seconds of [3599, 43_201]) {
      const refused = await refusalOf(createRole(aws, 'other', 'sts:AssumeRole', seconds));
      expect(refused).toMatchObject({ code: 'ValidationError', httpStatus: 400 });
    }
  }),
);

group('session tags', () => {
  const both = ['sts:AssumeRole', 'sts:TagSession'];
  const tagged = { 'Tags.member.1.Key': 'eks-cluster', 'Tags.member.1.Value': 'prod' };
  const transitive = { ...tagged, 'TransitiveTagKeys.member.1': 'eks-cluster' };
  const refusal = (role: string) =>
    `is not authorized to perform: sts:TagSession on resource: ${arnOf(role)}`;

  test(
    'need sts:TagSession in the trust of the role',
    inAws(async (aws) => {
      await createRole(aws, 'plain');
      await createRole(aws, 'tagging', both);
      expect((await assume(aws, 'plain', tagged)).body).toContain(refusal('plain'));
      expect((await assume(aws, 'tagging', tagged)).status).toBe(200);
    }),
  );

  test(
    'that are transitive need it along the whole chain, as those of EKS Pod Identity do',
    inAws(async (aws) => {
      await createRole(aws, 'plain');
      await createRole(aws, 'first', both);
      await createRole(aws, 'second', 'sts:*');
      const pod = await assume(aws, 'first', transitive);
      expect((await assume(aws, 'plain', {}, pod.credentials)).body).toContain(refusal('plain'));
      const next = await assume(aws, 'second', {}, pod.credentials);
      expect(next.status).toBe(200);
      expect((await assume(aws, 'plain', {}, next.credentials)).body).toContain(refusal('plain'));
    }),
  );

  test(
    'that are not transitive end with their session',
    inAws(async (aws) => {
      await createRole(aws, 'plain');
      await createRole(aws, 'first', both);
      const { credentials } = await assume(aws, 'first', tagged);
      expect((await assume(aws, 'plain', {}, credentials)).status).toBe(200);
    }),
  );
});
