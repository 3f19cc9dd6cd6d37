import { describe as group, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentFault } from '../../../src/simulator/policies/grammar.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { runProgram } from '../../environment/run-program.ts';

/** A Deny like the operator's; a fault is put into one element of it. */
const sound = {
  Sid: 'Deny1',
  Effect: 'Deny',
  Action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
  Resource: '*',
  Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/48'] } },
};

function documentOf(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const dated = (value: unknown) => ({ DateLessThan: { 'aws:CurrentTime': value } });

/** Values of each element, sound ones and others, of which moto's authors know what IAM says. */
const values = {
  Sid: ['', 'A1', 1],
  Effect: ['Allow', 'allow', 'Denied', undefined],
  Action: ['*', 'sagemaker:*', ['s3:Get*', '*'], 'Create', 'a:b:c', 'sage*:Create', [], 1, '*:*'],
  NotAction: [undefined, 's3:GetObject'],
  Resource: [
    '*',
    'foo',
    'arn:aws',
    'arn:nowhere:s3:::x',
    'arn:nowhere',
    'arn:aws:s3:::bucket/*',
    'arn:*:s3:::x',
    'arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/*',
    'arn:aws:sagemaker',
    'arn:aws:s3::x',
    'arn:aws-cn:sagemaker:*:*:domain/*',
    'arn:aws:iam::111122223333:role/a',
    'arn:aws:iam:us-east-1:111122223333:role/a',
    'arn:aws:iam::111122223333:roles/a',
    ['arn:aws:s3:::a', 'b'],
    [],
    { a: 1 },
  ],
  NotResource: [undefined, '*'],
  Condition: [
    undefined,
    {},
    'text',
    [],
    { FooEquals: { 'aws:username': 'a' } },
    { StringEquals: 'aws:username' },
    { 'ForAllValues:StringLikeIfExists': { 'aws:TagKeys': ['a'] } },
    { 'ForSome:StringLike': { 'aws:TagKeys': ['a'] } },
    { Bool: { 'aws:ViaAWSService': false } },
    { StringEquals: { 'aws:username': { a: 1 } } },
    ...[
      '2026-01-01T00:00:00Z',
      '2026-01-01',
      '2026-13-01',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:00:00+01:00',
      '1767225600',
      '99999999999999999999',
      'tomorrow',
    ].map(dated),
  ],
  Unknown: [undefined, 1],
} as const;

async function motoSays(documents: readonly string[]): Promise<readonly (string | null)[]> {
  const { python } = await ensurePythonEnvironment();
  const script = join(import.meta.dirname, '..', 'clients', 'moto_grammar.py');
  const input = JSON.stringify(documents);
  const { stdout, stderr } = await runProgram(python, [script], { input });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as readonly (string | null)[];
}

const oursOf = (document: string) => documentFault(document, 'identity') ?? null;

test('one fault in a document is refused in the words that moto saw at IAM', async () => {
  const documents = Object.entries(values).flatMap(([name, list]) =>
    list.map((value) => documentOf({ ...sound, [name]: value })),
  );
  const twice = documentOf(sound, sound);
  const all = [...documents, twice, documentOf(), '{', '[]', '{"Version":"2012-10-17"}'];
  const moto = await motoSays(all);
  expect(all.map((document) => [document, oursOf(document)])).toEqual(
    all.map((document, index) => [document, moto[index]]),
  );
  expect(moto.filter((words) => words === null).length).toBeGreaterThan(20);
  expect(new Set(moto).size).toBeGreaterThan(10);
});

test('of several faults in a document at least one is seen, and none where there is none', async () => {
  const statement = fc.record(
    Object.fromEntries(
      Object.entries(values).map(([name, list]) => [name, fc.constantFrom(...list)]),
    ),
    { requiredKeys: [] },
  );
  const documents = fc
    .sample(fc.array(statement, { minLength: 1, maxLength: 2 }), 500)
    .map((given) =>
      documentOf(...given.map((fields, n) => ({ ...sound, Sid: `S${n}`, ...fields }))),
    );
  const moto = await motoSays(documents);
  const verdicts = (words: readonly (string | null)[]) =>
    documents.map((document, index) => [document, words[index] === null]);
  expect(verdicts(documents.map(oursOf))).toEqual(verdicts(moto));
});

group('moto does not know that IAM refuses', () => {
  const vendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  const cases: readonly (readonly [string, object, string])[] = [
    ['a condition key without vendor', { Condition: { StringEquals: { a: 'b' } } }, vendor],
    ['an ARN that begins otherwise', { Resource: 'foo:aws:s3:::a' }, 'must be in ARN format'],
    ['a vendor with wildcards', { Resource: 'arn:aws:s*:::a' }, 'cannot contain regexes'],
    ['Null with IfExists', { Condition: { NullIfExists: { 'aws:username': 'true' } } }, 'Syntax'],
    ['a Sid of other characters', { Sid: 'a-b' }, 'must be alpha numeric'],
    ['a principal', { Principal: '*' }, 'should not specify a principal'],
    ['an address that is none', { Condition: { IpAddress: { 'aws:SourceIp': 'x' } } }, 'address'],
  ];
  test.each(cases)('%s', (_, fields, words) => {
    expect(documentFault(documentOf({ ...sound, ...fields }), 'identity')).toContain(words);
  });
});

group('a trust policy is refused', () => {
  const AWS = 'arn:aws:iam::111122223333:root';
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } };
  const cases: readonly (readonly [string, object, string | undefined])[] = [
    ['not when it is sound', {}, undefined],
    ['not for several principals', { Principal: { AWS: [AWS, '444455556666', '*'] } }, undefined],
    ['with a resource', { Resource: '*' }, 'Has prohibited field Resource'],
    ['with another action', { Action: 's3:GetObject' }, 'may only specify STS AssumeRole actions'],
    ['without principal', { Principal: undefined }, 'must contain a Principal'],
    ['for nobody', { Principal: { AWS: 'ann' } }, 'Invalid principal in policy: "AWS":"ann"'],
    ['for an unknown type', { Principal: { Aws: AWS } }, 'Syntax errors'],
    ['for all but some beside some', { NotPrincipal: { AWS } }, 'Syntax errors'],
  ];
  test.each(cases)('%s', (_, fields, words) => {
    const fault = documentFault(documentOf({ ...trust, ...fields }), 'trust');
    expect(fault).toEqual(words === undefined ? undefined : expect.stringContaining(words));
  });
});

const shipped = join(import.meta.dirname, '..', '..', '..', 'deploy', 'iam');

/** What a user puts in the places of the shipped policies. */
const given: Readonly<Record<string, string>> = {
  PARTITION: 'aws',
  ACCOUNT_ID: '111122223333',
  TARGET_ACCOUNT_ID: '444455556666',
  OIDC_PROVIDER: 'oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE',
};

/** The policy of a queue is SQS's, not IAM's: drift-events-policy.test.ts reads it. */
const ofOtherServices = ['drift-events-queue-policy.json'];

const documents = readdirSync(shipped)
  .filter((file) => file.endsWith('.json'))
  .filter((file) => !ofOtherServices.includes(file));

test.each(documents)('%s, which the operator ships, is well formed', (file) => {
  const text = readFileSync(join(shipped, file), 'utf8').replace(
    /\$\{([A-Z_]+)\}/g,
    (_, name: string) => given[name] ?? 'some',
  );
  expect(documentFault(text, file.startsWith('trust-') ? 'trust' : 'identity')).toBeUndefined();
});
