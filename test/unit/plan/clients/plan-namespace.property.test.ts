import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import { type ExistingObject, linksOf } from '../../../../src/plan/clients/client-object.ts';
import { renderNetworkPolicy } from '../../../../src/plan/clients/network-policy/network-policy.ts';
import { type NamespacePlan, planNamespace } from '../../../../src/plan/clients/plan-namespace.ts';
import { wantedEgress } from '../../../../src/plan/clients/wanted-egress.ts';
import { cases } from '../../../model/cases.ts';
import { clientLink, policyWith } from './client-links.ts';
import { applied, destinationsOf, namespaceInput, reachOf } from './namespace-world.ts';

/** One link at one moment. */
interface LinkState {
  readonly name: string;
  readonly age: number;
  readonly selects: boolean;
  readonly deleting: boolean;
  readonly suspend: boolean;
  readonly availableOnce: boolean;
  /** Last byte of the endpoint's addresses; none while they are unknown. */
  readonly addresses: readonly number[];
  readonly service: 'none' | 'there' | 'Missing';
  readonly enforcement: 'Enforce' | 'Audit';
  readonly role: string;
  readonly hasPolicy: boolean;
  readonly configMap: string | undefined;
  readonly url: number | undefined;
}

const mostly = (value: boolean): fc.Arbitrary<boolean> =>
  fc.constantFrom(value, value, value, value, !value);

function linkState(name: string): fc.Arbitrary<LinkState> {
  return fc.record({
    name: fc.constant(name),
    age: fc.constantFrom(1, 2),
    selects: mostly(true),
    deleting: mostly(false),
    suspend: mostly(false),
    availableOnce: mostly(true),
    addresses: fc.subarray([1, 2, 3]),
    service: fc.constantFrom('none', 'none', 'there', 'Missing'),
    enforcement: fc.constantFrom('Enforce', 'Enforce', 'Enforce', 'Audit'),
    role: fc.constantFrom('', '', '', 'training'),
    hasPolicy: mostly(true),
    configMap: fc.constantFrom('one', 'one', 'two', undefined),
    url: fc.constantFrom(1, 1, 2, undefined),
  });
}

const moment = fc.tuple(linkState('a'), linkState('b'), linkState('c'));
/** A life: at each moment, how many of the actions are made before the next one. */
const life = fc.array(fc.record({ links: moment, made: fc.nat(4) }), {
  minLength: 1,
  maxLength: 6,
});

function linkOf(state: LinkState): SageMakerPrivateLink {
  const { name, addresses, url, service, role } = state;
  const awsServices = service === 'none' ? [] : ['sts'];
  const networkPolicy = {
    ...policyWith({ awsServices, namespaces: 'None' }),
    enforcement: state.enforcement,
    podSelector: role === '' ? {} : { matchLabels: { role } },
  };
  const base = clientLink({
    name,
    clients: {
      namespaceSelector: { matchLabels: { ml: String(state.selects) } },
      ...(state.hasPolicy ? { networkPolicy } : {}),
      ...(state.configMap === undefined ? {} : { configMap: { name: state.configMap } }),
    },
    spec: { suspend: state.suspend },
    status: {
      endpoints: [
        {
          service: 'api',
          serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
          ...(url === undefined ? {} : { url: `https://${url}.example.org` }),
          networkInterfaces: addresses.map((last) => ({
            id: `eni-${last}`,
            subnetId: 'subnet-a',
            zone: 'eu-west-1a',
            ipv4: `10.${name.charCodeAt(0)}.0.${last}`,
          })),
        },
      ],
      clients: {
        namespaces: 1,
        ready: 1,
        availableOnce: state.availableOnce,
        services: [
          {
            service: 'sts',
            state: service === 'there' ? 'available' : 'Missing',
            addresses: service === 'there' ? ['10.0.0.99'] : [],
          },
        ],
      },
    },
  });
  const metadata = {
    ...base.metadata,
    creationTimestamp: `2026-11-0${state.age}T00:00:00Z`,
    ...(state.deleting ? { deletionTimestamp: '2026-11-29T00:00:00Z' } : {}),
  };
  return { ...base, metadata };
}

function planAt(states: readonly LinkState[], existing: readonly ExistingObject[]): NamespacePlan {
  return planNamespace(namespaceInput({ links: states.map(linkOf), existing }));
}

/** All states of a namespace between the start of a plan and its end. */
function prefixesOf(plan: NamespacePlan, start: readonly ExistingObject[]) {
  return plan.actions.reduce<(readonly ExistingObject[])[]>(
    (states, action) => [...states, applied(states.at(-1) ?? [], action)],
    [start],
  );
}

function runLife(
  moments: readonly { readonly links: readonly LinkState[]; readonly made: number }[],
  check: (
    states: readonly LinkState[],
    plan: NamespacePlan,
    objects: readonly (readonly ExistingObject[])[],
  ) => void,
): void {
  let objects: readonly ExistingObject[] = [];
  for (const { links, made } of moments) {
    const plan = planAt(links, objects);
    const prefixes = prefixesOf(plan, objects);
    check(links, plan, prefixes);
    objects = prefixes[Math.min(made, prefixes.length - 1)] ?? objects;
  }
}

const enforcing = (states: readonly LinkState[]): readonly LinkState[] =>
  states.filter((state) => {
    const { selects, deleting, suspend, hasPolicy, enforcement } = state;
    return selects && !deleting && !suspend && hasPolicy && enforcement === 'Enforce';
  });

/** Everything that the enforcing links would open by themselves. */
function wantedBy(states: readonly LinkState[]): ReadonlySet<string> {
  const links = enforcing(states).map(linkOf);
  return new Set(
    links.flatMap((link) => {
      const wanted = wantedEgress(link, { kubernetesAPI: [] })?.wanted;
      return wanted === undefined ? [] : [...destinationsOf(renderNetworkPolicy(wanted))];
    }),
  );
}

function isPart(part: ReadonlySet<string>, ...wholes: readonly ReadonlySet<string>[]): boolean {
  return [...part].every((one) => wholes.some((whole) => whole.has(one)));
}

test('at any moment pods reach nothing that neither the old policy nor the new wish opens', () => {
  fc.assert(
    fc.property(life, (moments) => {
      runLife(moments, (states, _plan, [start = [], ...later]) => {
        const before = reachOf(start);
        for (const objects of later) {
          const reach = reachOf(objects);
          if (reach === 'everything') {
            // Somebody has to want it: no link of the policy enforces it any more.
            const served = start.filter(({ kind }) => kind === 'NetworkPolicy').flatMap(linksOf);
            const still = enforcing(states).map(({ name }) => name);
            if (before !== 'everything') {
              expect(served.filter((name) => still.includes(name))).toEqual([]);
            }
          } else {
            const old = before === 'everything' ? new Set<string>() : before;
            expect(isPart(reach, old, wantedBy(states))).toBe(true);
          }
        }
      });
    }),
    { numRuns: cases(300) },
  );
});

test('nothing that a served link opened goes while something of it is unknown', () => {
  fc.assert(
    fc.property(life, (moments) => {
      runLife(moments, (states, plan, prefixes) => {
        const [start = []] = prefixes;
        const policy = start.find(({ kind }) => kind === 'NetworkPolicy');
        const before = reachOf(start);
        if (policy === undefined || before === 'everything') return;
        const waiting = plan.waits.filter(({ kind }) => kind === 'NetworkPolicy');
        const unknown = waiting.filter(({ link }) => linksOf(policy).includes(link));
        if (unknown.length === 0) return;
        for (const objects of prefixes) {
          const reach = reachOf(objects);
          expect(reach === 'everything' || isPart(before, reach)).toBe(true);
        }
        expect(states.length).toBe(3);
      });
    }),
    { numRuns: cases(300) },
  );
});

test('a new policy is made only with everything that its links want', () => {
  fc.assert(
    fc.property(moment, (states) => {
      const plan = planAt(states, []);
      for (const action of plan.actions) {
        if (action.kind === 'Delete' || action.object.kind !== 'NetworkPolicy') continue;
        const names = linksOf(action.object);
        const members = states.filter(({ name }) => names.includes(name));
        expect(members.length).toBeGreaterThan(0);
        for (const { availableOnce, addresses, service } of members) {
          expect({ availableOnce, isMissing: service === 'Missing' }).toEqual({
            availableOnce: true,
            isMissing: false,
          });
          expect(addresses.length).toBeGreaterThan(0);
        }
        expect(isPart(wantedBy(members), destinationsOf(action.object.spec))).toBe(true);
      }
    }),
    { numRuns: cases(300) },
  );
});

test('once all is done there is nothing more to do, and the order of links does not show', () => {
  fc.assert(
    fc.property(life, (moments) => {
      runLife(moments, (states, plan, prefixes) => {
        expect(planAt(states, prefixes.at(-1) ?? []).actions).toEqual([]);
        expect(planAt([...states].reverse(), prefixes[0] ?? [])).toEqual(plan);
      });
    }),
    { numRuns: cases(200) },
  );
});

test('whatever went before, a life that settles ends with what its links want', () => {
  fc.assert(
    fc.property(life, (moments) => {
      runLife(moments, (states, plan, prefixes) => {
        if (plan.waits.length > 0 || plan.problems.length > 0) return;
        if (states.some(({ suspend, deleting }) => suspend && !deleting)) return;
        const end = prefixes.at(-1) ?? [];
        const wanting = enforcing(states);
        const reach = reachOf(end);
        if (wanting.length === 0) expect(reach).toBe('everything');
        else expect(reach).toEqual(wantedBy(states));
      });
    }),
    { numRuns: cases(300) },
  );
});
