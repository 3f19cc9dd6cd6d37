import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import { type ExistingObject, isOwn, linksOf } from '../../../../src/plan/clients/client-object.ts';
import { renderNetworkPolicy } from '../../../../src/plan/clients/network-policy/network-policy.ts';
import { type NamespacePlan, planNamespace } from '../../../../src/plan/clients/plan-namespace.ts';
import { wantedEgress } from '../../../../src/plan/clients/wanted-egress.ts';
import { cases } from '../../../model/cases.ts';
import { clientLink, policyWith } from './client-links.ts';
import {
  applied,
  contentEdits,
  destinationsOf,
  type Edit,
  edits,
  namespaceInput,
  type Reach,
  reachOf,
} from './namespace-world.ts';

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
  /** True while AWS does not show the address of one more interface. */
  readonly hasUnreadInterface: boolean;
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
    hasUnreadInterface: mostly(false),
    service: fc.constantFrom('none', 'none', 'there', 'Missing'),
    enforcement: fc.constantFrom('Enforce', 'Enforce', 'Enforce', 'Audit'),
    role: fc.constantFrom('', '', '', 'training'),
    hasPolicy: mostly(true),
    configMap: fc.constantFrom('one', 'one', 'two', undefined),
    url: fc.constantFrom(1, 1, 2, undefined),
  });
}

const moment = fc.tuple(linkState('a'), linkState('b'), linkState('c'));

interface Moment {
  readonly links: readonly LinkState[];
  /** What somebody does to the objects before the plan is made; nothing while a link is suspended. */
  readonly edit: Edit;
  /** How many of the actions are made before the next moment; after an edit all of them. */
  readonly made: number;
}

function lifeWith(edit: fc.Arbitrary<Edit>): fc.Arbitrary<readonly Moment[]> {
  return fc.array(fc.record({ links: moment, edit, made: fc.nat(4) }), {
    minLength: 1,
    maxLength: 6,
  });
}

const life = lifeWith(fc.constant('none'));
const editedLife = lifeWith(fc.constantFrom(...(Object.keys(edits) as Edit[])));

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
          networkInterfaces: [
            ...addresses.map((last) => ({
              id: `eni-${last}`,
              subnetId: 'subnet-a',
              zone: 'eu-west-1a',
              ipv4: `10.${name.charCodeAt(0)}.0.${last}`,
            })),
            ...(state.hasUnreadInterface ? [{ id: 'eni-unread' }] : []),
          ],
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

/** One moment of a life, as a check sees it. */
interface Seen {
  readonly links: readonly LinkState[];
  readonly edit: Edit;
  readonly plan: NamespacePlan;
  /** From the objects that the plan was made for to those at its end. */
  readonly prefixes: readonly (readonly ExistingObject[])[];
  /** Links that the policy was there for, whatever an edit made of its annotation. */
  readonly served: readonly string[];
  /** What pods reached before the edit. */
  readonly reach: Reach;
}

function runLife(moments: readonly Moment[], check: (seen: Seen) => void): void {
  let objects: readonly ExistingObject[] = [];
  for (const { links, made, ...moment } of moments) {
    // A suspended link's objects stay as they are, edits included.
    const edit = links.some(({ suspend }) => suspend) ? 'none' : moment.edit;
    const start = objects.map(edits[edit]);
    const plan = planAt(links, start);
    const prefixes = prefixesOf(plan, start);
    const served = objects.filter(({ kind }) => kind === 'NetworkPolicy').flatMap(linksOf);
    check({ links, edit, plan, prefixes, served, reach: reachOf(objects) });
    objects = prefixes[edit === 'none' ? made : Infinity] ?? prefixes.at(-1) ?? [];
  }
}

const enforcing = (states: readonly LinkState[]): readonly LinkState[] =>
  states.filter((state) => {
    const { selects, deleting, suspend, hasPolicy, enforcement } = state;
    return selects && !deleting && !suspend && hasPolicy && enforcement === 'Enforce';
  });

/** The links whose wishes a policy follows: those that enforce, and those on Audit that it is there for. */
function heeded(states: readonly LinkState[], served: readonly string[]): readonly LinkState[] {
  const enforced = enforcing(states);
  if (enforced.length === 0) return [];
  const asEnforced = states.map((state) => ({ ...state, enforcement: 'Enforce' as const }));
  const names = enforced.map(({ name }) => name);
  return enforcing(asEnforced).filter(({ name }) => names.includes(name) || served.includes(name));
}

/** Everything that these links would open by themselves. */
function wantedBy(states: readonly LinkState[]): ReadonlySet<string> {
  return new Set(
    states.map(linkOf).flatMap((link) => {
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
      runLife(moments, ({ links, prefixes, served, reach: before }) => {
        for (const objects of prefixes) {
          const reach = reachOf(objects);
          if (reach === 'everything') continue;
          const old = before === 'everything' ? new Set<string>() : before;
          expect(isPart(reach, old, wantedBy(heeded(links, served)))).toBe(true);
        }
      });
    }),
    { numRuns: cases(300) },
  );
});

test('a policy goes only when nobody enforces it any more, whatever was edited', () => {
  fc.assert(
    fc.property(editedLife, (moments) => {
      runLife(moments, ({ links, prefixes, served, reach: before }) => {
        if (before === 'everything') return;
        const still = enforcing(links).map(({ name }) => name);
        if (!served.some((name) => still.includes(name))) return;
        for (const objects of prefixes) expect(reachOf(objects)).not.toBe('everything');
      });
    }),
    { numRuns: cases(600) },
  );
});

test('a policy goes when nobody enforces any, on whatever those on Audit disagree', () => {
  fc.assert(
    fc.property(life, (moments) => {
      runLife(moments, ({ links, prefixes, served }) => {
        const suspended = links.filter(({ suspend, deleting }) => suspend && !deleting);
        if (enforcing(links).length > 0) return;
        if (suspended.some(({ name }) => served.includes(name))) return;
        expect(reachOf(prefixes.at(-1) ?? [])).toBe('everything');
      });
    }),
    { numRuns: cases(300) },
  );
});

test('nothing that a served link opened goes while something of it is unknown', () => {
  fc.assert(
    fc.property(editedLife, (moments) => {
      runLife(moments, ({ edit, links, plan, prefixes, served, reach: before }) => {
        if (before === 'everything' || contentEdits.includes(edit)) return;
        const waiting = plan.waits.filter(({ kind }) => kind === 'NetworkPolicy');
        const unknown = waiting.filter(({ link }) => served.includes(link));
        if (unknown.length === 0) return;
        for (const objects of prefixes) {
          const reach = reachOf(objects);
          expect(reach === 'everything' || isPart(before, reach)).toBe(true);
        }
        expect(links.length).toBe(3);
      });
    }),
    { numRuns: cases(600) },
  );
});

test('an address that the policy had stays while an interface of its link is unread', () => {
  fc.assert(
    fc.property(life, (moments) => {
      runLife(moments, ({ links, prefixes, served, reach: before }) => {
        if (before === 'everything') return;
        const unread = enforcing(links).filter(({ name, hasUnreadInterface }) => {
          return hasUnreadInterface && served.includes(name);
        });
        if (unread.length === 0) return;
        const reach = reachOf(prefixes.at(-1) ?? []);
        expect(reach !== 'everything' && isPart(before, reach)).toBe(true);
      });
    }),
    { numRuns: cases(600) },
  );
});

test('a link that goes to Audit keeps its addresses while another one enforces the policy', () => {
  fc.assert(
    fc.property(life, (moments) => {
      runLife(moments, ({ links, prefixes, served, reach: before }) => {
        if (before === 'everything') return;
        const suspended = links.filter(({ suspend, deleting }) => suspend && !deleting);
        if (suspended.some(({ name }) => served.includes(name))) return;
        const audited = heeded(links, served).filter((one) => one.enforcement === 'Audit');
        const reach = reachOf(prefixes.at(-1) ?? []);
        if (reach === 'everything') return;
        for (const state of audited) {
          const opened = [...wantedBy([state])].filter((one) => before.has(one));
          expect(isPart(new Set(opened), reach)).toBe(true);
        }
      });
    }),
    { numRuns: cases(300) },
  );
});

test('no edit of a content outlives the next plan, whatever is unknown or disagreed on', () => {
  fc.assert(
    fc.property(editedLife, (moments) => {
      runLife(moments, ({ edit, links, prefixes, served, reach: before }) => {
        if (!contentEdits.includes(edit)) return;
        const end = prefixes.at(-1) ?? [];
        // An object without the label is the operator's by its content alone.
        expect(JSON.stringify(end.filter(isOwn))).not.toMatch(/evil\.example|nobody|0\.0\.0\.0\/0/);
        const reach = reachOf(end);
        if (before === 'everything' || reach === 'everything') return;
        const stayed = heeded(links, served).filter(({ name }) => served.includes(name));
        const opened = [...wantedBy(stayed)].filter((one) => before.has(one));
        expect(isPart(new Set(opened), reach)).toBe(true);
        expect(isPart(reach, before, wantedBy(heeded(links, served)))).toBe(true);
      });
    }),
    { numRuns: cases(600) },
  );
});

test('a new policy is made only where one link at least has all that it wants', () => {
  fc.assert(
    fc.property(moment, (states) => {
      const plan = planAt(states, []);
      for (const action of plan.actions) {
        if (action.kind === 'Delete' || action.object.kind !== 'NetworkPolicy') continue;
        const names = linksOf(action.object);
        const members = states.filter(({ name }) => names.includes(name));
        for (const { availableOnce, addresses, hasUnreadInterface } of members) {
          expect({ availableOnce, hasUnreadInterface }).toEqual({
            availableOnce: true,
            hasUnreadInterface: false,
          });
          expect(addresses.length).toBeGreaterThan(0);
        }
        expect(members.map(({ service }) => service)).not.toEqual(members.map(() => 'Missing'));
        expect(isPart(wantedBy(members), destinationsOf(action.object.spec))).toBe(true);
      }
    }),
    { numRuns: cases(300) },
  );
});

test('once all is done there is nothing more to do, and the order of links does not show', () => {
  fc.assert(
    fc.property(editedLife, (moments) => {
      runLife(moments, ({ links, plan, prefixes }) => {
        const end = prefixes.at(-1) ?? [];
        expect(planAt(links, end).actions).toEqual([]);
        expect(planAt([...links].reverse(), prefixes[0] ?? [])).toEqual(plan);
      });
    }),
    { numRuns: cases(200) },
  );
});

test('whatever went before, a life that settles ends with what its links want', () => {
  fc.assert(
    fc.property(editedLife, (moments) => {
      runLife(moments, ({ links, plan, prefixes, served }) => {
        if (plan.waits.length > 0 || plan.problems.length > 0) return;
        if (links.some(({ suspend, deleting }) => suspend && !deleting)) return;
        const reach = reachOf(prefixes.at(-1) ?? []);
        const wanting = heeded(links, served);
        if (wanting.length === 0) expect(reach).toBe('everything');
        else expect(isPart(wantedBy(wanting), reach as ReadonlySet<string>)).toBe(true);
      });
    }),
    { numRuns: cases(300) },
  );
});
