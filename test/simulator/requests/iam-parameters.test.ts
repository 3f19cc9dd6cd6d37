/** Every bound that AWS's model puts on a parameter of IAM and STS, held by a request that breaks it. */
import { describe as group, expect, test } from '@jest/globals';
import { iamModel } from '../../../src/simulator/protocol/generated/iam-model.ts';
import { stsModel } from '../../../src/simulator/protocol/generated/sts-model.ts';
import type { ParameterModel, ValueModel } from '../../../src/simulator/protocol/service-model.ts';
import { post } from '../raw-request.ts';
import { inAws, type SimulatedAws } from '../simulated-aws.ts';

type Parameters = Readonly<Record<string, string>>;
type Service = 'iam' | 'sts';

/** Values of which one is right for any parameter without a list of values. */
const samples = [
  '/',
  'v1',
  'arn:aws:iam::111122223333:role/somebody',
  '{"Statement":[]}',
  'name-of-it',
  '123456',
];

function rightValue(model: ParameterModel): string {
  if (typeof model !== 'object' || !('type' in model)) return model === 'boolean' ? 'true' : 'text';
  if (model.enum !== undefined) return model.enum[0] ?? '';
  if (model.type !== 'string') return String(model.min ?? 1);
  const pattern = new RegExp(`^(?:${model.pattern ?? '.*'})$`, 's');
  const { min = 0, max = Infinity } = model;
  const fits = (text: string): boolean => text.length >= min && text.length <= max;
  return (
    samples.find((text) => fits(text) && (model.pattern === undefined || pattern.test(text))) ??
    'x'.repeat(min)
  );
}

/** A value for each bound of the model, and what AWS says of it. */
function wrongValues(model: ValueModel): readonly (readonly [string, string])[] {
  const { type, min, max, enum: values, pattern } = model;
  const of = type === 'string' ? 'length' : 'value';
  const sized = (size: number): string => (type === 'string' ? 'x'.repeat(size) : String(size));
  return [
    ...(min === undefined || min === 0
      ? []
      : [[sized(min - 1), `Member must have ${of} greater than or equal to ${min}`] as const]),
    ...(max === undefined || max > 100_000
      ? []
      : [[sized(max + 1), `Member must have ${of} less than or equal to ${max}`] as const]),
    ...(values === undefined
      ? []
      : [['Nothing', `Member must satisfy enum value set: [${values.join(', ')}]`] as const]),
    ...(pattern === undefined ? [] : [['\u0001'.repeat(Math.max(1, min ?? 0)), pattern] as const]),
  ];
}

interface WrongRequest {
  readonly parameters: Parameters;
  readonly words: string;
}

/** Requests that are right but for one value each. */
function wrongRequests(action: string, model: ParameterModel): WrongRequest[] {
  const right = rightParameters(model);
  return leavesOf(model, '').flatMap(([name, leaf]) =>
    wrongValues(leaf).map(([value, words]) => ({
      parameters: { Action: action, ...right, ...siblings(model, name), [name]: value },
      words,
    })),
  );
}

function rightParameters(model: ParameterModel, prefix = ''): Parameters {
  if (typeof model !== 'object' || 'type' in model) return { [prefix]: rightValue(model) };
  const start = prefix === '' ? '' : `${prefix}.`;
  if ('list' in model) return rightParameters(model.list, `${start}member.1`);
  const names = model.required ?? [];
  return Object.assign(
    {},
    ...names.map((name) => rightParameters(model.members[name] ?? 'string', start + name)),
  );
}

/** The required neighbours of a value that is inside of a list of structures. */
function siblings(model: ParameterModel, name: string): Parameters {
  const [head = '', ...rest] = name.split('.member.1');
  if (rest.length === 0 || typeof model !== 'object' || !('members' in model)) return {};
  return rightParameters(model.members[head] ?? 'string', head);
}

function leavesOf(model: ParameterModel, prefix: string): [string, ValueModel][] {
  if (typeof model !== 'object') return [];
  if ('type' in model) return [[prefix, model]];
  const start = prefix === '' ? '' : `${prefix}.`;
  if ('list' in model) return leavesOf(model.list, `${start}member.1`);
  return Object.entries(model.members).flatMap(([name, member]) => leavesOf(member, start + name));
}

/** IAM says of some patterns what they mean. */
const meanings: Readonly<Record<string, string>> = {
  '[\\w+=,.@-]+': 'It must contain only alphanumeric characters and/or the following: +=,.@_-',
  '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+': 'It must contain only printable ASCII characters.',
  '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)': 'It must begin and end with /',
  '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/': 'It must begin and end with /',
};

async function messageOf(aws: SimulatedAws, service: Service, parameters: Parameters) {
  const { status, body } = await post(aws, parameters, service);
  const textOf = (name: string): string =>
    (new RegExp(`<${name}>([^<]*)<`).exec(body)?.[1] ?? '')
      .replaceAll('&apos;', "'")
      .replaceAll('&quot;', '"');
  return { status, code: textOf('Code'), message: textOf('Message') };
}

/** Parameters that the simulator says it has not. */
const notSimulated = 'SimulatorUnsupported';

for (const [service, model] of [
  ['iam', iamModel],
  ['sts', stsModel],
] as const) {
  test(
    `${service}: a value beyond any bound of the model is refused in the words of AWS`,
    inAws(
      async (aws) => {
        let count = 0;
        for (const [action, input] of Object.entries(model.actions)) {
          for (const { parameters, words } of wrongRequests(action, input)) {
            const { status, code, message } = await messageOf(aws, service, parameters);
            if (code === notSimulated) continue;
            count += 1;
            expect([parameters, status, code]).toEqual([parameters, 400, 'ValidationError']);
            expect(message).toContain((service === 'iam' && meanings[words]) || words);
          }
        }
        expect(count).toBeGreaterThan(service === 'iam' ? 250 : 20);
      },
      { throttling: false },
    ),
  );
}

group("the words are AWS's:", () => {
  const role = { RoleArn: 'arn:aws:iam::111122223333:role/x', RoleSessionName: 'session' };
  const cases: readonly (readonly [string, Service, Parameters, string])[] = [
    [
      'a text that is too long, at IAM',
      'iam',
      { Action: 'GetUser', UserName: 'u'.repeat(129) },
      "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 128",
    ],
    [
      'a name with a slash, at IAM',
      'iam',
      { Action: 'GetRole', RoleName: 'service-role/x' },
      'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    ],
    [
      'a name with a colon, at STS',
      'sts',
      { Action: 'AssumeRole', ...role, RoleSessionName: 'a:b' },
      "1 validation error detected: Value 'a:b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      'two things at once',
      'sts',
      { Action: 'AssumeRole', RoleArn: role.RoleArn, DurationSeconds: '60' },
      "2 validation errors detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null; Value '60' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'an element of a list',
      'iam',
      { Action: 'GetAccountAuthorizationDetails', 'Filter.member.1': 'Roles' },
      "1 validation error detected: Value at 'filter' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [User, Role, Group, LocalManagedPolicy, AWSManagedPolicy]]",
    ],
    [
      'more elements than there may be',
      'sts',
      {
        Action: 'AssumeRole',
        ...role,
        ...Object.fromEntries(
          Array.from({ length: 51 }, (_, i) => [`TransitiveTagKeys.member.${i + 1}`, 'k']),
        ),
      },
      "at 'transitiveTagKeys' failed to satisfy constraint: Member must have length less than or equal to 50",
    ],
    [
      'text that is no ARN of a role',
      'sts',
      { Action: 'AssumeRole', ...role, RoleArn: 'somebody-who-is-not-an-arn' },
      'Request ARN is invalid',
    ],
    [
      'text that is no ARN of a boundary',
      'iam',
      {
        Action: 'PutRolePermissionsBoundary',
        RoleName: 'somebody',
        PermissionsBoundary: 'nothing-like-an-arn-at-all',
      },
      'ARN nothing-like-an-arn-at-all is not valid.',
    ],
  ];
  test.each(cases)('%s', (_, service, parameters, words) =>
    inAws(async (aws) => {
      aws.simulator.world.account().createPrincipal({ kind: 'role', name: 'somebody' });
      const { code, message } = await messageOf(aws, service, parameters);
      expect(code).toBe('ValidationError');
      expect(message).toContain(words);
    })(),
  );
});
