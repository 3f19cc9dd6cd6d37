import { expect, test } from '@jest/globals';
import { itemError } from '../../../src/aws/client/to-cloud-error.ts';
import { CloudError, type CloudErrorKind } from '../../../src/plan/cloud.ts';
import { findingsOf, type PassEnd } from '../../../src/plan/pass-end.ts';
import type { Problem, Wait } from '../../../src/plan/findings.ts';
import { nothingObserved } from '../../../src/plan/observation.ts';
import { settled } from '../../../src/plan/stage.ts';

const forGroup: Wait = {
  subject: 'EndpointsAvailable',
  reason: 'Progressing',
  message: 'The endpoint for api waits for its security group.',
  awaits: ['SecurityGroupReady'],
};

const noTimes = { seen: {}, settledNames: {} };

function endWith(parts: {
  waits: readonly Wait[];
  problems: readonly Problem[];
}): Omit<PassEnd, 'findings'> {
  const plan = {
    ...settled,
    ...parts,
    desired: [],
    subnets: [],
    skippedSubnets: [],
    reached: [],
    gone: false,
    ...noTimes,
  };
  return {
    plan,
    observation: nothingObserved,
    done: [],
    found: [],
    notes: [],
    failed: [],
    withheld: [],
  };
}

test('an endpoint that waits for a group which needs a person needs that person too', () => {
  const problem = {
    subject: 'SecurityGroupReady',
    reason: 'PrefixListNotFound',
    severity: 'stalled',
    message: 'pl-1 not found.',
  } as const;
  const { problems, waits } = findingsOf(endWith({ waits: [forGroup], problems: [problem] }));
  expect(waits).toEqual([]);
  expect(problems).toEqual([
    problem,
    { ...problem, subject: 'EndpointsAvailable', message: forGroup.message },
  ]);
});

test('what waits for something that waits for a person needs that person too', () => {
  const problem = {
    subject: 'EndpointsAvailable',
    reason: 'UnsupportedIPAddressType',
    severity: 'stalled',
    message: 'The service for notebook has no IPv6.',
  } as const;
  const forEndpoints: Wait = {
    subject: 'NotebookAccessEnforced',
    reason: 'Progressing',
    message: 'The policy waits for the endpoints.',
    awaits: ['EndpointsAvailable'],
  };
  const forPolicy: Wait = {
    subject: 'ClientsConfigured',
    reason: 'WaitingForPolicy',
    message: 'The clients wait for the policy.',
    awaits: ['NotebookAccessEnforced'],
  };
  // In an order in which one look at each does not tell.
  const { problems, waits } = findingsOf(
    endWith({ waits: [forPolicy, forEndpoints], problems: [problem] }),
  );
  expect(waits).toEqual([]);
  expect(problems.map(({ subject, severity }) => `${subject} ${severity}`)).toEqual([
    'EndpointsAvailable stalled',
    'NotebookAccessEnforced stalled',
    'ClientsConfigured stalled',
  ]);
});

test('an endpoint that waits for a group which AWS is making goes on waiting', () => {
  const making = {
    ...forGroup,
    subject: 'SecurityGroupReady',
    message: 'Not visible yet.',
  } as const;
  const { awaits: _none, ...wait } = making;
  expect(findingsOf(endWith({ waits: [forGroup, wait], problems: [] }))).toEqual({
    problems: [],
    waits: [forGroup, wait],
  });
});

test('an ingress group that AWS does not find needs a person, and is named', () => {
  const action = {
    kind: 'AuthorizeIngress',
    groupId: 'sg-own',
    rules: [{ port: 443, source: { securityGroupId: 'sg-missing' } }],
    tags: {},
    reason: 'x',
  } as const;
  const errorAbout = (groupId: string): CloudError =>
    new CloudError({
      kind: 'NotFound',
      action: 'ec2:AuthorizeSecurityGroupIngress',
      code: 'InvalidGroup.NotFound',
      message: `The security group '${groupId}' does not exist`,
    });
  const end = endWith({ waits: [], problems: [] });
  const missing = findingsOf({ ...end, failed: [{ action, error: errorAbout('sg-missing') }] });
  expect(missing.problems).toMatchObject([
    { reason: 'SecurityGroupNotFound', severity: 'stalled' },
  ]);
  expect(missing.problems[0]?.message).toContain('sg-missing');

  const ownNotVisibleYet = findingsOf({
    ...end,
    failed: [{ action, error: errorAbout('sg-own') }],
  });
  expect(ownNotVisibleYet).toMatchObject({
    problems: [],
    waits: [{ subject: 'SecurityGroupReady' }],
  });
});

test('a source group of a network that is not peered needs a person, and is named', () => {
  const sources = ['sg-far', 'sg-near'].map((securityGroupId) => ({ securityGroupId }));
  const action = {
    kind: 'AuthorizeIngress',
    groupId: 'sg-own',
    rules: [{ cidr: '10.0.0.0/16' }, ...sources].map((source) => ({ port: 443, source })),
    tags: {},
    reason: 'x',
  } as const;
  const error = itemError(
    'ec2:AuthorizeSecurityGroupIngress',
    'InvalidGroup.NotFound',
    'You have specified two resources that belong to different networks.',
  );
  const { problems, waits } = findingsOf({
    ...endWith({ waits: [], problems: [] }),
    failed: [{ action, error }],
  });
  expect(waits).toEqual([]);
  expect(problems).toMatchObject([
    { subject: 'SecurityGroupReady', reason: 'SecurityGroupNotFound', severity: 'stalled' },
  ]);
  expect(problems[0]?.message).toMatch(/sg-far or sg-near.*not peered.*CIDR block/);
});

test('a quota names the VPC of the call that ran into it', () => {
  const action = {
    kind: 'CreateSecurityGroup',
    name: 'n',
    description: 'd',
    vpcId: 'vpc-1',
    vpcHasIpv6: false,
    tags: {},
    reason: 'x',
  } as const;
  const error = itemError('ec2:CreateSecurityGroup', 'SecurityGroupLimitExceeded', 'full');
  const end = { ...endWith({ waits: [], problems: [] }), failed: [{ action, error }] };
  expect(findingsOf(end).problems[0]?.message).toContain('vpc/L-E79EC296, for VPC vpc-1');
});

test('a refused deletion whose cause was found says nothing more than the cause', () => {
  const action = { kind: 'DeleteSecurityGroup', groupId: 'sg-1', reason: 'x' } as const;
  const refusal = (kind: CloudErrorKind): CloudError =>
    new CloudError({ kind, action: 'ec2:DeleteSecurityGroup', code: 'x', message: 'no' });
  const problem: Problem = {
    subject: 'SecurityGroupReady',
    reason: 'SecurityGroupInUse',
    severity: 'stalled',
    message: 'others use it.',
    heldBack: 'sg-1',
  };
  const failed = [{ action, error: refusal('InUse') }];
  const explained = { ...endWith({ waits: [], problems: [problem] }), failed };
  expect(findingsOf(explained)).toEqual({ problems: [problem], waits: [] });
  const other = { action: { ...action, groupId: 'sg-2' }, error: refusal('InUse') };
  const late = { action, error: refusal('Throttled') };
  expect(findingsOf({ ...explained, failed: [other] }).waits).toMatchObject([
    { reason: 'ResourceInUse' },
  ]);
  expect(findingsOf({ ...explained, failed: [late] }).problems).toMatchObject([
    problem,
    { reason: 'Throttled' },
  ]);
});
