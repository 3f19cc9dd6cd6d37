import { expect, test } from '@jest/globals';
import { CloudError } from '../../../src/plan/cloud.ts';
import {
  allFound,
  answersOf,
  answerTo,
  failureOf,
  hasFailed,
  isAsked,
  nothingObserved,
  withAnswer,
  withAnswers,
  withFailure,
} from '../../../src/plan/observation.ts';
import { ownPolicy } from '../../../src/plan/notebook-policy/own-policy.ts';
import { ownershipTagsOf } from '../../../src/plan/ownership/ownership.ts';
import { managedPolicy } from '../aws/notebook-policy/policy-values.ts';

const on = { enableDnsSupport: true, enableDnsHostnames: true };
const off = { enableDnsSupport: true, enableDnsHostnames: false };
const ofVpc = (vpcId: string) => ({ kind: 'VpcDnsAttributes', vpcId }) as const;
const error = new CloudError({ kind: 'Denied', action: 'ec2:X', code: 'X', message: 'denied' });

test('two looks of one kind that ask for different things have an answer each', () => {
  const known = withAnswer(withAnswer(nothingObserved, ofVpc('vpc-1'), on), ofVpc('vpc-2'), off);
  expect(answerTo(known, ofVpc('vpc-1'))).toEqual(on);
  expect(answerTo(known, ofVpc('vpc-2'))).toEqual(off);
  expect(answerTo(known, ofVpc('vpc-3'))).toBeUndefined();
  expect(answersOf(known, 'VpcDnsAttributes').map(({ look }) => look.vpcId)).toEqual([
    'vpc-1',
    'vpc-2',
  ]);
});

test('a look is what it asks for, whoever made it and in which order of fields', () => {
  const look = { kind: 'VpcEndpoints', vpcId: 'vpc-1', serviceNames: ['a'] } as const;
  const known = withAnswer(nothingObserved, look, []);
  const same = { serviceNames: ['a'], vpcId: 'vpc-1', kind: 'VpcEndpoints' } as const;
  expect(isAsked(known, same)).toBe(true);
  expect(isAsked(known, { ...same, serviceNames: ['b'] })).toBe(false);
  const later = withAnswer(known, same, []);
  expect(answersOf(later, 'VpcEndpoints')).toHaveLength(1);
});

test('a look that failed says nothing about another one of its kind', () => {
  const known = withFailure(withAnswer(nothingObserved, ofVpc('vpc-1'), on), ofVpc('vpc-2'), error);
  expect(failureOf(known, ofVpc('vpc-2'))).toBe(error);
  expect(failureOf(known, ofVpc('vpc-1'))).toBeUndefined();
  expect(isAsked(known, ofVpc('vpc-2'))).toBe(true);
  expect(hasFailed(known, 'VpcDnsAttributes')).toBe(true);
  expect(hasFailed(known, 'Subnets')).toBe(false);
  expect(answerTo(known, ofVpc('vpc-1'))).toEqual(on);
});

test('lists that were asked for in portions are found together, and changed in their places', () => {
  const list = (id: string) => ({ id, name: id, addressFamily: 'IPv4' });
  const one = withAnswer(nothingObserved, { kind: 'PrefixLists', ids: ['pl-1'] }, [list('pl-1')]);
  const both = withAnswer(one, { kind: 'PrefixLists', ids: ['pl-2', 'pl-3'] }, [list('pl-2')]);
  expect(allFound(both, 'PrefixLists').map(({ id }) => id)).toEqual(['pl-1', 'pl-2']);
  const emptied = withAnswers(both, 'PrefixLists', (lists) =>
    lists.filter(({ id }) => id !== 'pl-1'),
  );
  expect(answersOf(emptied, 'PrefixLists').map(({ answer }) => answer.length)).toEqual([0, 1]);
});

test('a policy of ours under the name of an earlier link is the one of the link', () => {
  const owner = { clusterId: 'c', uid: 'u', name: 'ml' };
  const policy = managedPolicy({ tags: ownershipTagsOf(owner, 'notebook-policy') });
  const asked = withAnswer(nothingObserved, { kind: 'ManagedPolicy', arn: 'arn:another' }, {});
  const look = { kind: 'PoliciesByARN', arns: [policy.arn], owner } as const;
  expect(ownPolicy(withAnswer(asked, look, [policy]))).toEqual(policy);
  expect(ownPolicy(withAnswer(asked, look, [{ ...policy, tags: {} }]))).toBeUndefined();
});
