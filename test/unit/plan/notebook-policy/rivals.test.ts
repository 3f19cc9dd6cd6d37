import { expect, test } from '@jest/globals';
import type {
  NotebookAccessSpec,
  SageMakerPrivateLinkStatus,
} from '../../../../src/api/sagemaker-private-link.ts';
import { type LinkWithAccess, rivalsOf } from '../../../../src/plan/notebook-policy/rivals.ts';
import { plainSpec } from '../../../model/generated-specs.ts';

const access: NotebookAccessSpec = {
  allowEndpoints: true,
  actions: ['NotebookInstances'],
  attachTo: { roles: ['DataScientist'] },
  onImpact: 'Fail',
};

function link(
  name: string,
  change: Partial<NotebookAccessSpec> = {},
  rest: { readonly region?: string; readonly status?: Partial<SageMakerPrivateLinkStatus> } = {},
): LinkWithAccess {
  const id = `vpce-of-${name}`;
  const endpoints = [{ service: 'api', serviceName: 'x', id } as const];
  return {
    name,
    uid: name,
    spec: {
      ...plainSpec,
      region: rest.region ?? 'eu-west-1',
      endpoints: [{ service: 'api' }],
      notebookAccess: { ...access, ...change },
    },
    status: { observedGeneration: 1, endpoints, ...rest.status },
  };
}

const names = (one: LinkWithAccess, other: LinkWithAccess): readonly string[] =>
  rivalsOf(one, [one, other]).map(({ name }) => name);

test('two links with the same principal deny the endpoints of each other', () => {
  const [found] = rivalsOf(link('a'), [link('a'), link('b')]);
  expect(found).toMatchObject({ name: 'b', attached: [], denied: ['vpce-of-a', 'vpce-of-b'] });
});

test('links that list the endpoints of each other, and the same addresses, get on', () => {
  const cidrs = { allowedCIDRs: ['203.0.113.0/24'] };
  const a = link('a', { ...cidrs, additionalEndpointIds: ['vpce-of-b'] });
  const b = link('b', { ...cidrs, additionalEndpointIds: ['vpce-of-a'] });
  expect(names(a, b)).toEqual([]);
  expect(names(b, a)).toEqual([]);
  const wider = link('b', {
    allowedCIDRs: ['203.0.112.0/23'],
    additionalEndpointIds: ['vpce-of-a'],
  });
  expect(names(a, wider)).toEqual(['b']);
});

/** Two links that list the endpoints of each other, and narrow the path over them or not. */
const narrowed = (ofA?: string[], ofB?: string[]): readonly [LinkWithAccess, LinkWithAccess] => {
  const change = (id: string, allowedPrivateCIDRs?: string[]): Partial<NotebookAccessSpec> => ({
    additionalEndpointIds: [id],
    ...(allowedPrivateCIDRs === undefined ? {} : { allowedPrivateCIDRs }),
  });
  return [link('a', change('vpce-of-b', ofA)), link('b', change('vpce-of-a', ofB))];
};

test.each<[string, string[] | undefined, string[] | undefined, readonly string[]]>([
  ['others', ['10.1.0.0/16'], ['10.2.0.0/16'], ['10.1.0.0/16', '10.2.0.0/16']],
  ['a part of them', ['10.1.0.0/16'], ['10.0.0.0/8'], ['10.0.0.0/8']],
  ['all', ['10.1.0.0/16'], undefined, ['private addresses outside of 10.1.0.0/16']],
])('links of which one lets in some private addresses and one %s deny each other', (...given) => {
  const [, ofA, ofB, denied] = given;
  const [a, b] = narrowed(ofA, ofB);
  expect(rivalsOf(a, [a, b])).toMatchObject([{ name: 'b', denied }]);
  expect(rivalsOf(b, [a, b])[0]?.denied.toSorted()).toEqual(denied.toSorted());
});

test('links that let in the same private addresses get on', () => {
  const [a, b] = narrowed(['10.1.0.0/16'], ['10.1.0.0/17', '10.1.128.0/17']);
  expect(names(a, b)).toEqual([]);
});

test.each<[string, LinkWithAccess]>([
  ['another region', link('b', {}, { region: 'eu-west-3' })],
  ['another account', link('b', {}, { status: { account: '222233334444' } })],
  ['other principals', link('b', { attachTo: { roles: ['Analyst'], users: ['DataScientist'] } })],
  ['other actions', link('b', { actions: ['Studio'] })],
])('a link with %s is none', (_why, other) => {
  const own = link('a', {}, { status: { account: '111122223333' } });
  expect(names(own, other)).toEqual([]);
});

test('names are told apart without regard to case', () => {
  expect(names(link('a'), link('b', { attachTo: { roles: ['datascientist'] } }))).toEqual(['b']);
});

test('who has the policy of the other link is said', () => {
  const notebookAccess = {
    policyArn: 'arn',
    versionId: 'v1',
    attachedTo: { roles: ['DataScientist'] },
  };
  const [found] = rivalsOf(link('a'), [link('b', {}, { status: { notebookAccess } })]);
  expect(found?.attached).toEqual([{ kind: 'role', name: 'DataScientist' }]);
});
