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
      endpoints: [{ service: 'api', privateDNS: true }],
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
