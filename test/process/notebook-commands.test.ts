/** `plan`, `apply`, `policy` and `explain-access` of links that restrict notebook access. */
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AccountControl } from '../../src/simulator/control/account-control.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { CommandLine } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

jest.setTimeout(120_000);

let simulator: Simulator;
let region: RegionControl;
let account: AccountControl;
let shell: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  account = simulator.world.account();
  account.createPrincipal({ kind: 'role', name: 'DataScientist' });
  shell = await CommandLine.start(simulator.url);
});

beforeEach(() => simulator.resetCalls());

afterAll(async () => {
  await shell?.close();
  await simulator?.close();
});

const quick = ['--poll=200ms', '--consistency=500ms', '--dns-settle=500ms', '--iam-settle=200ms'];
const office = '203.0.113.0/24';
const apiId = 'vpce-0a1b2c3d4e5f67890';
const notebookId = 'vpce-0123456789abcdef0';
const endpointFlags = ['--endpoint', `api=${apiId}`, '--endpoint', `notebook=${notebookId}`];

/** A link with both endpoints of notebooks. */
function link(
  name: string,
  access: Record<string, unknown> | 'none' = { allowedCIDRs: [office] },
  spec: Record<string, unknown> = {},
): object {
  const attachTo = { roles: ['DataScientist'] };
  return sampleLink(region, name, {
    endpoints: [{ service: 'api' }, { service: 'notebook' }],
    ...(access === 'none' ? {} : { notebookAccess: { attachTo, ...access } }),
    ...spec,
  });
}

function writes(): readonly string[] {
  return simulator.calls().flatMap(({ readOnly, action }) => (readOnly ? [] : [action]));
}

interface PlanBody {
  readonly actions: readonly Readonly<Record<string, unknown>>[];
  readonly findings: { readonly problems: readonly { reason: string; message: string }[] };
  readonly notes: readonly { readonly reason: string; readonly message: string }[];
}

async function planOf(
  file: string,
  ...flags: readonly string[]
): Promise<{ readonly exitCode: number; readonly plan: PlanBody }> {
  const { exitCode, stdout } = await shell.run(['plan', '-f', file, '-o', 'json', ...flags]);
  const { plans } = JSON.parse(stdout) as { readonly plans: readonly [PlanBody] };
  return { exitCode, plan: plans[0] };
}

function kindsOf({ actions }: PlanBody): readonly unknown[] {
  return actions.map(({ kind }) => kind);
}

/** A policy of the role that lets it use SageMaker from the office only, by address alone. */
async function withImpactingPolicy(work: () => Promise<void>): Promise<void> {
  const role = account.principals().find(({ name }) => name === 'DataScientist');
  if (role === undefined) throw new Error('the set-up is gone');
  const { arn } = account.createPolicy({
    name: 'OfficeOnly',
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'DenyOutsideOffice',
          Effect: 'Deny',
          Action: 'sagemaker:*',
          Resource: '*',
          Condition: { NotIpAddress: { 'aws:SourceIp': [office] } },
        },
      ],
    },
  });
  account.changePrincipal(role, { attachedPolicyArns: [arn] });
  try {
    await work();
  } finally {
    account.changePrincipal(role, { attachedPolicyArns: [] });
    account.deletePolicy(arn);
  }
}

test('the plan of a new link has everything: policy, private DNS and attachment, in order', async () => {
  const file = await shell.write('new.yaml', [link('new')]);
  const { exitCode, plan } = await planOf(file);
  expect(exitCode).toBe(2);
  expect(plan.findings).toEqual({ problems: [], waits: [] });
  expect(kindsOf(plan)).toEqual([
    'CreateSecurityGroup',
    'AuthorizeIngress',
    'RevokeEgress',
    'CreateVpcEndpoint',
    'CreateVpcEndpoint',
    'CreatePolicy',
    'ModifyVpcEndpoint',
    'ModifyVpcEndpoint',
    'AttachPolicy',
  ]);
  const final = plan.actions.find(({ kind }) => kind === 'CreatePolicy');
  const sourceVpce = ['api', 'notebook'].map((service) => {
    const prefix = service === 'api' ? 'com.amazonaws' : 'aws.sagemaker';
    return expect.stringMatching(new RegExp(`^\\(known after apply\\) for ${prefix}.*${service}$`));
  });
  expect(final?.['document']).toMatchObject({
    Statement: [{ Condition: { StringNotEquals: { 'aws:SourceVpce': sourceVpce } } }],
  });
  expect(plan.actions.at(-1)).toMatchObject({
    arn: expect.stringMatching(
      /^arn:aws:iam::111122223333:policy\/sagemaker-privatelink\/sagemaker-privatelink-new-/,
    ),
    principal: { kind: 'role', name: 'DataScientist' },
  });
  expect(JSON.stringify(plan)).not.toMatch(/vpce-0/);

  const { stdout } = await shell.run(['plan', '-f', file]);
  expect(stdout).toMatch(/~ endpoint \(known after apply\) for .*notebook/);
  expect(stdout).toContain('privateDnsEnabled: true');
  expect(stdout).toContain('on role DataScientist');
  expect(writes()).toEqual([]);
  const refused = simulator.calls().flatMap(({ errorCode }) => errorCode ?? []);
  expect(refused.filter((code) => code === 'ValidationError')).toEqual([]);
});

test('what apply does is what plan said, also for a change of what exists', async () => {
  const file = await shell.write('same.yaml', [link('same')]);
  const first = await planOf(file);
  await applied(file, first.plan);

  const change = { allowedCIDRs: ['198.51.100.0/24'] };
  const dualless = { endpoints: [{ service: 'api' }, { service: 'notebook', privateDNS: false }] };
  await shell.write('same.yaml', [link('same', change, dualless)]);
  const second = await planOf(file);
  expect(second.exitCode).toBe(2);
  await applied(file, second.plan);
  expect((await planOf(file)).exitCode).toBe(0);

  const destroy = await planOf(file, '--destroy');
  expect(kindsOf(destroy.plan)).toEqual(
    expect.arrayContaining([
      'DetachPolicy',
      'DeletePolicy',
      'DeleteVpcEndpoints',
      'DeleteSecurityGroup',
    ]),
  );
  simulator.resetCalls();
  expect((await shell.run(['delete', '-f', file, ...quick])).exitCode).toBe(0);
  // IAM gets its time in reality, so endpoints and policy go in either order.
  expect([...callsOf(destroy.plan)].sort()).toEqual([...writes()].sort());
  expect((await planOf(file, '--destroy')).exitCode).toBe(0);
});

async function applied(file: string, plan: PlanBody): Promise<void> {
  simulator.resetCalls();
  expect((await shell.run(['apply', '-f', file, '--wait', ...quick])).exitCode).toBe(0);
  expect(callsOf(plan)).toEqual(writes());
}

/** AWS's calls for the actions of a plan. */
function callsOf({ actions }: PlanBody): readonly unknown[] {
  return actions.map(({ kind, principal }) => {
    const names: Readonly<Record<string, string>> = {
      AuthorizeIngress: 'AuthorizeSecurityGroupIngress',
      RevokeEgress: 'RevokeSecurityGroupEgress',
      AttachPolicy: 'AttachRolePolicy',
      DetachPolicy: 'DetachRolePolicy',
    };
    expect((principal as { kind?: string } | undefined)?.kind ?? 'role').toBe('role');
    return names[String(kind)] ?? kind;
  });
}

test('a policy that private DNS would change the meaning of fails the plan, or is noted', async () => {
  await withImpactingPolicy(async () => {
    const file = await shell.write('impact.yaml', [link('impact')]);
    const failing = await planOf(file);
    expect(failing.exitCode).toBe(1);
    const [problem] = failing.plan.findings.problems;
    expect(problem).toMatchObject({ reason: 'PolicyImpact' });
    expect(problem?.message).toContain('DenyOutsideOffice');
    expect(kindsOf(failing.plan)).not.toContain('ModifyVpcEndpoint');
    expect((await shell.run(['plan', '-f', file])).stdout).toMatch(/! PolicyImpact: .*OfficeOnly/);

    const proceeding = { allowedCIDRs: [office], onImpact: 'Proceed' };
    await shell.write('impact.yaml', [link('impact', proceeding)]);
    const { exitCode, plan } = await planOf(file);
    expect(exitCode).toBe(2);
    expect(plan.findings.problems).toEqual([]);
    expect(plan.notes).toMatchObject([{ reason: 'PolicyImpact' }]);
    expect(kindsOf(plan)).toContain('AttachPolicy');
    const { stdout } = await shell.run(['plan', '-f', file]);
    expect(stdout).toMatch(/note: With private DNS .*DenyOutsideOffice/);
  });
  expect(writes()).toEqual([]);
});

/** A document that the program printed. */
const policySchema = new URL('../../docs/policy.schema.json', import.meta.url);
const validatePolicies = new Ajv2020().compile(
  JSON.parse(readFileSync(policySchema, 'utf8')) as object,
);

function documentIn(stdout: string): unknown {
  return JSON.parse(stdout);
}

test('policy prints the document with the ids of the endpoints and says whose account it names', async () => {
  const file = await shell.write('policy.yaml', [link('policy')]);
  const known = await shell.run(['policy', '-f', file, ...endpointFlags, '--account=444455556666']);
  expect(known).toMatchObject({ exitCode: 0, stderr: '' });
  expect(documentIn(known.stdout)).toMatchObject({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Condition: {
          NotIpAddress: { 'aws:SourceIp': [office] },
          StringNotEquals: { 'aws:SourceVpce': [notebookId, apiId] },
        },
      },
    ],
  });
  expect(known.stdout).toContain('444455556666');
  const example = await shell.run(['policy', '-f', file, ...endpointFlags]);
  expect(example.exitCode).toBe(0);
  expect(example.stderr).toMatch(/warning: the ARNs have the example account 111122223333/);
  expect(simulator.calls()).toEqual([]);
});

test('policy -o json has the document of each link with its warnings, in the documented form', async () => {
  const file = await shell.write('policies.yaml', [link('one'), link('two')]);
  const half = ['--endpoint', `api=${apiId}`];
  const { exitCode, stdout, stderr } = await shell.run([
    'policy',
    '-f',
    file,
    '-o',
    'json',
    ...half,
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const printed = JSON.parse(stdout) as {
    policies: readonly { link: string; document: unknown; warnings: readonly string[] }[];
  };
  validatePolicies(printed);
  expect(validatePolicies.errors ?? []).toEqual([]);
  expect(printed.policies.map((one) => one.link)).toEqual(['one', 'two']);
  expect(printed.policies[0]?.warnings.join()).toMatch(/example account.*leaves out notebook/);
  const bare = await shell.run([
    'policy',
    '-f',
    await shell.write('one.yaml', [link('one')]),
    ...half,
  ]);
  expect(printed.policies[0]?.document).toEqual(documentIn(bare.stdout));
});

const answers = [
  { flags: ['--source-ip', '203.0.113.7'], exitCode: 0 },
  { flags: ['--source-ip', '198.51.100.7'], exitCode: 3 },
  { flags: ['--vpce', apiId], exitCode: 0 },
  { flags: ['--vpce', 'notebook'], exitCode: 0 },
  { flags: ['--vpce', 'vpce-0fedcba9876543210'], exitCode: 3 },
  { flags: ['--vpce', 'api', '--vpc-source-ip', '10.1.0.7'], exitCode: 0 },
  { flags: ['--vpce', 'api', '--vpc-source-ip', '10.2.0.7'], exitCode: 3 },
  { flags: ['--source-ip', '198.51.100.7', '--via-service'], exitCode: 0 },
] as const;

test.each(answers)('explain-access $flags ends with $exitCode', async ({ flags, exitCode }) => {
  const asksByPrivateAddress = flags.some((flag) => flag === '--vpc-source-ip');
  const access = {
    allowedCIDRs: [office],
    ...(asksByPrivateAddress ? { allowedPrivateCIDRs: ['10.1.0.0/16'] } : {}),
  };
  const file = await shell.write('explain.yaml', [link('explain', access)]);
  const args = ['explain-access', '-f', file, ...endpointFlags, ...flags];
  const text = await shell.run(args);
  expect(text).toMatchObject({ exitCode, stderr: '' });
  const json = await shell.run([...args, '-o', 'json']);
  expect(json.exitCode).toBe(exitCode);
  const answer = documentIn(json.stdout) as { link: string; decision: string; lines: string[] };
  expect(answer.link).toBe('explain');
  expect(answer.decision === 'Denied').toBe(exitCode === 3);
  expect(text.stdout).toBe(`${answer.lines.join('\n')}\n`);
  expect(simulator.calls()).toEqual([]);
});

const mistakes = [
  {
    what: 'an address in the VPC without its endpoint',
    flags: [...endpointFlags, '--vpc-source-ip', '10.1.0.7'],
    words: /--vpc-source-ip needs --vpce/,
  },
  {
    what: 'a request on two ways',
    flags: [...endpointFlags, '--source-ip', '203.0.113.7', '--vpce', 'api'],
    words: /either over the internet .* or through an endpoint/,
  },
  {
    what: 'an address that is none',
    flags: [...endpointFlags, '--source-ip', '203.0.113.700'],
    words: /must be an IPv4 or IPv6 address/,
  },
  {
    what: 'an IPv4 address in the form of IPv6',
    flags: [...endpointFlags, '--source-ip', '::ffff:203.0.113.7'],
    words: /must be in the form of IPv4: 203\.0\.113\.7/,
  },
  {
    what: 'an address with a zone, which AWS never sees',
    flags: [...endpointFlags, '--source-ip', 'fe80::1%eth0'],
    words: /must be an IPv4 or IPv6 address/,
  },
  {
    what: 'a role by its ARN',
    flags: [...endpointFlags, '--role', 'arn:aws:iam::111122223333:role/DataScientist'],
    words: /must be the name of an IAM role, not an ARN and without path/,
  },
  {
    what: 'a role with its path',
    flags: [...endpointFlags, '--role', 'team/DataScientist'],
    words: /must be the name of an IAM role, not an ARN and without path/,
  },
  {
    what: 'a role whose permission set no link tells of',
    flags: [
      ...endpointFlags,
      '--source-ip',
      '198.51.100.7',
      '--role',
      'AWSReservedSSO_Data_0a1b2c',
    ],
    words: /is a role of IAM Identity Center: whether its permission set has the policy/,
  },
  {
    what: 'an endpoint id that is none',
    flags: ['--endpoint', 'api=vpc-1', '--source-ip', '203.0.113.7'],
    words: /must look like api=vpce-/,
  },
  {
    what: 'an account that is none',
    flags: [...endpointFlags, '--account', '12'],
    words: /must be the twelve digits of an AWS account/,
  },
  {
    what: 'an endpoint that the spec does not have',
    flags: ['--endpoint', `runtime=${apiId}`, '--source-ip', '203.0.113.7'],
    words: /mistake has no endpoint runtime in spec\.endpoints/,
  },
  {
    what: 'an action that is not restricted',
    flags: [...endpointFlags, '--action', 'sagemaker:StopNotebookInstance'],
    words: /sagemaker:StopNotebookInstance is not restricted by mistake/,
  },
  {
    what: 'a question without a source',
    flags: [...endpointFlags],
    words: /no source is given: add --source-ip/,
  },
  {
    what: 'a resource that is no ARN',
    flags: [...endpointFlags, '--source-ip', '203.0.113.7', '--resource', 'demo'],
    words: /--resource demo is no ARN of one resource, such as arn:aws:sagemaker:us-east-1:/,
  },
  {
    what: 'a resource of another account than the one that is given',
    flags: [...endpointFlags, '--source-ip', '198.51.100.7', '--account', '444455556666'].concat([
      '--resource',
      'arn:aws:sagemaker:us-east-1:777788889999:notebook-instance/demo',
    ]),
    words: /none of the resources that the policy is about/,
  },
  {
    what: 'a resource of another region',
    flags: [...endpointFlags, '--source-ip', '198.51.100.7'].concat([
      '--resource',
      'arn:aws:sagemaker:eu-west-1:444455556666:notebook-instance/demo',
    ]),
    words: /none of the resources that the policy is about/,
  },
  {
    what: 'a resource that the action is never asked for',
    flags: [...endpointFlags, '--source-ip', '198.51.100.7'].concat([
      '--resource',
      'arn:aws:sagemaker:us-east-1:444455556666:domain/d-1',
    ]),
    words: /give notebook-instance/,
  },
  {
    what: 'an action that nothing knows',
    flags: [...endpointFlags, '--source-ip', '198.51.100.7', '--action', 'CreateNotebook'],
    words: /CreateNotebook is not restricted by mistake/,
  },
  {
    what: 'an action that could be restricted',
    flags: [...endpointFlags, '--source-ip', '198.51.100.7', '--action', 'StartSession'],
    words: /add StudioRemoteAccess to spec\.notebookAccess\.actions/,
  },
  {
    what: 'an id that may be that of an endpoint without one',
    flags: ['--endpoint', `api=${apiId}`, '--vpce', notebookId],
    words: /add --endpoint notebook=vpce-/,
  },
  {
    what: 'an endpoint by a name that was not given',
    flags: ['--endpoint', `api=${apiId}`, '--vpce', 'notebook'],
    words: /--vpce notebook .*--endpoint notebook=vpce-/,
  },
] as const;

test('an action and a role have no case, an ARN brings its account, a private address has a hint', async () => {
  const file = await shell.write('case.yaml', [link('case')]);
  const args = ['explain-access', '-f', file, ...endpointFlags, '--source-ip', '198.51.100.7'];
  const lower = 'sagemaker:createpresignednotebookinstanceurl';
  const arn = 'arn:aws:sagemaker:us-east-1:444455556666:notebook-instance/demo';
  expect((await shell.run([...args, '--action', lower])).exitCode).toBe(3);
  expect((await shell.run([...args, '--action', 'NotebookInstances'])).exitCode).toBe(3);
  expect((await shell.run([...args, '--resource', arn])).exitCode).toBe(3);
  expect((await shell.run([...args, '--role', 'datascientist'])).exitCode).toBe(3);
  const inside = await shell.run([...args.slice(0, -1), '10.1.0.7']);
  expect(inside).toMatchObject({ exitCode: 3, stderr: '' });
  expect(inside.stdout).toMatch(/Hint: 10\.1\.0\.7 is a private address/);
});

test('policy says which endpoints its document leaves out', async () => {
  const file = await shell.write('half.yaml', [link('half')]);
  const { exitCode, stderr } = await shell.run([
    'policy',
    '-f',
    file,
    '--endpoint',
    `api=${apiId}`,
  ]);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/warning: the document leaves out notebook, .*--endpoint notebook=vpce-/);
});

test.each(mistakes)('explain-access refuses $what', async ({ flags, words }) => {
  const file = await shell.write('mistake.yaml', [link('mistake')]);
  const { exitCode, stdout, stderr } = await shell.run(['explain-access', '-f', file, ...flags]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('without anything to print policy and explain-access say why', async () => {
  const pending = await shell.write('pending.yaml', [link('pending', {})]);
  const open = await shell.write('open.yaml', [link('open', 'none')]);
  for (const command of ['policy', 'explain-access']) {
    const early = await shell.run([command, '-f', pending]);
    expect({ command, exitCode: early.exitCode }).toEqual({ command, exitCode: 1 });
    expect(early.stderr).toMatch(/Give ids with --endpoint api=vpce-/);
    const none = await shell.run([command, '-f', open]);
    expect({ command, exitCode: none.exitCode }).toEqual({ command, exitCode: 1 });
    expect(none.stderr).toMatch(/open has no spec\.notebookAccess: nothing is restricted/);
  }
});

test('a plan knows that a principal is missing', async () => {
  const access = { allowedCIDRs: [office], attachTo: { roles: ['DataScientist', 'Nobody'] } };
  const file = await shell.write('missing.yaml', [link('missing', access)]);
  const { exitCode, plan } = await planOf(file);
  expect(exitCode).toBe(1);
  expect(plan.findings.problems.map(({ message }) => message).join()).toMatch(/role.*Nobody/);
  expect(writes()).toEqual([]);
});

test('what is probably not meant is noted once by plan and by apply', async () => {
  const wide = { allowedCIDRs: ['0.0.0.0/0'] };
  const file = await shell.write('wide.yaml', [link('wide', wide)]);
  const { plan } = await planOf(file);
  expect(plan.notes).toMatchObject([{ reason: 'NotebookAccessWarning' }]);
  const { exitCode, stdout } = await shell.run(['apply', '-f', file, '--wait', ...quick]);
  expect(exitCode).toBe(0);
  expect(stdout.match(/^wide: note: .*the whole internet/gm)).toHaveLength(1);
  expect((await shell.run(['delete', '-f', file, ...quick])).exitCode).toBe(0);
});

test('a time limit longer than timers can run is refused', async () => {
  const file = await shell.write('long.yaml', [link('long')]);
  const { exitCode, stderr } = await shell.run(['apply', '-f', file, '--timeout=600h']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/must be at most 596h \(24\.8 days\)/);
});
