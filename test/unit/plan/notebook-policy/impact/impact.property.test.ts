/** The impact check against an evaluator that nobody here wrote, over generated statements. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PolicyDocument } from '../../../../../src/plan/facts.ts';
import { findImpact } from '../../../../../src/plan/notebook-policy/impact/impact.ts';
import { runs } from '../generated.ts';

const vpcId = 'vpc-0a';
const path = { endpointIds: ['vpce-0a00000000000000a', 'vpce-0a00000000000000b'], vpcId };
const principal = { kind: 'role', name: 'DataScientist' } as const;
const publicAddresses = ['203.0.113.1', '203.0.113.200', '198.51.100.9', '8.8.8.8', '2600::9'];
const privateAddresses = ['10.0.16.5', '10.0.17.5', '192.168.1.1'];

type Block = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

const addressOperators = ['IpAddress', 'NotIpAddress', 'IpAddressIfExists', 'NotIpAddressIfExists'];
const addressTest = (key: string, values: readonly string[]): fc.Arbitrary<Block> =>
  fc
    .tuple(fc.constantFrom(...addressOperators), fc.subarray([...values], { minLength: 1 }))
    .map(([operator, list]) => ({ [operator]: { [key]: list } }));

const textOperators = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'];
const textTest = (key: string, values: readonly string[]): fc.Arbitrary<Block> =>
  fc
    .tuple(
      fc.constantFrom('', '', 'ForAnyValue:', 'ForAllValues:'),
      fc.constantFrom(...textOperators),
      fc.constantFrom('', '', 'IfExists'),
      fc.subarray([...values], { minLength: 1 }),
    )
    .map(([set, operator, exists, list]) => ({ [`${set}${operator}${exists}`]: { [key]: list } }));

const absence = fc
  .tuple(
    fc.constantFrom('aws:SourceIp', 'aws:SourceVpce', 'aws:SourceVpc', 'aws:VpcSourceIp'),
    fc.constantFrom('true', 'false'),
  )
  .map(([key, value]): Block => ({ Null: { [key]: value } }));

const viaService = fc
  .tuple(fc.constantFrom('Bool', 'BoolIfExists'), fc.constantFrom('true', 'false'))
  .map(([operator, value]): Block => ({ [operator]: { 'aws:ViaAWSService': value } }));

const conditionTest = fc.oneof(
  addressTest('aws:SourceIp', [
    '203.0.113.0/25',
    '203.0.113.0/24',
    '8.8.8.8',
    '::/0',
    '10.0.0.0/8',
  ]),
  addressTest('aws:VpcSourceIp', ['10.0.16.0/24', '10.0.0.0/8']),
  textTest('aws:SourceVpce', [...path.endpointIds, 'vpce-0c00000000000000c', 'vpce-*']),
  textTest('aws:SourceVpc', [vpcId, 'vpc-0b', 'vpc-*']),
  absence,
  viaService,
);

/** One to three tests; those of one operator are joined, as JSON has each name once. */
const condition = fc.array(conditionTest, { minLength: 1, maxLength: 3 }).map((blocks): Block => {
  const joined: Record<string, Readonly<Record<string, string | readonly string[]>>> = {};
  for (const [operator, keys] of blocks.flatMap((one) => Object.entries(one))) {
    joined[operator] = { ...joined[operator], ...keys };
  }
  return joined;
});

const statement = fc
  .tuple(fc.constantFrom('Allow', 'Deny'), fc.option(condition, { freq: 5 }))
  .map(([Effect, Condition]) => ({
    Effect,
    Action: 'sagemaker:CreateDomain',
    Resource: '*',
    ...(Condition === null ? {} : { Condition }),
  }));

const document = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((Statement): PolicyDocument => ({ Version: '2012-10-17', Statement }));

interface Policies {
  readonly identity: PolicyDocument;
  readonly boundary: PolicyDocument | null;
}

const policies: fc.Arbitrary<Policies> = fc.record({
  identity: document,
  boundary: fc.option(document, { freq: 2 }),
});

async function isAllowed(
  { identity, boundary }: Policies,
  context: Readonly<Record<string, string>>,
): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::111122223333:role/DataScientist',
        action: 'sagemaker:CreateDomain',
        resource: {
          resource: 'arn:aws:sagemaker:eu-west-1:111122223333:domain/d-1',
          accountId: '111122223333',
        },
        contextVariables: { ...context, 'aws:ViaAWSService': 'false' },
      },
      identityPolicies: [{ name: 'identity', policy: identity }],
      ...(boundary === null
        ? {}
        : { permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }] }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === 'Allowed';
}

function effectsOf({ identity, boundary }: Policies): readonly string[] {
  const policy = (name: string, one: PolicyDocument) => ({
    name,
    arn: `arn:aws:iam::111122223333:policy/${name}`,
    through: principal,
    document: one,
  });
  const found = findImpact(
    [
      {
        principal,
        policies: [policy('identity', identity)],
        ...(boundary === null ? {} : { boundary: policy('boundary', boundary) }),
      },
    ],
    path,
  );
  return found.map(({ effect }) => effect);
}

const before = publicAddresses.map((address) => ({ 'aws:SourceIp': address }));
const after = path.endpointIds.flatMap((id) =>
  privateAddresses.map((address) => ({
    'aws:SourceVpce': id,
    'aws:SourceVpc': vpcId,
    'aws:VpcSourceIp': address,
  })),
);

async function resultsOf(
  all: Policies,
  contexts: readonly Readonly<Record<string, string>>[],
): Promise<readonly boolean[]> {
  return Promise.all(contexts.map((context) => isAllowed(all, context)));
}

test('whoever loses access through the endpoints, a statement is named for it', async () => {
  let losses = 0;
  await fc.assert(
    fc.asyncProperty(policies, async (all) => {
      const wasAllowed = (await resultsOf(all, before)).includes(true);
      const isDenied = wasAllowed && (await resultsOf(all, after)).includes(false);
      if (!isDenied) return;
      losses += 1;
      const effects = effectsOf(all);
      expect(effects.some((one) => one === 'BeginsToDeny' || one === 'StopsAllowing')).toBe(true);
    }),
    { numRuns: 250 * runs.scale, seed: runs.seed },
  );
  // Seen to be about something.
  expect(losses).toBeGreaterThan(20);
});

/** AWS does not say what they come to without the key, so they are named whichever it is. */
function isDocumented(block: Block): boolean {
  return Object.keys(block).every((name) => !/^ForAnyValue:.*IfExists$/.test(name));
}

test('a Deny is named exactly if somebody loses access by it', async () => {
  const allowed = { Effect: 'Allow', Action: '*', Resource: '*' };
  await fc.assert(
    fc.asyncProperty(condition.filter(isDocumented), async (Condition) => {
      const deny = { Effect: 'Deny', Action: 'sagemaker:CreateDomain', Resource: '*', Condition };
      const identity = { Version: '2012-10-17', Statement: [allowed, deny] };
      const all = { identity, boundary: null };
      const loses =
        (await resultsOf(all, before)).includes(true) &&
        (await resultsOf(all, after)).includes(false);
      expect(effectsOf(all).includes('BeginsToDeny')).toBe(loses);
    }),
    { numRuns: 150 * runs.scale, seed: runs.seed },
  );
});
