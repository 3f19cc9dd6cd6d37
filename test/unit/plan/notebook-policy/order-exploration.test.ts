/**
 * All orders in which a change can go, step by step, in a model of callers and their ways: nobody
 * loses access in between who has it before and after, and nobody gets any who has none.
 */
import { expect, test } from '@jest/globals';
import type { NotebookAccessSpec } from '../../../../src/api/sagemaker-private-link.ts';
import { explore, type Goal, type World } from './change-model.ts';

const NAT = '203.0.113.7';
const access = (fields: Partial<NotebookAccessSpec>): NotebookAccessSpec => ({
  allowEndpoints: true,
  actions: ['NotebookInstances'],
  onImpact: 'Fail',
  ...fields,
});
const empty: World = { endpoints: [], enforced: undefined, attached: [] };
const fromOffice = access({
  allowEndpoints: false,
  allowedCIDRs: ['198.51.100.0/24', `${NAT}/32`],
});
const endpointsOnly = access({});
const both = access({ allowedCIDRs: ['198.51.100.0/24'] });
const narrow = access({ allowedPrivateCIDRs: ['10.0.16.0/24'] });
const otherNarrow = access({ allowedPrivateCIDRs: ['10.0.17.0/24'] });
const studio = access({ allowEndpoints: false, actions: ['Studio'], allowedCIDRs: [`${NAT}/32`] });
const named = access({ notebookInstances: ['demo'] });
const on = { api: true, notebook: true };
const off = { api: false, notebook: false };

function goal(wanted: NotebookAccessSpec | undefined, fields: Partial<Goal> = {}): Goal {
  return { access: wanted, attach: ['ana'], privateDns: on, ...fields };
}

/** Each goal is reached from the world that the one before it ended in. */
const stories: readonly (readonly [string, readonly Goal[]])[] = [
  ['a first link', [goal(both)]],
  ['a first link, over endpoints only', [goal(endpointsOnly)]],
  ['office addresses, then endpoints as well', [goal(fromOffice, { privateDns: off }), goal(both)]],
  [
    'office addresses, then endpoints only',
    [goal(fromOffice, { privateDns: off }), goal(endpointsOnly)],
  ],
  ['back from endpoints to office addresses', [goal(both), goal(fromOffice, { privateDns: off })]],
  [
    'office addresses without any endpoint, then endpoints',
    [goal(fromOffice, { privateDns: {} }), goal(endpointsOnly)],
  ],
  ['endpoints are taken away', [goal(both), goal(fromOffice, { privateDns: {} })]],
  ['one more principal', [goal(both), goal(both, { attach: ['ana', 'ben'] })]],
  [
    'other principals while endpoints come',
    [goal(fromOffice, { privateDns: off }), goal(both, { attach: ['ben'] })],
  ],
  [
    'a principal leaves while endpoints come that the rest may not use',
    [
      goal(fromOffice, { privateDns: off, attach: ['ana', 'ben'] }),
      goal(fromOffice, { attach: ['ben'] }),
    ],
  ],
  ['private addresses change', [goal(narrow), goal(otherNarrow)]],
  [
    'private addresses change with the ways',
    [goal(narrow, { privateDns: off }), goal(otherNarrow)],
  ],
  [
    'what is restricted changes with the ways',
    [goal(fromOffice, { privateDns: off }), goal(studio)],
  ],
  ['from all instances to one, with the ways', [goal(both, { privateDns: off }), goal(named)]],
  ['from one instance to all, with the ways', [goal(named, { privateDns: off }), goal(both)]],
  ['an endpoint is replaced', [goal(both), goal(both, { replaced: ['api'] })]],
  [
    'an endpoint is replaced, over endpoints only',
    [goal(endpointsOnly), goal(narrow, { replaced: ['api'] })],
  ],
  ['the policy is removed, the endpoints stay', [goal(both), goal(undefined)]],
  ['the link is deleted', [goal(endpointsOnly), goal(undefined, { privateDns: {} })]],
  [
    'the link is deleted in the middle of a change',
    [goal(fromOffice, { privateDns: off }), goal(both), goal(undefined, { privateDns: {} })],
  ],
];

test.each(stories)('%s', (_name, goals) => {
  let world = empty;
  for (const next of goals) {
    const result = explore(world, next);
    expect(result.violations).toEqual([]);
    expect(result.stuck).toEqual([]);
    expect(result.ends).toHaveLength(1);
    world = result.ends[0] as World;
  }
});

test('every pair of goals, whatever comes first', () => {
  const specs = [fromOffice, endpointsOnly, both, narrow, studio, named, undefined];
  const ways = [{}, off, on];
  const goals = specs.flatMap((spec) =>
    ways
      .filter((way) => Object.keys(way).length > 0 || (spec?.allowedCIDRs ?? []).length > 0)
      .map((privateDns) => goal(spec, { privateDns })),
  );
  let states = 0;
  for (const first of goals) {
    const start = explore(empty, first).ends[0] as World;
    for (const next of goals) {
      const result = explore(start, next);
      expect([first, next, result.violations, result.stuck]).toEqual([first, next, [], []]);
      expect(result.ends).toHaveLength(1);
      states += result.states;
    }
  }
  expect(states).toBeGreaterThan(1_000);
});

test('the model sees what a careless order does', () => {
  // Private DNS first, then the policy: callers inside the VPC lose the address they had.
  const start = explore(empty, goal(fromOffice, { privateDns: off })).ends[0] as World;
  const careless = explore(start, goal(both), { ignoresPermission: true });
  expect(careless.violations.length).toBeGreaterThan(0);
  // A request to AWS taken for its effect: names that still answer as before are forgotten.
  const hasty = explore(empty, goal(endpointsOnly), { trustsRequests: true });
  expect(hasty.violations.length).toBeGreaterThan(0);
  const hastyBack = explore(
    explore(empty, goal(both)).ends[0] as World,
    goal(fromOffice, { privateDns: off }),
    { trustsRequests: true },
  );
  expect(hastyBack.violations.length).toBeGreaterThan(0);
  // Attached before private DNS: who comes over the internet until then is denied.
  const early = explore(empty, goal(endpointsOnly), { attachesAtOnce: true });
  expect(early.violations.length).toBeGreaterThan(0);
});
