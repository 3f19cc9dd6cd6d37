/** Other people's policies that private DNS gives another meaning, and those that it does not. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PolicyDocument, PrincipalPolicies } from '../../../../../src/plan/facts.ts';
import { findImpact } from '../../../../../src/plan/notebook-policy/impact/impact.ts';
import { isDeniedByIam } from '../independent-evaluator.ts';
import { runs } from '../generated.ts';

const path = { endpointIds: ['vpce-0a00000000000000a', 'vpce-0a00000000000000b'], vpcId: 'vpc-0a' };
const principal = { kind: 'role', name: 'DataScientist' } as const;
const inList = { 'aws:SourceIp': ['203.0.113.0/24'] };

function attached(...statements: readonly object[]): readonly PrincipalPolicies[] {
  const document: PolicyDocument = { Version: '2012-10-17', Statement: statements };
  const arn = 'arn:aws:iam::111122223333:policy/Office';
  return [{ principal, policies: [{ name: 'Office', arn, through: principal, document }] }];
}

function effects(...statements: readonly object[]): readonly string[] {
  return findImpact(attached(...statements), path).map(({ effect }) => effect);
}

const denyOutside = {
  Sid: 'OnlyFromTheOffice',
  Effect: 'Deny',
  Action: 'sagemaker:*',
  Resource: '*',
  Condition: { NotIpAddress: inList },
};
const allowInside = {
  Effect: 'Allow',
  Action: ['sagemaker:*'],
  Resource: '*',
  Condition: { IpAddress: inList },
};

test('a Deny outside of an address list is named with its policy, its Sid and what to do', () => {
  const [finding] = findImpact(attached(denyOutside), path);
  expect(finding).toMatchObject({
    principal,
    policyName: 'Office',
    policyArn: 'arn:aws:iam::111122223333:policy/Office',
    statement: 'OnlyFromTheOffice',
    effect: 'BeginsToDeny',
  });
  expect(finding?.message).toContain(
    'OnlyFromTheOffice in arn:aws:iam::111122223333:policy/Office',
  );
  expect(finding?.message).toContain('Add StringNotEquals aws:SourceVpce');
});

test('an inline policy of a group is named with the group', () => {
  const [entry] = attached(denyOutside);
  const through = { kind: 'group', name: 'ml' } as const;
  const policies = (entry?.policies ?? []).map(({ name, document }) => ({
    name,
    document,
    through,
  }));
  const [finding] = findImpact([{ principal: { kind: 'user', name: 'ana' }, policies }], path);
  expect(finding?.message).toContain('inline policy Office of group ml (user ana)');
});

test.each([
  ['*'],
  ['sagemaker:*'],
  ['SageMaker:CreatePresigned*'],
  ['sagemaker:CreatePresignedNotebookInstanceUrl'],
  ['sage*:*'],
  ['sagemaker-mlflow:*'],
])('Action %s is about SageMaker', (action) => {
  expect(effects({ ...denyOutside, Action: action })).toEqual(['BeginsToDeny']);
});

test.each([['s3:*'], ['iam:Pass*'], ['sts:*']])('Action %s is not', (action) => {
  expect(effects({ ...denyOutside, Action: action })).toEqual([]);
});

test('NotAction is about SageMaker unless it names all of it', () => {
  const { Action: _action, ...rest } = denyOutside;
  expect(effects({ ...rest, NotAction: ['iam:*'] })).toEqual(['BeginsToDeny']);
  expect(effects({ ...rest, NotAction: ['sagemaker:Describe*'] })).toEqual(['BeginsToDeny']);
  expect(effects({ ...rest, NotAction: ['sagemaker*:*'] })).toEqual([]);
  expect(effects({ ...rest, NotAction: '*' })).toEqual([]);
});

test('a Deny that lets the endpoints pass as well is none of our business', () => {
  const ours = { StringNotEquals: { 'aws:sourcevpce': path.endpointIds } };
  const vpc = { StringNotEqualsIfExists: { 'AWS:SourceVpc': 'vpc-0a' } };
  expect(effects({ ...denyOutside, Condition: { NotIpAddress: inList, ...ours } })).toEqual([]);
  expect(effects({ ...denyOutside, Condition: { NotIpAddress: inList, ...vpc } })).toEqual([]);
});

test('a Deny that lets only other endpoints pass, or not all of ours, is named', () => {
  for (const id of ['vpce-0c00000000000000c', path.endpointIds[0]]) {
    const Condition = { NotIpAddress: inList, StringNotEquals: { 'aws:SourceVpce': id } };
    expect(effects({ ...denyOutside, Condition })).toEqual(['BeginsToDeny']);
  }
});

test('an Allow inside of an address list stops to allow, unless another one does', () => {
  expect(effects(allowInside)).toEqual(['StopsAllowing']);
  const full = { Effect: 'Allow', Action: '*', Resource: '*' };
  expect(effects(allowInside, full)).toEqual([]);
  const overEndpoint = {
    ...allowInside,
    Condition: { StringEquals: { 'aws:SourceVpce': path.endpointIds } },
  };
  expect(effects(allowInside, overEndpoint)).toEqual([]);
  const narrower = { ...full, Action: 'sagemaker:Describe*' };
  expect(effects(allowInside, narrower)).toEqual(['StopsAllowing']);
  const withMfa = { ...full, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
  expect(effects(allowInside, withMfa)).toEqual(['StopsAllowing']);
});

test('holes are named too: a Deny that stops, an Allow that begins', () => {
  expect(effects({ ...denyOutside, Condition: { IpAddress: inList } })).toEqual(['StopsDenying']);
  expect(effects({ ...allowInside, Condition: { NotIpAddress: inList } })).toEqual([
    'BeginsToAllow',
  ]);
  expect(effects({ ...allowInside, Condition: { IpAddressIfExists: inList } })).toEqual([
    'BeginsToAllow',
  ]);
});

test('conditions without aws:SourceIp say nothing', () => {
  expect(
    effects({ ...denyOutside, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ).toEqual([]);
  expect(effects({ Effect: 'Deny', Action: '*', Resource: '*' })).toEqual([]);
});

test('a generated statement is named exactly if an IAM simulator sees it change', async () => {
  const conditions = fc.record({
    effect: fc.constantFrom('Allow', 'Deny'),
    ip: fc.constantFrom('IpAddress', 'NotIpAddress', 'IpAddressIfExists', 'NotIpAddressIfExists'),
    more: fc.constantFrom(
      {},
      { Null: { 'aws:SourceIp': 'false' } },
      { Bool: { 'aws:ViaAWSService': 'false' } },
      { BoolIfExists: { 'aws:ViaAWSService': 'true' } },
    ),
  });
  await fc.assert(
    fc.asyncProperty(conditions, async ({ effect, ip, more }) => {
      const Condition = { [ip]: inList, ...more };
      // Asked as a Deny, because only a Deny shows behind the simulator's Allow for everything.
      const asDeny = { ...denyOutside, Action: 'sagemaker:CreateDomain', Condition };
      const holds = async (context: object) =>
        isDeniedByIam([{ Version: '2012-10-17', Statement: [asDeny] }], {
          action: 'sagemaker:CreateDomain',
          resource: 'arn:aws:sagemaker:eu-west-1:111122223333:domain/d-1',
          viaAWSService: false,
          ...context,
        });
      const before = [
        await holds({ sourceIp: '203.0.113.1' }),
        await holds({ sourceIp: '198.51.100.1' }),
      ];
      const after = await holds({
        sourceVpce: path.endpointIds[0],
        sourceVpc: path.vpcId,
        vpcSourceIp: '10.0.0.1',
      });
      const found = effects({ ...asDeny, Effect: effect });
      expect(found.length > 0).toBe(before.some((one) => one !== after));
    }),
    { numRuns: 60 * runs.scale, seed: runs.seed },
  );
});
