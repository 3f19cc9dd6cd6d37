import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { driftCalls } from '../../../../src/plan/hints/drift-calls.ts';
import { dropReasons, hintOf } from '../../../../src/plan/hints/hint-of.ts';
import { anEndpoint, driftEvent, type EventParts } from './drift-event.ts';

function read(parts: EventParts = {}) {
  return hintOf(JSON.stringify(driftEvent(parts)));
}

function idsOf(parts: EventParts): readonly string[] {
  const result = read(parts);
  return result.kind === 'hint' ? result.hint.ids : [];
}

test('an event says where to look, and which request it was', () => {
  expect(read()).toEqual({
    kind: 'hint',
    hint: {
      account: '111122223333',
      region: 'eu-west-1',
      call: 'ec2:DeleteVpcEndpoints',
      requestId: '5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9',
      ids: [anEndpoint],
    },
  });
});

const group = 'sg-0a1b2c3d4e5f60718';
const policy = 'arn:aws:iam::111122223333:policy/sagemaker-privatelink/ml-0a1b';

/** By call: parameters in CloudTrail's forms, and the ids that the change is about. */
const forms: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    'ModifyVpcEndpoint',
    { ModifyVpcEndpointRequest: { VpcEndpointId: anEndpoint, PrivateDnsEnabled: false } },
    [anEndpoint],
  ],
  [
    'DeleteVpcEndpoints',
    {
      DeleteVpcEndpointsRequest: {
        VpcEndpointId: [
          { tag: 1, content: anEndpoint },
          { tag: 2, content: 'vpce-00000001' },
        ],
      },
    },
    [anEndpoint, 'vpce-00000001'],
  ],
  [
    'RevokeSecurityGroupIngress',
    { groupId: group, ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 443 }] } },
    [group],
  ],
  [
    'CreateTags',
    {
      resourcesSet: { items: [{ resourceId: anEndpoint }, { resourceId: 'i-0a1b2c3d' }] },
      tagSet: { items: [{ key: 'sagemaker.privatelink.dev/cluster', value: 'mine' }] },
    },
    [anEndpoint],
  ],
  [
    'ModifyVpcAttribute',
    { vpcId: 'vpc-0a1b2c3d', enableDnsSupport: { value: false } },
    ['vpc-0a1b2c3d'],
  ],
  ['DeleteSubnet', { subnetId: 'subnet-0a1b2c3d' }, ['subnet-0a1b2c3d']],
  ['DetachRolePolicy', { policyArn: policy, roleName: 'DataScientist' }, [policy]],
  ['SetDefaultPolicyVersion', { policyArn: policy, versionId: 'v1' }, [policy]],
];

test.each(forms)('%s is about the resources that it names', (call, parameters, ids) => {
  const service = Object.hasOwn(driftCalls, `iam:${call}`) ? 'iam' : 'ec2';
  const found = idsOf({ source: `${service}.amazonaws.com`, call, parameters });
  expect(found.toSorted()).toEqual(ids.toSorted());
});

test('an id in the answer counts: the end of a CIDR block names its VPC there alone', () => {
  const parts = {
    call: 'DisassociateVpcCidrBlock',
    parameters: { associationId: 'vpc-cidr-assoc-0a1b2c3d' },
    detail: { responseElements: { vpcId: 'vpc-0a1b2c3d' } },
  };
  expect(idsOf(parts)).toEqual(['vpc-0a1b2c3d']);
});

test('a resource that a call only mentions is no hint: the subnets of somebody’s endpoint', () => {
  const parameters = { VpcEndpointId: 'no-endpoint', AddSubnetId: 'subnet-0a1b2c3d' };
  expect(idsOf({ call: 'ModifyVpcEndpoint', parameters })).toEqual([]);
});

describe('a message that is no hint', () => {
  test.each<readonly [string, string, EventParts]>([
    ['Foreign', 'another sort of event', { event: { 'detail-type': 'EC2 Instance State-change' } }],
    ['Foreign', 'another service', { source: 's3.amazonaws.com' }],
    ['Foreign', 'a service whose name only begins so', { source: 'ec2.amazonaws.com.evil' }],
    ['Foreign', 'a call that makes no drift', { call: 'RunInstances' }],
    ['Foreign', 'the name of a property of every object', { call: 'constructor' }],
    ['Unchanged', 'a refused call', { detail: { errorCode: 'Client.UnauthorizedOperation' } }],
    ['Unchanged', 'a dry run', { detail: { errorCode: 'Client.DryRunOperation' } }],
    ['Unchanged', 'a read', { detail: { readOnly: true } }],
    ['Malformed', 'no account', { event: { account: '12' } }],
    ['Malformed', 'no region', { event: { region: 'eu-west-1\nhello' } }],
    ['Malformed', 'no detail', { event: { detail: [] } }],
    ['NoIds', 'no parameters', { parameters: null }],
    ['NoIds', 'an id with something around it', { parameters: { id: ` ${anEndpoint}` } }],
  ])('%s: %s', (reason, _, parts) => {
    expect(read(parts)).toEqual({ kind: 'dropped', reason });
  });

  test.each([
    ['Malformed', ''],
    ['Malformed', 'hello'],
    ['Malformed', 'null'],
    ['Malformed', '[1]'],
    ['Malformed', `${'['.repeat(200_000)}`],
    ['Foreign', '{}'],
    ['TooLong', JSON.stringify({ ...driftEvent(), pad: 'x'.repeat(262_144) })],
  ])('%s: a body that is none of EventBridge’s', (reason, body) => {
    expect(hintOf(body)).toEqual({ kind: 'dropped', reason });
  });
});

test('nesting as deep as an event can be costs no stack', () => {
  const depth = 100_000;
  const body = JSON.stringify(driftEvent({ parameters: 'HERE' })).replace(
    '"HERE"',
    `${'['.repeat(depth)}"${anEndpoint}"${']'.repeat(depth)}`,
  );
  const read = hintOf(body);
  // More than any call has: the walk ends before it comes to the id, or JSON refuses it.
  expect(read.kind).toBe('dropped');
});

/** A body of any sort: no JSON, any JSON, and events with anything in the place of one of their parts. */
const anyBody = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc
    .tuple(fc.constantFrom(...Object.keys(driftEvent())), fc.jsonValue())
    .map(([field, value]) => JSON.stringify(driftEvent({ event: { [field]: value } }))),
  fc
    .tuple(
      fc.constantFrom(
        'eventSource',
        'eventName',
        'requestParameters',
        'responseElements',
        'requestID',
        'errorCode',
        'toString',
        '__proto__',
      ),
      fc.oneof(fc.jsonValue(), fc.constant({ toString: null }), fc.constant([anEndpoint])),
    )
    .map(([field, value]) => JSON.stringify(driftEvent({ detail: { [field]: value } }))),
);

test('whatever a message is, it is read without an error, and a hint has ids of the known forms alone', () => {
  fc.assert(
    fc.property(anyBody, (body) => {
      const result = hintOf(body);
      if (result.kind === 'dropped') {
        expect(dropReasons).toContain(result.reason);
        return;
      }
      const { account, region, call, requestId = '', ids } = result.hint;
      expect([account, region]).toEqual([
        expect.stringMatching(/^\d{12}$/),
        expect.stringMatching(/^[a-z0-9-]+$/),
      ]);
      expect(Object.keys(driftCalls)).toContain(call);
      expect(requestId).toMatch(/^[\w-]{0,64}$/);
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect(id).toMatch(/^(vpce|sg|vpc|subnet)-[0-9a-f]+$|^arn:aws/);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: 3_000 },
  );
});

test('one event names a thousand resources at most', () => {
  const ids = Array.from({ length: 3_000 }, (_, index) => `sg-${String(10_000_000 + index)}`);
  expect(idsOf({ call: 'CreateTags', parameters: { ids } })).toHaveLength(1_000);
});
