import { expect, test } from '@jest/globals';
import type {
  NotebookAccessSpec,
  SageMakerPrivateLinkSpec,
} from '../../../src/api/sagemaker-private-link.ts';
import { CloudError } from '../../../src/plan/cloud.ts';
import type { Caller, Endpoint, ManagedPolicy } from '../../../src/plan/facts.ts';
import type { LookAnswers } from '../../../src/plan/looks.ts';
import {
  type NotebookAccessInput,
  type NotebookAccessPlan,
  planNotebookAccess,
} from '../../../src/plan/notebook-access/plan-notebook-access.ts';
import { nothingObserved, type Observation } from '../../../src/plan/observation.ts';
import { ownershipTagsOf, policyArn } from '../../../src/plan/ownership.ts';
import { tagPolicyOf } from '../../../src/plan/plan-tags.ts';
import { endpoint as endpointWith } from '../aws/aws-values.ts';

const owner = { clusterId: 'c1', uid: 'u1', name: 'ml' };
const caller: Caller = {
  account: '111122223333',
  partition: 'aws',
  arn: 'arn:aws:sts::111122223333:assumed-role/TheOperator/session',
};
const arn = policyArn(owner, caller);
const tagPolicy = tagPolicyOf(owner, {}, []);

const access: NotebookAccessSpec = {
  allowedCIDRs: ['203.0.113.0/24'],
  allowEndpoints: true,
  actions: ['NotebookInstances'],
  attachTo: { roles: ['DataScientist'] },
  onImpact: 'Fail',
};

const spec: SageMakerPrivateLinkSpec = {
  region: 'eu-west-1',
  vpc: { id: 'vpc-1' },
  subnets: { ids: ['subnet-1'], unsupportedZones: 'Fail' },
  ipAddressType: 'ipv4',
  endpoints: [{ service: 'api', privateDNS: true }],
  notebookAccess: access,
  deletionPolicy: 'Delete',
  driftPolicy: 'Repair',
  adoption: 'Never',
  suspend: false,
  sweepInterval: '60s',
};

const endpoint = endpointWith({ tags: ownershipTagsOf(owner, 'endpoint') });

const policy: ManagedPolicy = {
  arn,
  name: 'sagemaker-privatelink-ml',
  tags: tagPolicy.wanted('notebook-policy'),
  defaultVersionId: 'v1',
  document: { Version: '2012-10-17', Statement: [] },
  attachedTo: [],
  boundaryUses: 0,
};

interface Situation {
  readonly spec?: Partial<SageMakerPrivateLinkSpec>;
  readonly goal?: 'present' | 'absent';
  readonly answers?: Partial<LookAnswers>;
  readonly failures?: Observation['failures'];
  readonly namesakePolicy?: ManagedPolicy;
  readonly endpoint?: Partial<Endpoint>;
  readonly remembered?: Partial<NotebookAccessInput['remembered']>;
}

function plan(situation: Situation): NotebookAccessPlan {
  const { answers, failures = {}, namesakePolicy } = situation;
  const owned = [{ ...endpoint, ...situation.endpoint }];
  return planNotebookAccess({
    owner,
    spec: { ...spec, ...situation.spec } as SageMakerPrivateLinkSpec,
    goal: situation.goal ?? 'present',
    observation: {
      ...nothingObserved,
      answers: { Caller: caller, ...answers },
      failures,
      ...(namesakePolicy === undefined ? {} : { namesakePolicy }),
    },
    owned,
    pathsAreFinal: owned.every(({ privateDnsEnabled }) => privateDnsEnabled),
    enablesPrivateDns: owned.some(({ privateDnsEnabled }) => !privateDnsEnabled),
    tagPolicy,
    remembered: { attachedTo: [], isApplied: false, ...situation.remembered },
  });
}

/** The policy with the document that is wanted for the situation. */
function inForce(): ManagedPolicy {
  const [create] = plan({ answers: { ManagedPolicy: {} } }).stage.actions;
  if (create?.kind !== 'CreatePolicy') throw new Error('no policy is made');
  return { ...policy, document: create.document };
}

function kinds({ stage }: NotebookAccessPlan): readonly string[] {
  return stage.actions.map(({ kind }) => kind);
}

function problems({ stage }: NotebookAccessPlan): readonly string[] {
  return stage.problems.map(({ reason }) => reason);
}

const denied = new CloudError({ kind: 'Denied', action: 'iam:x', code: 'x', message: 'denied' });
const unreachable = new CloudError({
  kind: 'Unavailable',
  action: 'iam:x',
  code: 'x',
  message: 'no answer',
});

test('the operator’s own role is never attached to, and the others are', () => {
  const attachTo = { roles: ['theoperator', 'DataScientist'] };
  const result = plan({
    spec: { notebookAccess: { ...access, attachTo } },
    answers: { ManagedPolicy: { policy: inForce() } },
  });
  expect(problems(result)).toEqual(['ProtectedPrincipal']);
  expect(result.stage.actions).toMatchObject([
    { kind: 'AttachPolicy', principal: { kind: 'role', name: 'DataScientist' } },
  ]);
});

test('an operator that runs as an IAM user is protected as well', () => {
  const user = { ...caller, arn: 'arn:aws:iam::111122223333:user/ops/TheOperator' };
  const result = plan({
    spec: { notebookAccess: { ...access, attachTo: { users: ['TheOperator'] } } },
    answers: { Caller: user, ManagedPolicy: { policy: inForce() } },
  });
  expect(problems(result)).toEqual(['ProtectedPrincipal']);
});

test('a service-linked role and a role of Identity Center are refused with the reason', () => {
  const attachTo = { roles: ['AWSServiceRoleForX', 'AWSReservedSSO_Admin_1'] };
  const { stage } = plan({
    spec: { notebookAccess: { ...access, attachTo } },
    answers: { ManagedPolicy: { policy: inForce() } },
  });
  expect(stage.problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('service-linked'),
    expect.stringContaining('permission set'),
  ]);
  expect(stage.actions).toEqual([]);
});

test('a sixth version is made only after the oldest spare one is gone', () => {
  const versions = ['v10', 'v6', 'v7', 'v8', 'v9'].map((id) => ({ id, isDefault: id === 'v6' }));
  const result = plan({ answers: { ManagedPolicy: { policy }, PolicyVersions: versions } });
  expect(result.stage.actions).toMatchObject([{ kind: 'DeletePolicyVersion', versionId: 'v7' }]);
});

test('an older version that says what is wanted is used again', () => {
  const { document } = inForce();
  const versions = [
    { id: 'v1', isDefault: false, document: document ?? {} },
    { id: 'v2', isDefault: true, document: { Statement: [] } },
  ];
  const result = plan({ answers: { ManagedPolicy: { policy }, PolicyVersions: versions } });
  expect(result.stage.actions).toMatchObject([
    { kind: 'SetDefaultPolicyVersion', versionId: 'v1' },
  ]);
});

test('private DNS waits while IAM does not show the policy', () => {
  const result = plan({
    endpoint: { privateDnsEnabled: false },
    answers: { ManagedPolicy: { policy: { ...inForce(), settling: true } } },
  });
  expect(result.mayEnterEndpoints).toBe(false);
  expect(result.stage.waits.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('until it shows that'),
  );
});

test('nobody is attached and nothing is said to be enforced while callers are led to an endpoint', () => {
  const { stage } = plan({
    endpoint: { privateDnsEnabled: false },
    answers: { ManagedPolicy: { policy: inForce() }, PrincipalPolicies: [] },
  });
  expect(stage.actions).toEqual([]);
  expect(stage.waits).toMatchObject([
    { subject: 'NotebookAccessEnforced', awaits: expect.arrayContaining(['EndpointsAvailable']) },
  ]);
});

test('attachments of our policy are ours while no status says whose they are', () => {
  const attachedTo = [{ kind: 'role', name: 'Former' }] as const;
  const changed = plan({ answers: { ManagedPolicy: { policy: { ...inForce(), attachedTo } } } });
  expect(changed.stage.actions).toMatchObject([
    { kind: 'DetachPolicy', principal: { name: 'Former' } },
  ]);
  const known = plan({
    answers: { ManagedPolicy: { policy: { ...inForce(), attachedTo } } },
    remembered: { policyArn: arn },
  });
  expect(problems(known)).toEqual(['ForeignAttachment']);
});

test('a policy that lost its tags is marked again, also on deletion, if the status knows it', () => {
  const answers = { ManagedPolicy: { policy: { ...policy, tags: {} } } };
  const remembered = { policyArn: arn };
  expect(kinds(plan({ answers, remembered }))).toEqual(['TagPolicy']);
  expect(kinds(plan({ answers, remembered, goal: 'absent' }))).toEqual(['TagPolicy']);
});

test('endpoints are kept for somebody else who still has the policy of a deleted link', () => {
  const attachedTo = [{ kind: 'role', name: 'Stranger' }] as const;
  const result = plan({
    goal: 'absent',
    answers: { ManagedPolicy: { policy: { ...policy, attachedTo } } },
    remembered: { policyArn: arn },
  });
  expect(result.mayLeaveEndpoints).toBe(false);
  expect(problems(result)).toEqual(['ForeignAttachment']);
});

const sourceIpOnly = {
  principal: { kind: 'role', name: 'DataScientist' },
  policies: [
    {
      name: 'OfficeOnly',
      through: { kind: 'role', name: 'DataScientist' },
      document: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 'sagemaker:*',
            Resource: '*',
            Condition: { NotIpAddress: { 'aws:SourceIp': ['198.51.100.0/24'] } },
          },
        ],
      },
    },
  ],
} as const;

test('another policy that looks at aws:SourceIp alone keeps private DNS off and is named', () => {
  const result = plan({
    endpoint: { privateDnsEnabled: false },
    answers: { ManagedPolicy: { policy: inForce() }, PrincipalPolicies: [sourceIpOnly] },
  });
  expect(result.mayEnterEndpoints).toBe(false);
  expect(problems(result)).toEqual(['PolicyImpact']);
  expect(result.stage.problems[0]?.message).toContain('OfficeOnly');
});

test('with onImpact Proceed it is named and private DNS goes on', () => {
  const result = plan({
    spec: { notebookAccess: { ...access, onImpact: 'Proceed' } },
    endpoint: { privateDnsEnabled: false },
    answers: { ManagedPolicy: { policy: inForce() }, PrincipalPolicies: [sourceIpOnly] },
  });
  expect(result.mayEnterEndpoints).toBe(true);
  expect(result.stage.problems).toEqual([]);
  expect(result.stage.notes.map(({ message }) => message).join(' ')).toContain('OfficeOnly');
});

test('policies that cannot be read keep private DNS off, unless the impact is accepted', () => {
  const situation = {
    endpoint: { privateDnsEnabled: false },
    answers: { ManagedPolicy: { policy: inForce() } },
    failures: { PrincipalPolicies: denied },
  };
  expect(plan(situation).mayEnterEndpoints).toBe(false);
  const notebookAccess = { ...access, onImpact: 'Proceed' } as const;
  expect(plan({ ...situation, spec: { notebookAccess } }).mayEnterEndpoints).toBe(true);
});

test('a policy of the same name without owner is adopted only where the spec says so', () => {
  const namesakePolicy = { ...policy, tags: {} };
  const never = plan({ answers: { ManagedPolicy: {} }, namesakePolicy });
  expect(problems(never)).toEqual(['OwnershipConflict']);
  const adopted = plan({
    spec: { adoption: 'IfUnowned' },
    answers: { ManagedPolicy: {} },
    namesakePolicy,
  });
  expect(kinds(adopted)).toEqual(['TagPolicy']);
});

test('a policy of another link is never adopted, and its owner is named', () => {
  const tags = ownershipTagsOf({ ...owner, uid: 'u2', name: 'other' }, 'notebook-policy');
  const result = plan({
    spec: { adoption: 'IfUnowned' },
    answers: { ManagedPolicy: { policy: { ...policy, tags } } },
  });
  expect(problems(result)).toEqual(['OwnershipConflict']);
  expect(result.stage.problems[0]?.message).toContain('SageMakerPrivateLink other');
});

test('a deleted link leaves a policy alone that is not its own', () => {
  const result = plan({
    goal: 'absent',
    answers: { ManagedPolicy: { policy: { ...policy, tags: {} } } },
  });
  expect(result).toMatchObject({ isGone: true, mayLeaveEndpoints: true });
  expect(result.stage.actions).toEqual([]);
});

test('on deletion the endpoints wait until nobody has the policy any more', () => {
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const attached = plan({
    goal: 'absent',
    answers: { ManagedPolicy: { policy: { ...policy, attachedTo } } },
  });
  expect(attached.mayLeaveEndpoints).toBe(false);
  expect(kinds(attached)).toEqual(['DetachPolicy']);
});

test('a policy that is somebody’s permissions boundary is not deleted, and who it is is said', () => {
  const used = { ManagedPolicy: { policy: { ...policy, boundaryUses: 1 } } };
  expect(plan({ goal: 'absent', answers: used }).stage.looks).toEqual([
    { kind: 'PolicyBoundaryUses', arn },
  ]);
  const result = plan({
    goal: 'absent',
    answers: { ...used, PolicyBoundaryUses: [{ kind: 'user', name: 'alice' }] },
  });
  expect(problems(result)).toEqual(['PolicyInUse']);
  expect(result.stage.problems[0]?.message).toContain('user alice');
  expect(result.stage.actions).toEqual([]);
});

test('Retain leaves policy and attachments as they are, without an owner', () => {
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const result = plan({
    goal: 'absent',
    spec: { deletionPolicy: 'Retain' },
    answers: { ManagedPolicy: { policy: { ...policy, attachedTo } } },
  });
  expect(kinds(result)).toEqual(['UntagPolicy']);
  expect(result).toMatchObject({ isGone: false, mayLeaveEndpoints: true });
});

test('a link without notebookAccess asks one shared question, and none once it is applied', () => {
  const { notebookAccess: _access, ...without } = spec;
  const situation = { spec: { ...without, notebookAccess: undefined } as never };
  expect(plan(situation).stage.looks).toMatchObject([{ kind: 'PolicyNames' }]);
  expect(plan({ ...situation, answers: { PolicyNames: ['another'] } }).isGone).toBe(true);
  expect(plan({ ...situation, remembered: { isApplied: true } }).stage.looks).toEqual([]);
});

test('IAM out of reach holds back only the deletion of a link that may have a policy', () => {
  const situation = { spec: { notebookAccess: undefined } as never };
  const failures = { PolicyNames: unreachable };
  expect(plan({ ...situation, failures }).mayEnterEndpoints).toBe(true);
  const deletion = plan({ ...situation, failures, goal: 'absent' });
  expect(deletion).toMatchObject({ isGone: false, mayLeaveEndpoints: false });
  expect(problems(deletion)).toEqual(['AWSUnreachable']);
  const forbidden = { PolicyNames: denied };
  expect(plan({ ...situation, failures: forbidden, goal: 'absent' }).isGone).toBe(true);
});
