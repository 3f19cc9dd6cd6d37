/** A role of `attachTo` that the account does not have: one reason and one text, wherever it shows. */
import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../../src/api/sagemaker-private-link.ts';
import { missingPrincipal } from '../../../../src/plan/aws-errors/missing-principal.ts';
import { findingFromError } from '../../../../src/plan/cloud-problems.ts';
import { planLinkChanges } from '../../../../src/standalone/link-plan.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';
import { createModelCloud } from '../../../model/model-cloud.ts';
import { arn } from '../../aws/notebook-policy/policy-values.ts';
import { scriptedCloud } from '../../aws/scripted-cloud.ts';
import { ec2Error } from '../../aws/scripted-transport.ts';

const spec: SageMakerPrivateLinkSpec = {
  ...plainSpec,
  notebookAccess: {
    allowedCIDRs: ['203.0.113.0/24'],
    allowEndpoints: true,
    actions: ['NotebookInstances'],
    attachTo: { roles: ['ana', 'nobody'] },
    onImpact: 'Fail',
  },
};
const nobody = { kind: 'role', name: 'nobody' } as const;
const expected = missingPrincipal('iam:AttachRolePolicy', nobody);

test('IAM’s refusal of an attachment is told as what it is', async () => {
  const { apply } = scriptedCloud({
    'iam:AttachRolePolicy': () => {
      throw Object.assign(
        ec2Error('NoSuchEntity', 'The role with name nobody cannot be found.', 404),
        { name: 'NoSuchEntityException' },
      );
    },
  });
  const attach = { kind: 'AttachPolicy', arn, principal: nobody, reason: 'a test' } as const;
  await expect(apply(attach)).rejects.toMatchObject({
    kind: expected.kind,
    code: expected.code,
    text: expected.text,
    message: expected.message,
  });
});

test('a plan finds it out in the same words, and nothing waits for it', async () => {
  const world = emptyWorld();
  const cloud = createModelCloud({ world, process: 'plan', lag: 0, onStep: () => undefined });
  const link = { name: owner.name, uid: owner.uid, owner, spec };
  const { signal } = new AbortController();
  const { findings } = await planLinkChanges({ link, goal: 'present', cloud, signal });
  const found = findingFromError({ error: expected, subject: 'NotebookAccessEnforced' });
  expect('problem' in found && found.problem).toMatchObject({ reason: 'PrincipalNotFound' });
  expect(findings.problems).toEqual(['problem' in found ? found.problem : undefined]);
  expect(findings.waits).toEqual([]);
});
