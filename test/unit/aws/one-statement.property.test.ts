/** A change means the same to the pass that made it and to the next read, which does not show it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overtakes } from '../../../src/aws/apply-action.ts';
import { createRecentWrites } from '../../../src/aws/consistency/recent-writes.ts';
import { createOwnedMerges } from '../../../src/aws/merge-owned.ts';
import { createPolicyMerges } from '../../../src/aws/notebook-policy/merge-policies.ts';
import type { Action, ActionResults } from '../../../src/plan/actions.ts';
import { withEffect } from '../../../src/plan/actions/effects.ts';
import type { Endpoint, Holdings, ManagedPolicy, PolicyVersion } from '../../../src/plan/facts.ts';
import { ownPolicy } from '../../../src/plan/notebook-policy/own-policy.ts';
import {
  answerTo,
  nothingObserved,
  type Observation,
  withAnswer,
} from '../../../src/plan/observation.ts';
import { ownedIn } from '../../../src/plan/ownership/observed-holdings.ts';
import { holdingsOf, ownershipTagsOf } from '../../../src/plan/ownership/ownership.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';
import { endpoint, group, modification, partOf, rule } from './aws-values.ts';
import { arn, documentOf, managedPolicy } from './notebook-policy/policy-values.ts';

const owner = { clusterId: 'c', uid: 'u', name: 'ml' };
const ofEndpoint = ownershipTagsOf(owner, 'endpoint');
const ofGroup = ownershipTagsOf(owner, 'security-group');
const ofPolicy = ownershipTagsOf(owner, 'notebook-policy');

interface Step {
  readonly action: Action;
  readonly result: ActionResults[Action['kind']];
}

function step<A extends Action>(action: A, result: ActionResults[A['kind']]): Step {
  return { action, result };
}

const reason = 'r';
const endpointIds = fc.constantFrom('vpce-1', 'vpce-2', 'vpce-3');
const groupIds = fc.constantFrom('sg-1', 'sg-2');
const ruleIds = fc.constantFrom('sgr-1', 'sgr-2', 'sgr-3');
const values = fc.constantFrom('a', 'b');
const subject = 'EndpointsAvailable';

const onEc2: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ id: groupIds, vpcHasIpv6: fc.boolean() }).map(({ id, vpcHasIpv6 }) => {
    const { rules: _none, ...made } = group({ id, tags: ofGroup });
    const create = { kind: 'CreateSecurityGroup', reason, description: '', vpcHasIpv6 } as const;
    return step({ ...create, ...made }, { group: made, existed: false });
  }),
  fc.record({ groupId: groupIds, id: ruleIds }).map(({ groupId, id }) => {
    const rules = [rule({ id })];
    return step({ kind: 'AuthorizeIngress', reason, groupId, rules: [], tags: {} }, { rules });
  }),
  fc
    .record({ groupId: groupIds, ids: fc.uniqueArray(ruleIds) })
    .map(({ groupId, ids }) => step({ kind: 'RevokeIngress', reason, groupId, ruleIds: ids }, {})),
  fc.record({ groupId: groupIds, id: fc.constantFrom('', 'sgr-egress') }).map(({ groupId, id }) => {
    const source = { cidr: '0.0.0.0/0' };
    const ports = { protocol: '-1', fromPort: -1, toPort: -1 };
    const rules = [rule({ id, isEgress: true, source, ...ports })];
    return step({ kind: 'RevokeEgress', reason, groupId, rules }, {});
  }),
  fc.record({ groupId: groupIds, ruleId: ruleIds }).map(({ groupId, ruleId }) => {
    const descriptions = [{ ruleId, description: 'new' }];
    return step({ kind: 'UpdateRuleDescriptions', reason, groupId, descriptions }, {});
  }),
  groupIds.map((groupId) => step({ kind: 'DeleteSecurityGroup', reason, groupId }, {})),
  endpointIds.map((id) => {
    const made = endpoint({ id, state: 'pending', tags: ofEndpoint });
    const lists = { subnetIds: [], addresses: [], securityGroupIds: [] };
    const fields = { ipAddressType: 'ipv4', privateDnsEnabled: true, clientToken: 't' };
    const { vpcId, serviceName, tags } = made;
    return step(
      { kind: 'CreateVpcEndpoint', reason, vpcId, serviceName, tags, ...lists, ...fields },
      { endpoint: made },
    );
  }),
  fc
    .record({ endpointId: endpointIds, privateDnsEnabled: fc.boolean() })
    .map((fields) => step(modification({ ...fields, addSubnetIds: ['subnet-2'] }), {})),
  fc
    .uniqueArray(endpointIds, { minLength: 1 })
    .map((ids) => step({ kind: 'DeleteVpcEndpoints', reason, endpointIds: ids }, {})),
  fc
    .record({
      ids: fc.uniqueArray(fc.oneof(endpointIds, groupIds), { minLength: 1 }),
      value: values,
    })
    .map(({ ids, value }) =>
      step({ kind: 'CreateTags', subject, reason, resourceIds: ids, tags: { team: value } }, {}),
    ),
  fc
    .uniqueArray(fc.oneof(endpointIds, groupIds), { minLength: 1 })
    .map((ids) =>
      step({ kind: 'DeleteTags', subject, reason, resourceIds: ids, keys: ['team'] }, {}),
    ),
);

const reads: fc.Arbitrary<Holdings> = fc.record({
  endpoints: fc
    .uniqueArray(endpointIds)
    .map((ids) => ids.map((id) => endpoint({ id, tags: ofEndpoint }))),
  securityGroups: fc.uniqueArray(groupIds).map((ids) =>
    ids.map((id) =>
      group({
        id,
        tags: ofGroup,
        rules: [
          rule(),
          rule({
            id: 'sgr-egress',
            isEgress: true,
            protocol: '-1',
            fromPort: -1,
            toPort: -1,
            source: { cidr: '0.0.0.0/0' },
          }),
        ],
      }),
    ),
  ),
});

/** What AWS does: nobody makes what is there, or changes what is not. */
function makesSense({ action }: Step, observation: Observation): boolean {
  const { endpoints = [], securityGroups = [] } = ownedIn(observation, owner) ?? {};
  const living = endpoints.filter(({ state }) => state !== 'deleting').map(({ id }) => id);
  const groups = securityGroups.map(({ id }) => id);
  switch (action.kind) {
    case 'CreateVpcEndpoint':
      return true;
    case 'ModifyVpcEndpoint':
      return living.includes(action.endpointId);
    case 'DeleteVpcEndpoints':
      return action.endpointIds.every((id) => living.includes(id));
    case 'CreateTags':
    case 'DeleteTags':
      return action.resourceIds.every((id) => [...living, ...groups].includes(id));
    default:
      return !('groupId' in action) || groups.includes(action.groupId);
  }
}

function byId<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** All that has to agree: a settling endpoint is waited for, whatever it is on its way to. */
function substanceOf(endpoint: Endpoint | undefined, { settling }: Endpoint): object {
  const known = { ...endpoint, settling: undefined };
  if (settling !== true) return known;
  return { tags: known.tags, isDeleting: known.state === 'deleting' };
}

test('what a pass holds of EC2 after its actions is what a read of before them is taken for', () => {
  fc.assert(
    fc.property(reads, fc.array(onEc2, { maxLength: 8 }), (read, steps) => {
      const writes = createRecentWrites(createVirtualClock(), 60_000, overtakes);
      let observation = withAnswer(
        nothingObserved,
        { kind: 'Owned', owner },
        holdingsOf(read, owner),
      );
      const made = new Set<string>();
      for (const one of steps) {
        const { action, result } = one;
        if ('endpoint' in result && read.endpoints.some(({ id }) => id === result.endpoint.id))
          continue;
        if ('group' in result && read.securityGroups.some(({ id }) => id === result.group.id))
          continue;
        const id =
          'endpoint' in result ? result.endpoint.id : 'group' in result ? result.group.id : '';
        if (made.has(id) || !makesSense(one, observation)) continue;
        if (id !== '') made.add(id);
        observation = withEffect(observation, owner, action, result);
        writes.record(action, result);
      }
      const merged = holdingsOf(
        createOwnedMerges(writes).mergeOwned({
          endpoints: partOf(read.endpoints, 0),
          securityGroups: partOf(read.securityGroups, 0),
        }),
        owner,
      );
      const owned = ownedIn(observation, owner) ?? { endpoints: [], securityGroups: [] };
      expect(byId(merged.securityGroups)).toEqual(byId(owned.securityGroups));
      expect(merged.endpoints.map(({ id }) => id).toSorted()).toEqual(
        owned.endpoints.map(({ id }) => id).toSorted(),
      );
      for (const one of merged.endpoints) {
        const seen = owned.endpoints.find(({ id }) => id === one.id);
        expect(substanceOf(one, one)).toEqual(substanceOf(seen, one));
      }
    }),
    { numRuns: 1000 },
  );
});

const principals = fc.constantFrom(
  { kind: 'role', name: 'A' } as const,
  { kind: 'user', name: 'B' } as const,
);
const named = { reason, arn };
const onIam: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom('v2', 'v3').map((versionId) => {
    const document = documentOf(versionId);
    return step({ kind: 'CreatePolicyVersion', ...named, document }, { versionId });
  }),
  fc.constantFrom('v1', 'v2').map((versionId) => {
    const document = documentOf(versionId);
    return step({ kind: 'SetDefaultPolicyVersion', ...named, versionId, document }, {});
  }),
  fc
    .constantFrom('v1', 'v2', 'v3')
    .map((versionId) => step({ kind: 'DeletePolicyVersion', ...named, versionId }, {})),
  principals.map((principal) => step({ kind: 'AttachPolicy', ...named, principal }, {})),
  principals.map((principal) => step({ kind: 'DetachPolicy', ...named, principal }, {})),
  values.map((team) => step({ kind: 'TagPolicy', ...named, tags: { team } }, {})),
  fc.constant(step({ kind: 'UntagPolicy', ...named, keys: ['team'] }, {})),
);

/** Everything that is said of a policy but how sure that is. */
function substance(policy: ManagedPolicy | undefined): object | undefined {
  if (policy === undefined) return undefined;
  const { settling: _sureness, attachedTo, ...rest } = policy;
  return { ...rest, attachedTo: new Set(attachedTo.map(({ name }) => name)) };
}

test('what a pass holds of IAM after its actions is what a read of before them is taken for', () => {
  fc.assert(
    fc.property(fc.array(onIam, { maxLength: 8 }), (steps) => {
      const writes = createRecentWrites(createVirtualClock(), 60_000, overtakes);
      const read = managedPolicy({ tags: ofPolicy });
      const versions = [{ id: 'v1', isDefault: true, document: documentOf('v1') }];
      let observation = withAnswer(
        nothingObserved,
        { kind: 'ManagedPolicy', arn },
        { policy: read },
      );
      observation = withAnswer(observation, { kind: 'PolicyVersions', arn }, versions);
      for (const { action, result } of steps) {
        const inForce = ownPolicy(observation)?.defaultVersionId;
        if (action.kind === 'DeletePolicyVersion' && action.versionId === inForce) continue;
        observation = withEffect(observation, owner, action, result);
        writes.record(action, result);
      }
      const merges = createPolicyMerges(writes);
      const list = answerTo(observation, { kind: 'PolicyVersions', arn }) ?? [];
      const defaultOf = (all: readonly PolicyVersion[]) => all.find(({ isDefault }) => isDefault);
      expect(defaultOf(merges.mergeVersions(arn, versions))).toEqual(defaultOf(list));
      expect(substance(merges.mergePolicy(arn, read))).toEqual(substance(ownPolicy(observation)));
    }),
    { numRuns: 1000 },
  );
});
