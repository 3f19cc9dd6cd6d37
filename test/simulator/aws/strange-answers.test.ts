/** AWS's answers with parts missing and strange, through the real SDK: always a classified error. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type CloudDirectory,
  createCloudDirectory,
} from '../../../src/aws/accounts/cloud-directory.ts';
import type { CallLimits } from '../../../src/aws/rate-limit/call-limits.ts';
import type { Action } from '../../../src/plan/actions.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { type Cloud, CloudError } from '../../../src/plan/cloud.ts';
import type { Look } from '../../../src/plan/looks.ts';
import { type PassEnd, findingsOf } from '../../../src/plan/pass-end.ts';
import { defaultPatience } from '../../../src/plan/sightings.ts';
import { runPass } from '../../../src/reconcile/pass.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { type Clock, systemClock } from '../../../src/runtime/clock.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { owner, tagsOf } from './simulated-cloud.ts';

const region = 'eu-west-1';

/** What happens to an answer on its way. */
type Change =
  | { readonly kind: 'drop' | 'empty' | 'repeat' | 'rename'; readonly at: number }
  | { readonly kind: 'fill'; readonly at: number; readonly text: string }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'replace'; readonly text: string }
  | { readonly kind: 'status'; readonly code: number };

let simulator: Simulator;
let proxy: Server;
let directory: CloudDirectory;
let cloud: Cloud;
let looks: readonly Look[];
let actions: readonly Action[];
let changes: readonly Change[] = [];
/** Every how manieth answer is changed. */
let changeEvery = 1;
let answers = 0;
let laterMs = 0;

beforeAll(async () => {
  // The passes' time jumps ahead of the simulator's, so nothing may take time at the simulator.
  const atOnce = { pendingMs: 0, deletingMs: 0, tombstoneMs: 0 };
  simulator = await startSimulator({ ...atOnce, throttling: false });
  proxy = createServer((request, response) => {
    void forward(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  Object.assign(process.env, awsClientEnvironment(`http://127.0.0.1:${port}`, region));
  // Pauses between attempts take no time: what is tested is what comes of the answers.
  const system = systemClock();
  const clock: Clock = {
    ...system,
    now: () => system.now() + laterMs,
    setTimer: (callback) => system.setTimer(callback, 0),
    sleep: (_delayMs, signal) => system.sleep(0, signal),
  };
  directory = createCloudDirectory({ clusterId: owner.clusterId, clock, limits: noLimits() });
  cloud = directory.cloudFor({ region });
  looks = await furnish();
});

afterAll(async () => {
  directory.close();
  await new Promise((resolve) => proxy.close(resolve));
  await simulator.close();
});

/** Nothing waits for a turn here. */
function noLimits(): CallLimits {
  const reads = ['DescribeVpcs', 'DescribeVpcAttribute', 'DescribeSubnets'].concat([
    'DescribeVpcEndpointServices',
    'DescribeVpcEndpoints',
    'DescribeSecurityGroups',
    'DescribeSecurityGroupRules',
    'DescribeNetworkInterfaces',
  ]);
  const changes = ['CreateSecurityGroup', 'CreateVpcEndpoint', 'DeleteVpcEndpoints'];
  const policies = ['ListPolicies', 'GetPolicy', 'GetPolicyVersion', 'ListPolicyVersions'].concat([
    'ListEntitiesForPolicy',
    'ListAttachedRolePolicies',
    'ListRolePolicies',
    'GetRole',
  ]);
  const actions = [
    'sts:GetCallerIdentity',
    ...[...reads, ...changes].map((name) => `ec2:${name}`),
    ...policies.map((name) => `iam:${name}`),
  ];
  return Object.fromEntries(actions.map((name) => [name, { burst: 1e6, perSecond: 1e6 }]));
}

/** A world in which every look has an answer worth changing. */
async function furnish(): Promise<readonly Look[]> {
  const aws = simulator.world.region(region);
  const vpcId = aws.defaultVpc().id;
  const { signal } = new AbortController();
  const tags = tagsOf(owner.uid);
  const newGroup = {
    kind: 'CreateSecurityGroup',
    reason: 'r',
    name: 'g',
    description: 'd',
    vpcHasIpv6: false,
  } as const;
  const { group } = await cloud.apply({ ...newGroup, vpcId, tags }, { signal });
  const serviceName = `com.amazonaws.${region}.sagemaker.api`;
  const newEndpoint = {
    kind: 'CreateVpcEndpoint',
    reason: 'r',
    serviceName,
    vpcId,
    subnetIds: aws.subnets(vpcId).map(({ id }) => id),
    addresses: [],
    securityGroupIds: [group.id],
    ipAddressType: 'ipv4',
    privateDnsEnabled: true,
    tags,
    clientToken: 'token',
  } as const;
  await cloud.apply(newEndpoint, { signal });
  // Each of them can be repeated without end: the group and the endpoint exist, the last never did.
  actions = [
    { ...newGroup, vpcId, tags },
    newEndpoint,
    { kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: ['vpce-00000000000000001'] },
  ];
  const role = simulator.world.account().createPrincipal({ kind: 'role', name: 'Scientist' });
  const Statement = [{ Effect: 'Deny', Action: 'sagemaker:*', Resource: '*' }];
  const document = { Version: '2012-10-17', Statement };
  const policy = simulator.world.account().createPolicy({ name: 'p', document });
  simulator.world.account().changePrincipal(role, { attachedPolicyArns: [policy.arn] });
  return [
    { kind: 'Caller' },
    { kind: 'Owned', owner },
    { kind: 'Vpcs', selector: { id: vpcId } },
    { kind: 'Vpcs', selector: { tags: { a: 'b' } } },
    { kind: 'VpcDnsAttributes', vpcId },
    { kind: 'Subnets', vpcId },
    { kind: 'EndpointServices', names: [serviceName] },
    { kind: 'VpcEndpoints', vpcId, serviceNames: [serviceName] },
    { kind: 'SecurityGroups', ids: [group.id] },
    { kind: 'NetworkInterfaces', ids: aws.interfaces().map(({ id }) => id) },
    { kind: 'PolicyNames', path: '/' },
    { kind: 'ManagedPolicy', arn: policy.arn },
    { kind: 'PoliciesByARN', arns: [policy.arn], owner },
    { kind: 'PolicyVersions', arn: policy.arn },
    { kind: 'PolicyBoundaryUses', arn: policy.arn },
    { kind: 'PrincipalPolicies', principals: [{ kind: 'role', name: 'Scientist' }] },
  ];
}

async function forward(request: IncomingMessage): Promise<{ status: number; body: string }> {
  const headers = Object.entries(request.headers).filter(
    ([name]) => !['host', 'connection', 'content-length'].includes(name),
  ) as [string, string][];
  const body = await buffer(request);
  const answer = await fetch(`${simulator.url}${request.url ?? ''}`, {
    method: request.method ?? 'POST',
    headers,
    body,
  });
  const text = await answer.text();
  answers += 1;
  if (answers % changeEvery > 0) return { status: answer.status, body: text };
  return changes.reduce(changed, { status: answer.status, body: text });
}

const element = /<([A-Za-z]\w*)(?: [^>]*)?>([^<]*)<\/\1>|<([A-Za-z]\w*)>/g;

function changed(
  { status, body }: { status: number; body: string },
  change: Change,
): { status: number; body: string } {
  switch (change.kind) {
    case 'status':
      return { status: change.code, body };
    case 'replace':
      return { status, body: change.text };
    case 'cut':
      return { status, body: body.slice(0, change.at % (body.length + 1)) };
    default:
      return { status, body: withElement(body, change) };
  }
}

function withElement(
  body: string,
  change: Extract<Change, { kind: 'drop' | 'empty' | 'repeat' | 'rename' | 'fill' }>,
): string {
  const found = [...body.matchAll(element)];
  const one = found[change.at % Math.max(1, found.length)];
  if (one === undefined) return body;
  const [text, name = 'x'] = one;
  const instead = {
    drop: '',
    empty: `<${name}/>`,
    repeat: text + text,
    rename: text.replaceAll(name, `${name}X`),
    fill: change.kind === 'fill' ? `<${name}>${change.text}</${name}>` : '',
  }[change.kind];
  return body.slice(0, one.index) + instead + body.slice(one.index + text.length);
}

const at = fc.nat({ max: 5_000 });
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop', 'empty', 'repeat', 'rename'), at }),
  fc.record({
    kind: fc.constant('fill' as const),
    at,
    text: fc.oneof(
      fc.constantFrom('', 'true', '-1', '99999999999999999999', 'null', '{}', '%', '%7B%22', '[]'),
      fc.constantFrom('&lt;a&gt;', '<item/>', '<a><b>c</b></a>', '2026-99-99', '&#0;', '&amp'),
      fc.string().map((text) => text.replace(/[<&]/g, '')),
    ),
  }),
  fc.record({ kind: fc.constant('cut' as const), at }),
  fc.record({
    kind: fc.constant('replace' as const),
    text: fc.constantFrom('', ' ', '{}', 'null', '<html><body>502</body></html>', '<a', '<?xml?>'),
  }),
  fc.record({
    kind: fc.constant('status' as const),
    code: fc.constantFrom(204, 400, 404, 500, 503),
  }),
);

async function outcomeOf(one: Look | Action): Promise<unknown> {
  const { signal } = new AbortController();
  try {
    if ('reason' in one) return await cloud.apply(one, { signal });
    return await cloud.look(one, { since: cloud.now(), signal });
  } catch (error) {
    return error;
  }
}

test('F23: unchanged, every call is answered', async () => {
  changes = [];
  for (const one of [...looks, ...actions]) {
    expect(await outcomeOf(one)).not.toBeInstanceOf(Error);
  }
});

test('F23: whatever becomes of an answer, a call is answered or fails with a classified error', async () => {
  const seen = { answered: 0, failed: 0 };
  const every = [...looks, ...actions];
  await fc.assert(
    fc.asyncProperty(fc.array(anyChange, { minLength: 1, maxLength: 4 }), async (some) => {
      changes = some;
      const outcomes = await Promise.all(every.map(outcomeOf));
      for (const [index, outcome] of outcomes.entries()) {
        seen[outcome instanceof Error ? 'failed' : 'answered'] += 1;
        if (!(outcome instanceof Error)) continue;
        const kind = every[index]?.kind;
        expect([kind, outcome.name, outcome.message]).toEqual([
          kind,
          'CloudError',
          expect.stringMatching(/^(ec2|iam|sts):\w+/),
        ]);
        expect(outcome).toBeInstanceOf(CloudError);
      }
    }),
    { numRuns: 50 },
  );
  expect(seen.answered).toBeGreaterThan(100);
  expect(seen.failed).toBeGreaterThan(100);
}, 300_000);

/** A link in a VPC of its own. */
function newLink(uid: string) {
  const aws = simulator.world.region(region);
  const vpcId = aws.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true }).id;
  const place = { vpcId, cidr: '10.8.0.0/24', zone: `${region}a` };
  const { link } = validateLink({
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name: 'ml' },
    spec: {
      region,
      vpc: { id: vpcId },
      subnets: { ids: [aws.createSubnet(place).id] },
      endpoints: [{ service: 'api' }],
    },
  });
  const access = { attachedTo: [], seenAttached: [], isApplied: false, settledNames: {} };
  return {
    owner: { ...owner, uid },
    spec: link.spec,
    goal: 'present' as const,
    remembered: { endpointIds: {}, networkInterfaces: [], tagKeys: [], access },
    repair: true,
    absenceIsFinal: false,
    elapsed: { sightings: {}, patience: defaultPatience },
  };
}

function passOver(link: ReturnType<typeof newLink>): Promise<PassEnd> {
  const now = cloud.now();
  const freshness = { resourcesSince: now, networkSince: now };
  return runPass({
    ...link,
    ports: { AWS: cloud },
    freshness,
    signal: new AbortController().signal,
  });
}

test('F23: after passes over strange answers everything is there, and once', async () => {
  const aws = simulator.world.region(region);
  let count = 0;
  let madeWhileStrange = 0;
  changeEvery = 3;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyChange, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 4 }),
      async (strange) => {
        count += 1;
        const link = newLink(`uid-of-run-${count}`);
        for (const some of strange) {
          changes = some;
          const { done } = await passOver(link);
          madeWhileStrange += done.length;
        }
        changes = [];
        // What a strange answer made us believe of our own changes is believed for some minutes.
        await passOver(link);
        laterMs += 600_000;
        for (let pass = 0; pass < 3; pass += 1) await passOver(link);
        const last = await passOver(link);
        expect(findingsOf(last)).toEqual({ problems: [], waits: [] });
        expect(last.done).toEqual([]);
        const isOurs = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean =>
          tags['sagemaker.privatelink.dev/uid'] === link.owner.uid;
        // Where the answer to a creation named another owner, a second one was made and is gone.
        expect(aws.endpoints().filter(isOurs)).toHaveLength(1);
        expect(aws.securityGroups().filter(isOurs)).toHaveLength(1);
      },
    ),
    { numRuns: 40 },
  );
  expect(madeWhileStrange).toBeGreaterThan(30);
}, 300_000);
