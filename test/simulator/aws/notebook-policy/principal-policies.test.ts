import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ann, documentOf, first, iamOf, lead, second, team } from './policy-world.ts';
import { type SimulatedCloud, startSimulatedCloud } from '../simulated-cloud.ts';

let world: SimulatedCloud;

beforeEach(async () => {
  // One entry a page: every list here comes in several pages.
  world = await startSimulatedCloud({ simulator: { iamPageSize: 1 } });
});

afterEach(() => world.close());

const third = documentOf('198.51.100.0/24');

test('every policy of a user is found: managed and inline, its own and its groups’', async () => {
  const iam = iamOf(world);
  const one = iam.createPolicy({ name: 'one', document: first });
  const two = iam.createPolicy({ name: 'two', path: '/ml/', document: second });
  const user = iam.createPrincipal(ann);
  const group = iam.createPrincipal(team);
  const inlinePolicies = { own: JSON.stringify(third), more: JSON.stringify(first) };
  iam.changePrincipal(user, {
    attachedPolicyArns: [one.arn, two.arn],
    inlinePolicies,
    groupNames: [team.name],
  });
  iam.changePrincipal(group, {
    attachedPolicyArns: [two.arn],
    inlinePolicies: { ofGroup: JSON.stringify(third) },
  });
  const answers = await world.look({ kind: 'PrincipalPolicies', principals: [ann] });
  expect(answers).toEqual([
    {
      principal: ann,
      policies: [
        { name: 'one', arn: one.arn, through: ann, document: first },
        { name: 'two', arn: two.arn, through: ann, document: second },
        { name: 'own', through: ann, document: third },
        { name: 'more', through: ann, document: first },
        { name: 'two', arn: two.arn, through: team, document: second },
        { name: 'ofGroup', through: team, document: third },
      ],
    },
  ]);
});

test('a permissions boundary of a role or a user is read with its document', async () => {
  const iam = iamOf(world);
  const limit = iam.createPolicy({ name: 'limit', path: '/org/', document: first });
  for (const principal of [ann, lead]) {
    iam.changePrincipal(iam.createPrincipal(principal), { boundaryArn: limit.arn });
  }
  const answers = await world.look({ kind: 'PrincipalPolicies', principals: [ann, lead] });
  expect(answers).toEqual(
    [ann, lead].map((principal) => ({
      principal,
      policies: [],
      boundary: { name: 'limit', arn: limit.arn, through: principal, document: first },
    })),
  );
});

test('principals that are not there are left out; the others are answered', async () => {
  iamOf(world).createPrincipal(lead);
  const answers = await world.look({
    kind: 'PrincipalPolicies',
    principals: [ann, lead, { kind: 'group', name: 'nobody' }],
  });
  expect(answers).toEqual([{ principal: lead, policies: [] }]);
});

test('a managed policy of AWS or of the account is read once, whoever has it', async () => {
  const iam = iamOf(world);
  const shared = iam.createPolicy({ name: 'shared', document: first });
  const principals = Array.from({ length: 9 }, (_, n) => ({ ...lead, name: `role-${n}` }));
  for (const principal of principals) {
    const role = iam.createPrincipal(principal);
    iam.changePrincipal(role, { attachedPolicyArns: [shared.arn] });
  }
  const answers = await world.look({ kind: 'PrincipalPolicies', principals });
  expect(answers.map(({ policies }) => policies.length)).toEqual(principals.map(() => 1));
  expect(world.simulator.callCounts()).toMatchObject({ GetPolicy: 1, GetPolicyVersion: 1 });
});

test('a principal whose reading is denied is told beside the others', async () => {
  const iam = iamOf(world);
  const one = iam.createPolicy({ name: 'one', document: first });
  iam.changePrincipal(iam.createPrincipal(lead), { attachedPolicyArns: [one.arn] });
  iam.createPrincipal(ann);
  world.simulator.faults.add({ action: 'ListAttachedUserPolicies', effect: { kind: 'deny' } });
  const denial = { kind: 'Denied', action: 'iam:ListAttachedUserPolicies' };
  expect(await world.look({ kind: 'PrincipalPolicies', principals: [ann, lead] })).toMatchObject([
    { principal: ann, policies: [], unread: denial },
    { principal: lead, policies: [{ name: 'one' }] },
  ]);
});

test('a list that is denied fails the whole answer: half of it would mislead', async () => {
  iamOf(world).createPrincipal(lead);
  world.simulator.faults.add({ action: 'ListRolePolicies', effect: { kind: 'deny' } });
  await expect(world.look({ kind: 'PrincipalPolicies', principals: [lead] })).rejects.toMatchObject(
    { kind: 'Denied', action: 'iam:ListRolePolicies' },
  );
});
