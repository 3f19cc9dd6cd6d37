import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { virtualClock } from '../../../src/simulator/clock.ts';
import { AwsError } from '../../../src/simulator/protocol/error.ts';
import { ec2Model } from '../../../src/simulator/protocol/generated/ec2-model.ts';
import { iamModel } from '../../../src/simulator/protocol/generated/iam-model.ts';
import { stsModel } from '../../../src/simulator/protocol/generated/sts-model.ts';
import type { ParameterModel } from '../../../src/simulator/protocol/service-model.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { post } from '../raw-request.ts';

type Parameters = Readonly<Record<string, string>>;

/** Values that mean something to EC2, to JavaScript or to nobody. */
function valueOfEc2(simulator: Simulator): fc.Arbitrary<string> {
  const region = simulator.world.region('us-east-1');
  const { id: vpcId } = region.defaultVpc();
  const known = [
    vpcId,
    ...region.subnets(vpcId).map(({ id }) => id),
    ...region.securityGroups(vpcId).map(({ id }) => id),
    ...region.rules().map(({ id }) => id),
    'com.amazonaws.us-east-1.sagemaker.api',
    'com.amazonaws.us-east-1.s3',
    'Interface',
    'Gateway',
    'dualstack',
    'tcp',
    '-1',
    '443',
    '10.0.0.0/16',
    '2001:db8::/32',
    'true',
    'vpc-endpoint',
    'group-id',
    'cidr',
  ];
  return valueOf(known);
}

/** Values that mean something to IAM and STS. */
function valueOfIam(simulator: Simulator): fc.Arbitrary<string> {
  const account = simulator.world.account();
  const Statement = [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }];
  const policy = account.createPolicy({ name: 'known', document: { Statement } });
  const role = account.createPrincipal({ kind: 'role', name: 'known' });
  for (const kind of ['user', 'group'] as const) account.createPrincipal({ kind, name: 'known' });
  const trust = role.trustPolicy ?? '';
  const documents = [JSON.stringify({ Statement }), trust, '{"Statement":[null]}', '[]'];
  const words = ['known', '/', '/a/', 'v1', 'Role', 'Local', 'PermissionsPolicy', '3600', '100'];
  return valueOf([...words, policy.arn, role.arn, ...documents]);
}

function valueOf(known: readonly string[]): fc.Arbitrary<string> {
  const odd = ['', '__proto__', 'constructor', 'toString', '\\', '*', '{}', '1e9', 'a.b', '\u0000'];
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known) },
    { weight: 3, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  );
}

/** Parameters of the model's form: those it requires, a few others, and now and then another form. */
function parametersOf(model: ParameterModel, text: fc.Arbitrary<string>): fc.Arbitrary<Parameters> {
  if (typeof model === 'string') return ofType(model, text).map((value) => ({ '': value }));
  if ('list' in model) {
    const elements = fc.array(parametersOf(model.list, text), { minLength: 1, maxLength: 2 });
    const start = model.wrapper === undefined ? '' : `${model.wrapper}.`;
    return elements.map((list) =>
      flat(list.map((element, index) => [`${start}${index + 1}`, element])),
    );
  }
  if ('type' in model) return parametersOf(model.type, text);
  const { members, required = [] } = model;
  const others = Object.keys(members).filter((name) => name !== 'DryRun');
  return fc.subarray(others, { maxLength: Math.min(3, others.length) }).chain((some) => {
    const names = [...new Set([...required, ...some])];
    const values = names.map((name) => parametersOf(members[name] ?? 'string', text));
    return fc
      .tuple(...values)
      .map((list) => flat(list.map((value, index) => [names[index] ?? '', value])));
  });
}

function ofType(type: string, text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  if (type === 'boolean') return fc.constantFrom('true', 'false', 'perhaps');
  if (type === 'integer') return fc.oneof(fc.constantFrom('5', '443', '-1', '2000'), text);
  return text;
}

function flat(parts: readonly (readonly [string, Parameters])[]): Parameters {
  return Object.fromEntries(
    parts.flatMap(([name, inner]) =>
      Object.entries(inner).map(([rest, value]) => [rest === '' ? name : `${name}.${rest}`, value]),
    ),
  );
}

test('whatever is asked, EC2 answers or refuses, and never fails itself', async () => {
  const simulator = await startSimulator({ clock: virtualClock() });
  const value = valueOfEc2(simulator);
  const request = fc
    .constantFrom(...Object.entries(ec2Model.actions))
    .chain(([action, model]) =>
      parametersOf(model, value).map((parameters) => ({ action, parameters })),
    );
  const answered = new Set<string>();
  try {
    fc.assert(
      fc.property(request, ({ action, parameters }) => {
        try {
          simulator.world.region('us-east-1').run(action, parameters);
          answered.add(action);
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
        }
      }),
      { numRuns: 3000 },
    );
    expect(answered.size).toBeGreaterThan(8);
  } finally {
    await simulator.close();
  }
});

test.each([
  ['iam', iamModel, 8],
  ['sts', stsModel, 1],
] as const)(
  'whatever is asked, %s answers or refuses, and never fails itself',
  async (service, { actions }, leastAnswered) => {
    const simulator = await startSimulator({ clock: virtualClock(), throttling: false });
    const value = valueOfIam(simulator);
    const request = fc
      .constantFrom(...Object.entries(actions))
      .chain(([Action, model]) =>
        parametersOf(model, value).map((parameters) => ({ Action, ...parameters })),
      );
    const answered = new Set<string>();
    try {
      await fc.assert(
        fc.asyncProperty(request, async (parameters) => {
          const { status, body } = await post({ simulator }, parameters, service);
          expect([status === 500, body]).toEqual([false, body]);
          if (status === 200) answered.add(parameters.Action);
        }),
        { numRuns: service === 'iam' ? 300 : 60 },
      );
      expect(answered.size).toBeGreaterThanOrEqual(leastAnswered);
    } finally {
      await simulator.close();
    }
  },
);
