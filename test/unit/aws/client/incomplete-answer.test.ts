import { expect, test } from '@jest/globals';
import { incompleteAnswer } from '../../../../src/aws/client/incomplete-answer.ts';
import { toCloudError } from '../../../../src/aws/client/to-cloud-error.ts';
import { findingFromError } from '../../../../src/plan/cloud-problems.ts';

const action = 'ec2:CreateSecurityGroup';

test('an incomplete answer is nobody’s mistake: it is tried again, and says what was left out', () => {
  const error = incompleteAnswer(action, 'without the id of the group');
  expect(error.message).toBe('ec2:CreateSecurityGroup answered without the id of the group');
  const finding = findingFromError({ error, subject: 'EndpointsAvailable' });
  expect(finding).toMatchObject({
    problem: { severity: 'retry', message: expect.stringContaining('in the place of AWS') },
  });
});

test('it keeps its code on the way through the layers', () => {
  const error = incompleteAnswer(action, 'without an id');
  expect(toCloudError('ec2:Other', error)).toBe(error);
});
