import { expect, test } from '@jest/globals';
import type {
  NotebookAccessSpec,
  SageMakerPrivateLinkSpec,
} from '../../../../src/api/sagemaker-private-link.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import type { Caller, Endpoint, ManagedPolicy } from '../../../../src/plan/facts.ts';
import type { Look, LookAnswers, LookKind } from '../../../../src/plan/looks.ts';
import type { NotebookAccessInput } from '../../../../src/plan/notebook-policy/access-input.ts';
import {
  heldPolicyArn,
  namesLook,
  wantedPolicyArn,
} from '../../../../src/plan/notebook-policy/find-policy.ts';
import {
  type NotebookAccessPlan,
  planNotebookAccess,
} from '../../../../src/plan/notebook-policy/plan-notebook-access.ts';
import { listedPrincipals } from '../../../../src/plan/notebook-policy/protected-principals.ts';
import {
  nothingObserved,
  type Observation,
  withAnswer,
  withFailure,
} from '../../../../src/plan/observation.ts';
import { ownershipTagsOf, policyArn } from '../../../../src/plan/ownership/ownership.ts';
import type { Elapsed } from '../../../../src/plan/sightings.ts';
import { tagPolicyOf } from '../../../../src/plan/tags/plan-tags.ts';
import { endpoint as endpointWith } from '../../aws/aws-values.ts';

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
  privateDNSAt: 'Available',
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
  readonly failures?: Partial<Record<LookKind, CloudError>>;
  readonly namesakePolicy?: ManagedPolicy;
  readonly endpoint?: Partial<Endpoint>;
  readonly remembered?: Partial<NotebookAccessInput['remembered']>;
  /** More endpoints of the link. */
  readonly others?: readonly Endpoint[];
  readonly elapsed?: Elapsed;
  readonly rivals?: NotebookAccessInput['rivals'];
}

/** Whatever AWS shows has been so for long. */
const longAgo: Elapsed = {
  sightings: {},
  patience: { dnsSettleMs: 0, iamSettleMs: 0, wayDeadlineMs: Number.POSITIVE_INFINITY },
};

function plan(situation: Situation): NotebookAccessPlan {
  const { namesakePolicy } = situation;
  const owned = [{ ...endpoint, ...situation.endpoint }, ...(situation.others ?? [])];
  return planNotebookAccess({
    owner,
    spec: { ...spec, ...situation.spec } as SageMakerPrivateLinkSpec,
    goal: situation.goal ?? 'present',
    observation: {
      ...observed(situation),
      ...(namesakePolicy === undefined ? {} : { namesakePolicy }),
    },
    owned,
    elapsed: situation.elapsed ?? longAgo,
    rivals: situation.rivals ?? [],
    tagPolicy,
    remembered: {
      attachedTo: [],
      seenAttached: [],
      isApplied: false,
      settledNames: {},
      ...situation.remembered,
    },
  });
}

function observed(situation: Situation): Observation {
  const { answers = {}, failures = {} } = situation;
  const all = { Caller: caller, ...noNames(answers), ...answers };
  const answered = Object.entries(all).reduce<Observation>(
    (known, [kind, answer]) =>
      answer === undefined ? known : withAnswer(known, lookOf(kind, situation), answer as never),
    nothingObserved,
  );
  return Object.entries(failures).reduce<Observation>(
    (known, [kind, error]) => withFailure(known, lookOf(kind, situation), error),
    answered,
  );
}

/** The look of a kind that the planner asks in a situation. */
function lookOf(kind: string, { spec: change, answers, remembered }: Situation): Look {
  const input = {
    owner,
    spec: { ...spec, ...change },
    remembered: { ...remembered },
  } as NotebookAccessInput;
  const asked = heldPolicyArn(input, caller) ?? wantedPolicyArn(input, caller);
  const own = answers?.ManagedPolicy?.policy?.arn ?? asked;
  const principals = listedPrincipals(input.spec.notebookAccess?.attachTo);
  const looks: readonly Look[] = [
    { kind: 'Caller' },
    namesLook,
    { kind: 'ManagedPolicy', arn: asked },
    { kind: 'PolicyVersions', arn: own },
    { kind: 'PolicyBoundaryUses', arn: own },
    { kind: 'PrincipalPolicies', principals },
  ];
  const look = looks.find((one) => one.kind === kind);
  if (look === undefined) throw new Error(`no look of kind ${kind}`);
  return look;
}

/** Nothing that an earlier link left: asked for where there is no policy. */
function noNames(answers: Situation['answers']): Partial<LookAnswers> {
  return answers?.ManagedPolicy === undefined ? {} : { PolicyNames: [] };
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
    { subject: 'NotebookAccessEnforced', reason: 'NotRestrictedYet' },
  ]);
  expect(stage.waits[0]?.message).toMatch(/^Nobody is restricted yet\./);
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

test('one principal that cannot be read is named alone, and what the others have counts', () => {
  const ben = { kind: 'user', name: 'ben' } as const;
  const unread = { principal: ben, policies: [], unread: denied };
  const harmless = { ...sourceIpOnly, policies: [] };
  const situation = (
    others: LookAnswers['PrincipalPolicies'][number],
    onImpact: 'Fail' | 'Proceed' = 'Fail',
  ) =>
    plan({
      spec: { notebookAccess: { ...access, onImpact } },
      endpoint: { privateDnsEnabled: false },
      answers: { ManagedPolicy: { policy: inForce() }, PrincipalPolicies: [others, unread] },
    });
  const held = situation(harmless);
  expect([held.mayEnterEndpoints, held.mayEnterOthers]).toEqual([false, true]);
  expect(problems(held)).toEqual(['AccessDenied']);
  expect(held.entryHold?.message).toMatch(/^the policies of user ben cannot be read/);
  const harmful = situation(sourceIpOnly);
  expect([harmful.mayEnterEndpoints, harmful.mayEnterOthers]).toEqual([false, false]);
  expect(problems(harmful)).toEqual(['AccessDenied', 'PolicyImpact']);
  const accepted = situation(sourceIpOnly, 'Proceed');
  expect(accepted.mayEnterEndpoints).toBe(true);
  expect(accepted.stage.notes.map(({ message }) => message).join(' ')).toContain('OfficeOnly');
});

test('a permissions boundary that looks at aws:SourceIp alone keeps private DNS off', () => {
  const { principal, policies } = sourceIpOnly;
  const result = plan({
    endpoint: { privateDnsEnabled: false },
    answers: {
      ManagedPolicy: { policy: inForce() },
      PrincipalPolicies: [{ principal, policies: [], boundary: policies[0] }],
    },
  });
  expect(result.mayEnterEndpoints).toBe(false);
  expect(problems(result)).toEqual(['PolicyImpact']);
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
  expect(adopted.stage.actions).toMatchObject([
    {
      kind: 'TagPolicy',
      reason: expect.stringMatching(/of a link of this name and has no owner$/),
    },
  ]);
  expect(adopted.stage.notes[0]?.message).toMatch(/, which has no owner, is taken over\./);
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

const named = { ...access, policyName: 'notebooks-from-the-office' };
const namedArn = policyArn(owner, caller, named.policyName);

test('a policy gets the name that the spec gives, below our path', () => {
  const { stage } = plan({ spec: { notebookAccess: named }, answers: { ManagedPolicy: {} } });
  expect(stage.actions).toMatchObject([
    { kind: 'CreatePolicy', name: 'notebooks-from-the-office', path: '/sagemaker-privatelink/' },
  ]);
  expect(plan({ spec: { notebookAccess: named } }).stage.looks).toEqual([
    { kind: 'ManagedPolicy', arn: namedArn },
  ]);
});

test('a policy of a former self is taken back only where the spec says so, and says what changes', () => {
  const tags = ownershipTagsOf({ ...owner, uid: 'before' }, 'notebook-policy');
  const attachedTo = [{ kind: 'role', name: 'Former' }] as const;
  const answers = { ManagedPolicy: { policy: { ...policy, arn: namedArn, tags, attachedTo } } };
  const never = plan({ spec: { notebookAccess: named }, answers });
  expect(problems(never)).toEqual(['OwnershipConflict']);
  expect(kinds(never)).toEqual([]);
  expect(never.stage.problems[0]?.message).toMatch(
    /policy\/sagemaker-privatelink\/notebooks-from-the-office, which belongs to an earlier SageMakerPrivateLink ml of this cluster \(UID before\)\..* set spec\.adoption: IfUnowned/,
  );
  const adopted = plan({ spec: { notebookAccess: named, adoption: 'IfUnowned' }, answers });
  expect(kinds(adopted)).toEqual(['TagPolicy']);
  expect(adopted.stage.notes).toMatchObject([
    {
      reason: 'Adoption',
      message: expect.stringContaining('Attached to: role Former -> role DataScientist.'),
    },
  ]);
});

test('with another name in the spec the policy of the status stays in force, alone', () => {
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const answers = { ManagedPolicy: { policy: { ...inForce(), attachedTo } } };
  const remembered = { policyArn: arn };
  const situation = { spec: { notebookAccess: named }, remembered };
  expect(plan(situation).stage.looks).toEqual([{ kind: 'ManagedPolicy', arn }]);
  const renamed = plan({ ...situation, answers });
  expect(kinds(renamed)).toEqual([]);
  expect(problems(renamed)).toEqual(['InvalidSpec']);
  expect(renamed.stage.problems[0]?.message).toContain('IAM renames no policy');
  const gone = plan({ ...situation, answers: { ManagedPolicy: {} } });
  expect(gone.stage.actions).toMatchObject([{ kind: 'CreatePolicy', name: named.policyName }]);
});

test('a named policy is removed by the ARN of the status, in this account only', () => {
  const { notebookAccess: _, ...without } = spec;
  const removal = (policyArnOfStatus: string): NotebookAccessPlan =>
    planNotebookAccess({
      owner,
      spec: without,
      goal: 'present',
      observation: withAnswer(nothingObserved, { kind: 'Caller' }, caller),
      owned: [],
      elapsed: longAgo,
      rivals: [],
      tagPolicy,
      remembered: {
        policyArn: policyArnOfStatus,
        attachedTo: [],
        seenAttached: [],
        isApplied: false,
        settledNames: {},
      },
    });
  expect(removal(namedArn).stage.looks).toEqual([{ kind: 'ManagedPolicy', arn: namedArn }]);
  for (const other of [
    namedArn.replace('111122223333', '444455556666'),
    'arn:aws:iam::111122223333:policy/guard-rails',
  ]) {
    expect(removal(other).stage.looks).toEqual([{ kind: 'ManagedPolicy', arn }]);
  }
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

const patience = { dnsSettleMs: 60_000, iamSettleMs: 15_000, wayDeadlineMs: 600_000 };

/** What a process has measured when it has seen these states for so long. */
function measured(seen: Readonly<Record<string, readonly [string, number]>>): Elapsed {
  const sightings = Object.fromEntries(
    Object.entries(seen).map(([topic, [state, forMs]]) => [topic, { state, forMs }]),
  );
  return { sightings, patience };
}

/** IAM has shown for long that nobody has the policy. */
const unbound = { 'notebook policy': ['attached to nobody', 1e9] } as const;
const names = `private DNS of ${endpoint.id}`;
const way = `way through ${endpoint.id}`;

/** The same fact again, as the next pass of the same process has it. */
function next({ seen }: NotebookAccessPlan, forMs: number): Elapsed {
  return measured(Object.fromEntries(Object.entries(seen).map(([key, is]) => [key, [is, forMs]])));
}

test('nobody is attached while AWS works on private DNS, nor for a minute after it is done', () => {
  const answers = { ManagedPolicy: { policy: inForce() } };
  const pending = plan({ answers, endpoint: { state: 'pending' }, elapsed: measured({}) });
  const fresh = plan({ answers, elapsed: next(pending, 500_000) });
  const early = plan({ answers, elapsed: next(fresh, 59_000) });
  for (const one of [pending, fresh, early]) {
    expect(one.stage.actions).toEqual([]);
    expect(one.stage.waits.map(({ reason }) => reason)).toContain('NotRestrictedYet');
    expect(one.settledNames).toEqual({});
  }
  const settled = plan({ answers, elapsed: next(early, 60_000) });
  expect(kinds(settled)).toEqual(['AttachPolicy']);
  expect(settled.settledNames).toEqual({ [endpoint.id]: true });
});

test('names that the status knows as settled are not waited for after a restart, changed ones are', () => {
  const answers = { ManagedPolicy: { policy: inForce() } };
  const known = { settledNames: { [endpoint.id]: true } };
  const same = plan({ answers, remembered: known, elapsed: measured({}) });
  expect(kinds(same)).toEqual(['AttachPolicy']);
  const off = { settledNames: { [endpoint.id]: false } };
  expect(kinds(plan({ answers, remembered: off, elapsed: measured({}) }))).toEqual([]);
});

test('a change of something else makes an endpoint pending and leaves its names settled', () => {
  const answers = { ManagedPolicy: { policy: inForce() } };
  const known = { settledNames: { [endpoint.id]: true } };
  const busy = plan({
    answers,
    remembered: known,
    endpoint: { state: 'pending' },
    elapsed: measured({}),
  });
  expect(kinds(busy)).toEqual(['AttachPolicy']);
});

test('with private DNS off its names are followed out as well', () => {
  const endpoints = [{ service: 'api', privateDNS: false } as const];
  const off = { privateDnsEnabled: false };
  const without = { ...access, allowEndpoints: false };
  const changed = { spec: { endpoints, notebookAccess: without }, endpoint: off };
  const answers = { ManagedPolicy: { policy: inForce() }, PolicyVersions: [] };
  const early = plan({ ...changed, answers, elapsed: measured({ [names]: ['off', 59_000] }) });
  const texts = (one: NotebookAccessPlan): string => JSON.stringify(one.stage.actions);
  expect(texts(early)).not.toContain('"DenyOutsideAllowedNetworks","Effect":"Deny","Condition"');
  expect(early.stage.actions).toEqual([]);
  const late = plan({ ...changed, answers, elapsed: measured({ [names]: ['off', 60_000] }) });
  expect(kinds(late)).toEqual(['CreatePolicyVersion']);
  expect(texts(late)).not.toContain(endpoint.id);
});

const studio = endpointWith({
  id: 'vpce-0b000000000000002',
  serviceName: 'aws.sagemaker.eu-west-1.studio',
  state: 'failed',
  privateDnsEnabled: false,
  tags: ownershipTagsOf(owner, 'endpoint'),
});
const withStudio = {
  endpoints: [
    { service: 'api', privateDNS: true },
    { service: 'studio', privateDNS: true },
  ] satisfies SageMakerPrivateLinkSpec['endpoints'],
};
const brokenWay = 'way to aws.sagemaker.eu-west-1.studio';
const settledApi = {
  [names]: ['on', 1e9],
  [`private DNS of ${studio.id}`]: ['off', 1e9],
  ...unbound,
} as const;

/** In force: the document of now, and one more network. */
function widerPolicy(situation: Situation): ManagedPolicy {
  const [create] = plan({
    ...situation,
    spec: {
      ...situation.spec,
      notebookAccess: { ...access, allowedCIDRs: ['203.0.113.0/24', '198.51.100.0/24'] },
    },
    answers: { ManagedPolicy: {} },
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 1e9] }),
  }).stage.actions;
  if (create?.kind !== 'CreatePolicy') throw new Error('no policy is made');
  return { ...policy, document: create.document };
}

test('a network that the spec no longer allows is named while an endpoint is waited for, and closed at the deadline', () => {
  const broken = { spec: withStudio, others: [studio] };
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const enforced = { ...widerPolicy(broken), attachedTo };
  const answers = { ManagedPolicy: { policy: enforced }, PolicyVersions: [] };
  const early = plan({
    ...broken,
    answers,
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 599_000] }),
  });
  expect(early.stage.actions).toEqual([]);
  expect(early.stage.waits[0]).toMatchObject({
    reason: 'FormerNetworksAllowed',
    message: expect.stringMatching(/^198\.51\.100\.0\/24 still gets in.*\(studio\).*10 min/),
  });
  const late = plan({
    ...broken,
    answers,
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 600_000] }),
  });
  expect(kinds(late)).toEqual(['CreatePolicyVersion']);
  expect(JSON.stringify(late.stage.actions)).not.toContain('198.51.100.0');
  expect(late.stage.notes.map(({ message }) => message).join(' ')).toContain('studio');
});

test('an endpoint that failed and its successor are one way that is waited for', () => {
  const broken = { spec: withStudio, others: [{ ...studio, privateDnsEnabled: true }] };
  const enforced = widerPolicy({ spec: withStudio, others: [studio] });
  const { stage } = plan({
    ...broken,
    answers: { ManagedPolicy: { policy: enforced }, PolicyVersions: [] },
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 1_000] }),
  });
  expect(stage.waits.map(({ message }) => message).join()).toContain('(studio)');
});

test('no endpoint is waited for by a network that goes while all ways are as the spec wants', () => {
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const enforced = { ...widerPolicy({}), attachedTo };
  const { stage } = plan({
    answers: { ManagedPolicy: { policy: enforced }, PolicyVersions: [] },
    elapsed: measured(settledApi),
  });
  expect(stage.actions).toMatchObject([{ kind: 'CreatePolicyVersion' }]);
});

test('a new principal waits for a broken endpoint, but not beyond the deadline', () => {
  const broken = { spec: withStudio, others: [studio] };
  const [create] = plan({
    ...broken,
    answers: { ManagedPolicy: {} },
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 1e9] }),
  }).stage.actions;
  if (create?.kind !== 'CreatePolicy') throw new Error('no policy is made');
  const answers = { ManagedPolicy: { policy: { ...policy, document: create.document } } };
  const at = (forMs: number): NotebookAccessPlan =>
    plan({
      ...broken,
      answers,
      elapsed: measured({ ...settledApi, [brokenWay]: ['missing', forMs] }),
    });
  expect(kinds(at(599_000))).toEqual([]);
  expect(at(599_000).stage.waits).toMatchObject([
    { reason: 'NotRestrictedYet', message: expect.stringMatching(/^Nobody is restricted yet\./) },
  ]);
  expect(kinds(at(600_000))).toEqual(['AttachPolicy']);
});

test('a first policy is made although one endpoint is broken', () => {
  const result = plan({
    spec: withStudio,
    others: [studio],
    answers: { ManagedPolicy: {} },
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 600_000] }),
  });
  expect(kinds(result)).toEqual(['CreatePolicy']);
});

test('a policy for nobody that is not there yet is not said to admit anything', () => {
  const { attachTo: _none, ...notebookAccess } = access;
  const { stage } = plan({
    spec: { ...withStudio, notebookAccess },
    answers: { ManagedPolicy: {} },
  });
  expect(stage.actions).toEqual([]);
  expect(stage.waits.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^There is no policy yet: it is made when its document can name/),
  ]);
});

test('an attachment that somebody took away is put back at once, whatever is waited for', () => {
  const broken = { spec: withStudio, others: [studio] };
  const [create] = plan({
    ...broken,
    answers: { ManagedPolicy: {} },
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 1e9] }),
  }).stage.actions;
  if (create?.kind !== 'CreatePolicy') throw new Error('no policy is made');
  const answers = { ManagedPolicy: { policy: { ...policy, document: create.document } } };
  const seenAttached = [{ kind: 'role', name: 'DataScientist' }] as const;
  const result = plan({
    ...broken,
    answers,
    remembered: { policyArn: arn, seenAttached },
    elapsed: measured({ ...settledApi, [brokenWay]: ['missing', 0] }),
  });
  expect(kinds(result)).toEqual(['AttachPolicy']);
});

test('nobody is locked out for good: where only own endpoints are allowed and none works, nobody is attached', () => {
  const notebookAccess = { ...access, allowedCIDRs: [] };
  const dead = { spec: { notebookAccess }, endpoint: { state: 'failed' as const } };
  const at = measured({ [names]: ['on', 1e9], ...unbound, [way]: ['false true failed', 1e9] });
  const [create] = plan({ ...dead, answers: { ManagedPolicy: {} }, elapsed: at }).stage.actions;
  const document = create?.kind === 'CreatePolicy' ? create.document : {};
  const late = measured({
    ...unbound,
    'way to com.amazonaws.eu-west-1.sagemaker.api': ['missing', 1e9],
    [names]: ['on', 1e9],
    [way]: ['false true failed', 1e9],
  });
  const answers = { ManagedPolicy: { policy: { ...policy, document } } };
  const result = plan({ ...dead, answers, elapsed: late });
  expect(result.stage.actions).toEqual([]);
  expect(result.stage.waits.map(({ reason }) => reason)).toContain('NotRestrictedYet');
});

test('what the link has at IAM is given time to be enforced before callers are led another way', () => {
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const bound = { ...inForce(), attachedTo };
  const state = `v1 of ${arn}, attached to role/datascientist`;
  const turning = (forMs: number): NotebookAccessPlan =>
    plan({
      endpoint: { privateDnsEnabled: false },
      answers: { ManagedPolicy: { policy: bound }, PrincipalPolicies: [] },
      elapsed: measured({ [names]: ['off', 1e9], 'notebook policy': [state, forMs] }),
    });
  expect(turning(14_000).mayEnterEndpoints).toBe(false);
  expect(turning(15_000).mayEnterEndpoints).toBe(true);
});

test('on deletion the endpoints stay until IAM has had time to forget the policy', () => {
  const gone = (forMs: number): NotebookAccessPlan =>
    plan({
      goal: 'absent',
      answers: { ManagedPolicy: {} },
      elapsed: measured({ 'notebook policy': ['attached to nobody', forMs] }),
    });
  expect(gone(14_000)).toMatchObject({ isGone: true, mayLeaveEndpoints: false });
  expect(gone(14_000).stage.waits).toHaveLength(1);
  expect(gone(15_000)).toMatchObject({ isGone: true, mayLeaveEndpoints: true });
});

test('while IAM does not answer, endpoints that open no notebooks go on and the others wait', () => {
  const result = plan({ failures: { ManagedPolicy: unreachable } });
  expect(result).toMatchObject({
    mayEnterOthers: true,
    mayEnterEndpoints: false,
    mayLeaveEndpoints: false,
  });
});

const off = { privateDnsEnabled: false } as const;
const unreadFor = (forMs: number): Elapsed =>
  measured({ 'reading of the notebook policy': ['failed', forMs] });
const accepted = { notebookAccess: { ...access, onImpact: 'Proceed' } } as const;

test.each([
  ['does not answer', unreachable],
  ['denies', denied],
])(
  'while IAM %s, openers wait for it no longer than the deadline if no policy is known',
  (_what, error) => {
    const failures = { ManagedPolicy: error, PrincipalPolicies: error };
    const situation = { spec: accepted, endpoint: off, failures };
    const before = plan({ ...situation, elapsed: unreadFor(599_999) });
    expect(before).toMatchObject({ mayEnterEndpoints: false, entryHold: { hasDeadline: true } });
    expect(before.entryHold?.message).toMatch(/10 min .*nobody is restricted/);
    expect(before.seen).toEqual({ 'reading of the notebook policy': 'failed' });
    expect(before.stage.waits).toMatchObject([
      { subject: 'NotebookAccessEnforced', reason: 'RestrictionUnknown' },
    ]);
    expect(before.stage.waits[0]?.message).toContain('not known to restrict anybody');
    const after = plan({ ...situation, elapsed: unreadFor(600_000) });
    expect(after).toMatchObject({ mayEnterEndpoints: true, mayLeaveEndpoints: false });
    expect(after.stage.waits[0]?.message).toContain('not known to restrict anybody');
  },
);

test('beyond the deadline other policies that cannot be read keep openers without private DNS', () => {
  const failures = { ManagedPolicy: denied, PrincipalPolicies: denied };
  const result = plan({ endpoint: off, failures, elapsed: unreadFor(1e9) });
  expect(result).toMatchObject({ mayEnterEndpoints: false, entryHold: { hasDeadline: false } });
  expect(result.entryHold?.message).toMatch(/policies of role DataScientist .*onImpact: Proceed/);
  const unknown = { Caller: unreachable, ManagedPolicy: unreachable };
  const withoutCaller = plan({
    endpoint: off,
    answers: { Caller: undefined as never },
    failures: unknown,
    elapsed: unreadFor(1e9),
  });
  expect(withoutCaller.mayEnterEndpoints).toBe(false);
});

test('a policy that the status knows and nobody can read is never gone on without', () => {
  const attached = [{ kind: 'role', name: 'DataScientist' }] as const;
  const result = plan({
    spec: accepted,
    endpoint: off,
    failures: { ManagedPolicy: unreachable, PrincipalPolicies: unreachable },
    remembered: { policyArn: arn, seenAttached: attached },
    elapsed: unreadFor(1e9),
  });
  expect(result).toMatchObject({ mayEnterEndpoints: false, entryHold: { hasDeadline: false } });
  expect(result.entryHold?.message).toContain('could lock out role DataScientist');
  expect(result.stage.waits[0]?.message).toContain('restricted role DataScientist');
});

test('an answer of IAM in between begins the wait anew', () => {
  expect(plan({ answers: { ManagedPolicy: {} } }).seen).toMatchObject({
    'reading of the notebook policy': 'done',
  });
});

const permissionSet = { kind: 'role', name: 'AWSReservedSSO_DataScience_0a1b2c3d' } as const;

test('a permission set that names the policy is expected, is never detached and holds up no new version', () => {
  const notebookAccess = { ...access, attachTo: {} };
  const attachedTo = [permissionSet];
  for (const remembered of [{}, { policyArn: arn }]) {
    const enforced = { ...policy, attachedTo };
    const answers = { ManagedPolicy: { policy: enforced }, PolicyVersions: [] };
    const result = plan({ spec: { notebookAccess }, answers, remembered });
    expect(problems(result)).toEqual([]);
    expect(kinds(result)).toEqual(['CreatePolicyVersion']);
  }
});

test('on deletion a permission set keeps the policy, without effect, and nothing else', () => {
  const attachedTo = [permissionSet, { kind: 'role', name: 'DataScientist' }] as const;
  const at = (change: Partial<ManagedPolicy>): NotebookAccessPlan =>
    plan({
      goal: 'absent',
      remembered: { policyArn: arn },
      answers: {
        ManagedPolicy: { policy: { ...inForce(), attachedTo, ...change } },
        PolicyVersions: [],
      },
    });
  expect(at({}).stage.actions).toMatchObject([
    { kind: 'DetachPolicy', principal: { name: 'DataScientist' } },
  ]);
  const alone = { attachedTo: [permissionSet] };
  const freed = at(alone);
  expect(freed).toMatchObject({ mayLeaveEndpoints: false, isGone: false });
  const [version] = freed.stage.actions;
  if (version?.kind !== 'CreatePolicyVersion') throw new Error('no version is made');
  const rest = at({ ...alone, document: version.document });
  expect(rest).toMatchObject({ mayLeaveEndpoints: true, isGone: false });
  expect(rest.stage.actions).toEqual([]);
  expect(rest.stage.problems).toMatchObject([
    { reason: 'PolicyInUse', message: expect.stringContaining(permissionSet.name) },
  ]);
});

test('a principal that another link denies what this one allows is not attached, and the other is named', () => {
  const scientist = { kind: 'role', name: 'DataScientist' } as const;
  const rival = {
    name: 'ml-dev',
    principals: [scientist],
    attached: [],
    denied: ['203.0.113.0/24'],
  };
  const answers = { ManagedPolicy: { policy: inForce() } };
  const both = { ...access, attachTo: { roles: ['DataScientist', 'Analyst'] } };
  const result = plan({ answers, rivals: [rival], spec: { notebookAccess: both } });
  expect(result.stage.actions).toMatchObject([
    { kind: 'AttachPolicy', principal: { name: 'Analyst' } },
  ]);
  expect(problems(result)).toEqual(['AccessConflict']);
  expect(result.stage.problems[0]?.message).toContain('ml-dev');
});

test('a link that is attached already says nothing of another one that is not', () => {
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const answers = { ManagedPolicy: { policy: { ...inForce(), attachedTo } } };
  const rival = { name: 'ml-dev', principals: attachedTo, denied: ['203.0.113.0/24'] };
  expect(problems(plan({ answers, rivals: [{ ...rival, attached: [] }] }))).toEqual([]);
  const caught = plan({ answers, rivals: [{ ...rival, attached: attachedTo }] });
  expect(problems(caught)).toEqual(['AccessConflict']);
});

test('an endpoint that an older read does not show stays in the document', () => {
  const notebook = { ...studio, serviceName: 'aws.sagemaker.eu-west-1.notebook' };
  const there = { ...notebook, state: 'available', privateDnsEnabled: true } as const;
  const endpoints = [
    { service: 'api', privateDNS: true },
    { service: 'notebook', privateDNS: true },
  ] satisfies SageMakerPrivateLinkSpec['endpoints'];
  const [create] = plan({
    spec: { endpoints },
    others: [there],
    answers: { ManagedPolicy: {} },
  }).stage.actions;
  if (create?.kind !== 'CreatePolicy') throw new Error('no policy is made');
  expect(JSON.stringify(create.document)).toContain(there.id);
  const attachedTo = [{ kind: 'role', name: 'DataScientist' }] as const;
  const enforced = { ...policy, document: create.document, attachedTo };
  const answers = { ManagedPolicy: { policy: enforced }, PolicyVersions: [] };
  const hidden = plan({ spec: { endpoints }, answers, elapsed: measured(settledApi) });
  expect(hidden.stage.actions).toEqual([]);
});
