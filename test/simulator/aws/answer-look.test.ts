/** Every kind of look leads to its own reader, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCallerReader } from '../../../src/aws/accounts/read-caller.ts';
import { type AnswerLook, createAnswering } from '../../../src/aws/answer-look.ts';
import { overtakes } from '../../../src/aws/apply-action.ts';
import { createRecentWrites } from '../../../src/aws/consistency/recent-writes.ts';
import { createNetworkInterfacesReader } from '../../../src/aws/endpoint/read-network-interfaces.ts';
import { createOwnedMerges } from '../../../src/aws/merge-owned.ts';
import { createOwnedReader } from '../../../src/aws/read-owned.ts';
import { createRuleMemory } from '../../../src/aws/security-group/rule-memory.ts';
import { createAnswerPolicyLook } from '../../../src/aws/notebook-policy/answer-policy-look.ts';
import { createPolicyMerges } from '../../../src/aws/notebook-policy/merge-policies.ts';
import type { Look, LookKind } from '../../../src/plan/looks.ts';
import { arn, creation, first, lead, name } from './notebook-policy/policy-world.ts';
import {
  accountId,
  apiService,
  type SimulatedCalls,
  startSimulatedCalls,
} from './simulated-calls.ts';
import { owner, tagsOf } from './simulated-cloud.ts';

let world: SimulatedCalls;
let answer: AnswerLook;

beforeEach(async () => {
  world = await startSimulatedCalls();
  const { reading } = world;
  const writes = createRecentWrites(reading.clock, 60_000, overtakes);
  ({ answerLook: answer } = createAnswering({
    context: reading,
    merges: createOwnedMerges(writes),
    owned: createOwnedReader(owner.clusterId, reading, createRuleMemory()),
    networkInterfaces: createNetworkInterfacesReader(reading),
    caller: createCallerReader(reading),
    answerPolicyLook: createAnswerPolicyLook(reading, createPolicyMerges(writes)),
  }));
});

afterEach(() => world.close());

/** A world with one of each, and for each kind of look what is asked and answered. */
function questions(): {
  readonly [K in LookKind]: readonly [Extract<Look, { readonly kind: K }>, unknown];
} {
  const { aws, iam } = world;
  const { id: vpcId } = aws.defaultVpc();
  const [subnet] = aws.subnets(vpcId);
  const subnetId = subnet?.id ?? '';
  const group = aws.createSecurityGroup({ vpcId, name: 'g', tags: tagsOf(owner.uid) });
  aws.createSecurityGroup({ vpcId, name: 'of another link', tags: tagsOf('uid-2') });
  aws.run('CreateVpcEndpoint', {
    VpcId: vpcId,
    ServiceName: apiService,
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: 'false',
    'SubnetId.1': subnetId,
    'SecurityGroupId.1': group.id,
  });
  const [made] = aws.interfaces();
  const eni = made?.id ?? '';
  const serviceNames = [apiService];
  const { prefixList } = aws.run('CreateManagedPrefixList', {
    PrefixListName: 'offices',
    AddressFamily: 'IPv4',
    MaxEntries: '1',
  });
  const { prefixListId } = prefixList as { readonly prefixListId: string };
  iam.createPolicy({ name, path: creation.path, document: first });
  iam.changePrincipal(iam.createPrincipal(lead), { attachedPolicyArns: [arn], boundaryArn: arn });
  const ids = <T>(...all: readonly T[]) => all.map((id) => expect.objectContaining({ id }));
  const mine = { endpoints: [], securityGroups: ids(group.id) };
  const policy = expect.objectContaining({ arn, attachedTo: [lead] });
  return {
    Caller: [{ kind: 'Caller' }, expect.objectContaining({ account: accountId })],
    Owned: [{ kind: 'Owned', owner }, mine],
    ClusterHoldings: [
      { kind: 'ClusterHoldings' },
      { endpoints: [], securityGroups: [expect.anything(), expect.anything()] },
    ],
    Vpcs: [{ kind: 'Vpcs', selector: { id: vpcId } }, ids(vpcId)],
    VpcDnsAttributes: [
      { kind: 'VpcDnsAttributes', vpcId },
      { enableDnsSupport: true, enableDnsHostnames: true },
    ],
    Subnets: [{ kind: 'Subnets', vpcId }, ids(...aws.subnets(vpcId).map(({ id }) => id))],
    FreeAddresses: [
      { kind: 'FreeAddresses', vpcId },
      expect.arrayContaining([expect.objectContaining({ id: subnetId, availableAddresses: 4090 })]),
    ],
    SubnetsById: [{ kind: 'SubnetsById', ids: [subnetId] }, ids(subnetId)],
    EndpointServices: [
      { kind: 'EndpointServices', names: serviceNames },
      [expect.objectContaining({ name: apiService, policySupported: true })],
    ],
    VpcEndpoints: [
      { kind: 'VpcEndpoints', vpcId, serviceNames },
      [expect.objectContaining({ vpcId, networkInterfaceIds: [eni] })],
    ],
    SecurityGroups: [{ kind: 'SecurityGroups', ids: [group.id] }, ids(group.id)],
    SecurityGroupsByName: [
      { kind: 'SecurityGroupsByName', vpcId, name: 'g' },
      [
        expect.objectContaining({
          id: group.id,
          rules: [expect.objectContaining({ isEgress: true })],
        }),
      ],
    ],
    SecurityGroupUses: [
      { kind: 'SecurityGroupUses', groupIds: [group.id] },
      [expect.objectContaining({ groupId: group.id, interfaces: ids(eni) })],
    ],
    PrefixLists: [{ kind: 'PrefixLists', ids: [prefixListId] }, ids(prefixListId)],
    NetworkInterfaces: [{ kind: 'NetworkInterfaces', ids: [eni] }, ids(eni)],
    ClientServices: [
      { kind: 'ClientServices', vpcId, serviceNames },
      [expect.objectContaining({ serviceName: apiService, addresses: [made?.ipv4] })],
    ],
    PolicyNames: [{ kind: 'PolicyNames', path: creation.path }, [name]],
    ManagedPolicy: [{ kind: 'ManagedPolicy', arn }, { policy }],
    PoliciesByARN: [{ kind: 'PoliciesByARN', arns: [arn, `${arn}-2`], owner }, [policy]],
    PolicyVersions: [
      { kind: 'PolicyVersions', arn },
      [{ id: 'v1', isDefault: true, document: first }],
    ],
    PolicyBoundaryUses: [{ kind: 'PolicyBoundaryUses', arn }, [lead]],
    PrincipalPolicies: [
      { kind: 'PrincipalPolicies', principals: [lead] },
      [
        {
          principal: lead,
          policies: [{ name, arn, through: lead, document: first }],
          boundary: { name, arn, through: lead, document: first },
        },
      ],
    ],
  };
}

test('each look is answered by what it is about', async () => {
  for (const [look, expected] of Object.values(questions())) {
    expect([look.kind, await answer(look, world.ask())]).toStrictEqual([look.kind, expected]);
  }
});

test('a policy that is not there is no policy, and not an error', async () => {
  expect(await answer({ kind: 'ManagedPolicy', arn }, world.ask())).toStrictEqual({});
});
