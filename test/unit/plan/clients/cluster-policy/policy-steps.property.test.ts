import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServedFlavor } from '../../../../../src/plan/clients/cluster-policy/choose-flavor.ts';
import { renderClusterPolicy } from '../../../../../src/plan/clients/cluster-policy/cluster-policy.ts';
import type {
  ClusterPolicyInput,
  ClusterPolicyObject,
} from '../../../../../src/plan/clients/cluster-policy/policy-object.ts';
import {
  type PolicyStep,
  policySteps,
} from '../../../../../src/plan/clients/cluster-policy/policy-steps.ts';
import type { JudgedPod, Packet } from '../../../../environment/policy-judges.ts';
import { agentLets } from '../../../../kubernetes/policies/eks-agent.ts';
import { input, manyBlocks, packetsOf, somePods } from '../../../../kubernetes/policies/world.ts';
import { runsFactor } from '../../../../environment/runs-factor.ts';

const served: ServedFlavor = {
  flavor: 'NetworkPolicyAPI',
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  tiers: false,
};

type Objects = readonly ClusterPolicyObject[];

function objectsOf(one: ClusterPolicyInput): Objects {
  return renderClusterPolicy(served, { ...one, link: 'main', namespacedPolicies: 'Write' }).objects;
}

/** The states that the API server has, one after each write. */
function statesOf(existing: Objects, steps: readonly PolicyStep[]): readonly Objects[] {
  const states = [existing];
  for (const { verb, object } of steps) {
    const rest = (states.at(-1) ?? []).filter(
      ({ metadata }) => metadata.name !== object.metadata.name,
    );
    states.push(verb === 'Apply' ? [...rest, object] : rest);
  }
  return states;
}

/** The first packet that a state lets through and neither end does, or that both ends do and it not. */
function worseThanBoth(
  states: readonly Objects[],
  pods: readonly JudgedPod[],
  packets: readonly Packet[],
): unknown {
  const [first = [], last = []] = [states[0], states.at(-1)];
  for (const packet of packets) {
    const ends = [agentLets(first, pods, packet), agentLets(last, pods, packet)];
    const middle = states.map((state) => agentLets(state, pods, packet));
    const [opened, shut] = [!ends.includes(true), !ends.includes(false)];
    const at = middle.findIndex((lets) => (opened && lets) || (shut && !lets));
    if (at >= 0) return { packet, ends, at };
  }
  return undefined;
}

/** A policy, and one that differs from it in some fields. */
const change = fc
  .record({
    before: input,
    after: input,
    pick: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  })
  .map(({ before, after, pick }) => ({
    before,
    after: {
      ...before,
      ...(pick[0] ? { namespaceSelector: after.namespaceSelector } : {}),
      ...(pick[1] ? { wanted: after.wanted } : {}),
      ...(pick[2] ? { priority: after.priority } : {}),
      ...(pick[3] ? { others: after.others } : {}),
      ...(pick[4] ? { endpointCidrs: ['10.0.1.6/32', '10.0.2.5/32'] } : {}),
    },
  }));

test('no moment of a change is worse than both of its ends', () => {
  fc.assert(
    fc.property(change, somePods, ({ before, after }, pods) => {
      const existing = objectsOf(before);
      const wanted = objectsOf(after);
      const states = statesOf(existing, policySteps(existing, wanted));
      expect(namesOf(states.at(-1) ?? [])).toEqual(namesOf(wanted));
      expect(
        worseThanBoth(
          states,
          pods,
          packetsOf(pods).filter((_, n) => n % 3 === 0),
        ),
      ).toBeUndefined();
    }),
    { numRuns: 150 * runsFactor },
  );
});

test('a change that was broken off goes on from any of its moments', () => {
  fc.assert(
    fc.property(change, input, somePods, fc.nat(), ({ before, after }, third, pods, stop) => {
      const steps = policySteps(objectsOf(before), objectsOf(after));
      const halfway =
        statesOf(objectsOf(before), steps.slice(0, stop % (steps.length + 1))).at(-1) ?? [];
      const wanted = objectsOf({ ...third, namespaceSelector: after.namespaceSelector });
      const states = statesOf(halfway, policySteps(halfway, wanted));
      expect(namesOf(states.at(-1) ?? [])).toEqual(namesOf(wanted));
      expect(policySteps(wanted, wanted)).toEqual([]);
      expect(
        worseThanBoth(
          states,
          pods,
          packetsOf(pods).filter((_, n) => n % 3 === 0),
        ),
      ).toBeUndefined();
    }),
    { numRuns: 100 * runsFactor },
  );
});

const pod: JudgedPod = {
  name: 'p',
  namespace: 'n',
  ip: '10.99.0.1',
  labels: {},
  namespaceLabels: {},
};
const [anyInput] = fc.sample(input, 1);

/** A policy with these rules, each of one block of its own: many of them need several objects. */
function withRules(rules: readonly number[]): Objects {
  if (anyInput === undefined) throw new Error('nothing was drawn');
  const wanted = { podSelector: {}, allowed: rules.map((rule) => manyBlocks(rule, 1)) };
  const fixed = {
    namespaceSelector: {},
    protectedNamespaces: [],
    others: 'Allow',
    priority: 50,
  } as const;
  return objectsOf({ ...anyInput, ...fixed, wanted });
}

test('rules that move between objects are in one of them at every moment', () => {
  const ruleSet = fc.uniqueArray(fc.integer({ min: 0, max: 120 }), {
    minLength: 20,
    maxLength: 110,
  });
  fc.assert(
    fc.property(ruleSet, ruleSet, (before, after) => {
      const [existing, wanted] = [withRules(before), withRules(after)];
      const states = statesOf(existing, policySteps(existing, wanted));
      expect(namesOf(states.at(-1) ?? [])).toEqual(namesOf(wanted));
      const packets = Array.from({ length: 121 }, (_, rule): Packet => {
        return { from: pod.ip, to: `100.${rule}.0.0`, protocol: 'TCP', port: 443 };
      });
      expect(worseThanBoth(states, [pod], packets)).toBeUndefined();
    }),
    { numRuns: 60 * runsFactor },
  );
});

test('a change of what is allowed is one write where one object is enough', () => {
  const steps = policySteps(withRules([1, 2, 3]), withRules([2, 3, 4]));
  expect(steps.map(({ verb }) => verb)).toEqual(['Apply']);
});

test('to take everything away opens before it shuts', () => {
  const steps = policySteps(withRules([1, 2]), []);
  expect(
    steps.map(({ verb, object }) => [verb, (object.spec as { priority: number }).priority]),
  ).toEqual([
    ['Delete', 51],
    ['Delete', 50],
  ]);
});

function namesOf(objects: Objects): readonly string[] {
  return objects.map(({ metadata }) => metadata.name).toSorted();
}
