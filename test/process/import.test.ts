/** `import`: what a VPC has becomes links whose adoption changes nothing but ownership tags. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { CommandLine } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';

let simulator: Simulator;
let region: RegionControl;
let shell: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  shell = await CommandLine.start(simulator.url);
});

afterAll(async () => {
  await shell?.close();
  await simulator?.close();
});

const services = [
  'sagemaker.api',
  'sagemaker.runtime',
  'sagemaker.metrics',
  'sagemaker.runtime-fips',
]
  .map((suffix) => `com.amazonaws.us-east-1.${suffix}`)
  .concat('aws.sagemaker.us-east-1.notebook', 'aws.sagemaker.us-east-1.studio');

/** In the forms that people and tools write them. */
const policies = [
  {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: '*', Action: 'sagemaker:*', Resource: '*' },
  },
  {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Ours',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['sagemaker:InvokeEndpoint', 'sagemaker:Describe*'],
        Resource: ['*'],
        Condition: {
          StringEquals: {
            'aws:PrincipalAccount': ['111122223333'],
            'aws:PrincipalTag/level': [
              '0o7',
              '0x1',
              'yes',
              '~',
              '1_000',
              '12:30',
              '2026-11-29',
              '<<',
            ],
          },
        },
      },
    ],
  },
];

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

interface EndpointWorld {
  readonly service: string;
  readonly zones: readonly string[];
  readonly group: number;
  readonly privateDns: boolean;
  readonly policy: number;
  readonly tags: Readonly<Record<string, string>>;
}

const endpointWorld: fc.Arbitrary<EndpointWorld> = fc.record({
  service: fc.constantFrom(...services),
  zones: fc.subarray(zones, { minLength: 1 }),
  group: fc.nat({ max: 1 }),
  privateDns: fc.boolean(),
  policy: fc.integer({ min: -1, max: policies.length - 1 }),
  tags: fc.constantFrom({}, { Name: 'hand-made' }, { team: 'ml: yes', ManagedBy: 'terraform' }),
});

const worlds = fc.uniqueArray(endpointWorld, {
  minLength: 1,
  maxLength: 5,
  selector: ({ service }) => service,
});

let made = 0;

function build(world: readonly EndpointWorld[]): string {
  made += 1;
  const vpc = region.createVpc({ cidr: `10.${made}.0.0/16`, enableDnsHostnames: true });
  const subnetOf = new Map(
    zones.map((zone, index) => {
      const cidr = `10.${made}.${index}.0/24`;
      return [zone, region.createSubnet({ vpcId: vpc.id, cidr, zone }).id];
    }),
  );
  const groups = ['one', 'two'].map(
    (name) => region.createSecurityGroup({ vpcId: vpc.id, name }).id,
  );
  for (const { service, group, privateDns, policy, tags, zones: wanted } of world) {
    const document = service.includes('runtime-fips') ? undefined : policies[policy];
    const tagged = Object.entries(tags).flatMap(([Key, Value], index) => [
      [`TagSpecification.1.Tag.${index + 1}.Key`, Key],
      [`TagSpecification.1.Tag.${index + 1}.Value`, Value],
    ]);
    region.run('CreateVpcEndpoint', {
      VpcEndpointType: 'Interface',
      VpcId: vpc.id,
      ServiceName: service,
      'SecurityGroupId.1': groups[group] ?? '',
      PrivateDnsEnabled: String(privateDns),
      ...Object.fromEntries(
        wanted.map((zone, i) => [`SubnetId.${i + 1}`, subnetOf.get(zone) ?? '']),
      ),
      ...(document === undefined ? {} : { PolicyDocument: JSON.stringify(document) }),
      ...(tagged.length === 0
        ? {}
        : { 'TagSpecification.1.ResourceType': 'vpc-endpoint', ...Object.fromEntries(tagged) }),
    });
  }
  return vpc.id;
}

function importOf(vpcId: string, ...args: readonly string[]) {
  return shell.run(['import', '--vpc', vpcId, '--region', 'us-east-1', ...args]);
}

interface Planned {
  readonly plans: readonly {
    readonly actions: readonly {
      readonly kind: string;
      readonly resourceIds?: readonly string[];
    }[];
    readonly findings: { readonly problems: readonly unknown[] };
  }[];
}

test('whatever a VPC has: the links of its import change tags alone, and after that nothing', async () => {
  const sample = fc.sample(worlds, { numRuns: 8, seed: 14 });
  const files: string[] = [];
  for (const world of sample) {
    const vpcId = build(world);
    const { exitCode, stdout, stderr } = await importOf(vpcId, '--name', `world-${files.length}`);
    expect({ exitCode, stderr, world }).toEqual({ exitCode: 0, stderr: '', world });
    files.push(await shell.write(`world-${files.length}.yaml`, stdout));
  }
  const arguments_ = files.flatMap((file) => ['-f', file]);
  const before = region.endpoints().map(({ id }) => id);
  const planned = await shell.run(['plan', ...arguments_, '-o', 'json']);
  const { plans } = JSON.parse(planned.stdout) as Planned;
  expect(plans.flatMap(({ findings }) => findings.problems)).toEqual([]);
  const actions = plans.flatMap((plan) => plan.actions);
  expect(new Set(actions.map(({ kind }) => kind))).toEqual(new Set(['CreateTags']));
  const count = sample.reduce((sum, world) => sum + world.length, 0);
  expect(new Set(actions.flatMap(({ resourceIds = [] }) => resourceIds)).size).toBe(count);
  const applied = await shell.run(['apply', ...arguments_, '--wait', '--poll', '100ms']);
  expect(applied.exitCode).toBe(0);
  expect(await shell.run(['plan', ...arguments_])).toMatchObject({ exitCode: 0 });
  expect(region.endpoints().map(({ id }) => id)).toEqual(before);
});

const plain = { zones, group: 0, privateDns: true, policy: -1, tags: {} };

test('what cannot be taken over is left out by name, and the exit code says so', async () => {
  const [api = '', runtime = ''] = services;
  const vpcId = build([
    { ...plain, service: api },
    { ...plain, service: runtime },
  ]);
  const [, taken] = region.endpoints().filter((one) => one.vpcId === vpcId);
  region.changeEndpoint(taken?.id ?? '', {
    tags: { 'services.k8s.aws/controller-version': 'ec2-v1' },
  });
  const { exitCode, stdout } = await importOf(vpcId, '-o', 'json');
  expect(exitCode).toBe(2);
  const found = JSON.parse(stdout) as object;
  const file = new URL('../../docs/import.schema.json', import.meta.url);
  const validate = new Ajv2020().compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  validate(found);
  expect(validate.errors ?? []).toEqual([]);
  expect(found).toMatchObject({
    leftOut: [{ id: taken?.id, reason: expect.stringContaining('it belongs to ACK') }],
  });
  expect((await importOf(vpcId)).stdout).toContain(`# Left out: ${taken?.id}`);
});

test('a Terraform state gives the addresses that leave it, quoted for a shell', async () => {
  const [api = ''] = services;
  const vpcId = build([{ ...plain, service: api }]);
  const [endpoint] = region.endpoints().filter((one) => one.vpcId === vpcId);
  const state = {
    version: 4,
    resources: [
      {
        module: 'module.ml["a b"]',
        mode: 'managed',
        type: 'aws_vpc_endpoint',
        name: 'this',
        instances: [{ index_key: "it's", attributes: { id: endpoint?.id } }],
      },
    ],
  };
  const file = await shell.write('terraform.tfstate', JSON.stringify(state));
  const { exitCode, stdout } = await importOf(vpcId, '--terraform-state', file);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    `terraform state rm 'module.ml["a b"].aws_vpc_endpoint.this["it'\\''s"]'`,
  );
});

test('a second import gives no link the name of the first, neither when it is asked to nor by itself', async () => {
  const [api = '', runtime = ''] = services;
  const vpcId = build([
    { ...plain, service: api },
    { ...plain, service: runtime },
  ]);
  const [first] = region.endpoints().filter((one) => one.vpcId === vpcId);
  const tags = {
    'sagemaker.privatelink.dev/cluster': 'c',
    'sagemaker.privatelink.dev/uid': 'u',
    'sagemaker.privatelink.dev/name': vpcId,
  };
  region.changeEndpoint(first?.id ?? '', { tags });
  const asked = await importOf(vpcId, '--name', vpcId);
  expect(asked).toMatchObject({ exitCode: 1, stdout: '' });
  expect(asked.stderr).toContain(
    `error: option '--name': ${vpcId} is taken: ${first?.id} belongs to SageMakerPrivateLink ${vpcId} of cluster c`,
  );
  const byItself = await importOf(vpcId, '-o', 'json');
  expect(JSON.parse(byItself.stdout)).toMatchObject({
    links: [{ manifest: { metadata: { name: `${vpcId}-2` } } }],
  });
});

test('a VPC without endpoints is said to have none that a link can have', async () => {
  const { exitCode, stdout } = await importOf(build([]));
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/^# The VPC has no endpoint that a link can have: .*\n$/);
});

test.each(['Bad_Name', '', 'a'.repeat(254)])(
  'the name %j is refused before AWS is asked',
  async (name) => {
    const { exitCode, stdout, stderr } = await importOf('vpc-0000000000000dead', '--name', name);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain("error: option '--name <name>'");
  },
);

test('mistakes are one line: no such VPC, a wrong id, a state that is none', async () => {
  const vpcId = build([{ ...plain, service: services[0] ?? '' }]);
  const file = await shell.write('no-state.json', '{}');
  for (const [args, words] of [
    [['--vpc', 'vpc-0000000000000dead'], 'there is no vpc-0000000000000dead in us-east-1'],
    [['--vpc', 'vpc'], 'must be the id of a VPC'],
    [['--vpc', vpcId, '--terraform-state', file], 'no Terraform state of version 4'],
    [['--vpc', vpcId, '--account', 'nowhere'], 'account map'],
  ] as const) {
    const { exitCode, stdout, stderr } = await shell.run([
      'import',
      '--region',
      'us-east-1',
      ...args,
    ]);
    expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 1, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^ +at /m);
  }
});
