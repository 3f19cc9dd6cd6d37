/** Each wrong request gets the code that AWS documents for it. The list is data. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { virtualClock } from '../../../src/simulator/clock.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { post } from '../raw-request.ts';
import { type WrongRequest, wrongRequests } from './wrong-requests.ts';

let simulator: Simulator;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  simulator = await startSimulator({ clock: virtualClock(), pendingMs: 0, throttling: false });
  ids = { ...furnishNetworks(simulator), ...furnishAccess(simulator) };
});

afterAll(() => simulator.close());

/** A default VPC with an endpoint, a VPC far away and one that is peered. */
function furnishNetworks({ world }: Simulator): Record<string, string> {
  const region = world.region('us-east-1');
  const { id: vpc } = region.defaultVpc();
  const [subnet = { id: '', zone: '' }] = region.subnets(vpc);
  const [defaultGroup = { id: '' }] = region.securityGroups(vpc);
  const groups = Array.from({ length: 6 }, (_, index) =>
    region.createSecurityGroup({ vpcId: vpc, name: index === 0 ? 'taken' : `g${index}` }),
  );
  const group = groups[0]?.id ?? '';
  const { id: rule } = region.addIngressRule(group, '10.0.0.0/8', 443);
  const { id: distantVpc } = region.createVpc({ cidr: '10.99.0.0/16' });
  const { id: peered } = region.createVpc({ cidr: '10.98.0.0/16' });
  region.peerVpcs(vpc, peered);
  const place = { zone: subnet.zone, vpcId: vpc };
  const { id: sameZone } = region.createSubnet({ ...place, cidr: '172.31.201.0/28' });
  const { id: fullSubnet } = region.createSubnet({ ...place, cidr: '172.31.202.0/28' });
  for (let host = 4; host < 15; host += 1) {
    const ipv4 = `172.31.202.${host}`;
    region.createNetworkInterface({ subnetId: fullSubnet, groupIds: [], ipv4 });
  }
  const distant = { vpcId: distantVpc, cidr: '10.99.0.0/24', zone: subnet.zone };
  const { id: distantSubnet } = region.createSubnet(distant);
  const { id: distantGroup } = region.createSecurityGroup({ vpcId: distantVpc, name: 'far' });
  region.run('CreateVpcEndpoint', {
    VpcId: vpc,
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.us-east-1.sagemaker.api',
    'SubnetId.1': subnet.id,
    'SecurityGroupId.1': group,
    PrivateDnsEnabled: 'true',
    ClientToken: 'used',
  });
  return {
    vpc,
    subnet: subnet.id,
    defaultGroup: defaultGroup.id,
    group,
    ...Object.fromEntries(groups.map(({ id }, index) => [`group${index}`, id])),
    rule,
    distantVpc,
    peered,
    sameZone,
    fullSubnet,
    distantSubnet,
    distantGroup,
    endpoint: region.endpoints()[0]?.id ?? '',
  };
}

/** A role with a policy of five versions, a user, and a role of AWS. */
function furnishAccess({ world }: Simulator): Record<string, string> {
  const account = world.account();
  const Statement = [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }];
  const policy = account.createPolicy({ name: 'p', document: { Statement } });
  const [first] = policy.versions;
  const versions = [1, 2, 3, 4, 5].flatMap((n) => (first ? { ...first, id: `v${n}` } : []));
  account.changePolicy(policy.arn, { versions, versionCount: 5 });
  const role = account.createPrincipal({ kind: 'role', name: 'somebody' });
  account.changePrincipal(role, { attachedPolicyArns: [policy.arn] });
  account.createPrincipal({ kind: 'user', name: 'ann' });
  const path = '/aws-service-role/x.amazonaws.com/';
  account.createPrincipal({ kind: 'role', name: 'AWSServiceRoleForX', path });
  return { policy: policy.arn };
}

function withIds(text: string): string {
  return text.replace(/<(\w+)>/g, (whole, name: string) => ids[name] ?? whole);
}

test.each(wrongRequests)(
  '$what: $code',
  async ({ service = 'ec2', parameters, code }: WrongRequest) => {
    const filled = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, withIds(value)]),
    );
    const { status, body } = await post({ simulator }, filled, service);
    expect([/<Code>([^<]*)/.exec(body)?.[1], body]).toEqual([code, body]);
    expect(status).toBeGreaterThanOrEqual(400);
  },
);

test('the list is long, and names no request twice', () => {
  const whats = wrongRequests.map(({ what }) => what);
  expect(whats.length).toBeGreaterThan(100);
  expect(new Set(whats).size).toBe(whats.length);
});
