import { expect, test } from '@jest/globals';
import { policySubjects } from '../../../../src/cli/doctor/policy-subjects.ts';
import { LinkLife } from '../../../model/link-life.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';

const caller = {
  account: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/operator/1',
  partition: 'aws',
};
const access = {
  allowedCIDRs: ['203.0.113.0/24'],
  actions: ['NotebookInstances'],
  allowEndpoints: true,
  attachTo: { roles: ['DataScientist'], groups: ['analysts'] },
};

test.each([[undefined], ['Ours']])(
  'permissions are asked about for the policy that the operator makes, with policyName %s',
  async (policyName) => {
    const given = { ...access, ...(policyName === undefined ? {} : { policyName }) };
    const world = emptyWorld();
    const notebookAccess = { ...given, attachTo: { roles: ['DataScientist'] } };
    const life = new LinkLife({ world, spec: { ...plainSpec, notebookAccess } as never });
    await life.settle();
    const { policyArn } = policySubjects(owner, given as never, caller);
    expect([...world.policies.keys()]).toEqual([policyArn]);
  },
);

test('principals are named by their ARNs', () => {
  const { principalArns } = policySubjects(owner, access as never, {
    ...caller,
    partition: 'aws-cn',
  });
  expect(principalArns).toEqual([
    'arn:aws-cn:iam::111122223333:role/DataScientist',
    'arn:aws-cn:iam::111122223333:group/analysts',
  ]);
});
