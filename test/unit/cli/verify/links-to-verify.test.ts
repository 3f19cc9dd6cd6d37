import { describe as group, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import {
  checkSelected,
  linksWithStatus,
  named,
} from '../../../../src/cli/verify/links-to-verify.ts';
import { apiEndpoint, linkWith } from '../../verify/loopback-endpoint.ts';

const spec = {
  region: 'us-east-1',
  vpc: { id: 'vpc-0123456789abcdef0' },
  subnets: { ids: ['subnet-0123456789abcdef0'] },
  endpoints: [{ service: 'api' }],
};

function file(status: unknown, more: object = {}) {
  const link = {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name: 'ml' },
    spec: { ...spec, ...more },
    ...(status === undefined ? {} : { status }),
  };
  return [{ fileName: 'link.yaml', text: stringify(link) }];
}

const { status } = linkWith(apiEndpoint(443));

group('links of files', () => {
  test('have the status that kubectl printed', () => {
    const [link] = linksWithStatus(file(status));
    expect(link).toMatchObject({ name: 'ml', spec, status });
  });

  const refused: [string, unknown, object, RegExp][] = [
    [
      'without a status',
      undefined,
      {},
      /^link\.yaml:1: ml has no status with endpoints.*kubectl get/,
    ],
    ['with a status without endpoints', { conditions: [] }, {}, /has no status with endpoints/],
    ['with a status of another shape', { endpoints: [{ serviceName: 7 }] }, {}, /has no status/],
    [
      'with interfaces of another shape',
      { endpoints: [{ serviceName: 's', networkInterfaces: ['eni'] }] },
      {},
      /has no status/,
    ],
    ['with a spec that is wrong', status, { region: 7 }, /^link\.yaml:\d+: spec\.region/],
  ];
  const endpoint = apiEndpoint(443, { dnsNames: ['api sagemaker'] });
  refused.push([
    'with a name that cannot be dialled',
    { endpoints: [endpoint] },
    {},
    /^link\.yaml:\d+: ml: status\.endpoints\[0\]\.dnsNames\[0\]: "api sagemaker" is not a DNS name/,
  ]);
  test.each(refused)('%s are refused', (_, given, more, words) => {
    expect(() => linksWithStatus(file(given, more))).toThrow(words);
  });

  test('that are none are refused', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
    expect(() => linksWithStatus([{ fileName: 'x.yaml', text }])).toThrow(
      'x.yaml: no SageMakerPrivateLink found',
    );
  });
});

group('names', () => {
  const links = ['a', 'b', 'c'].map((name) => ({ ...linkWith(apiEndpoint(443)), name }));

  test('choose links; without one it is all of them', () => {
    expect(named(links, ['c', 'a']).map(({ name }) => name)).toEqual(['a', 'c']);
    expect(named(links, [])).toEqual(links);
  });

  test('that no link has are refused, and so is a cluster without links', () => {
    expect(() => named(links, ['d'])).toThrow('there is no link d; there are a, b, c');
    expect(() => named([], [])).toThrow('there are no links to verify');
  });
});

test('--selected needs a policy that selects', () => {
  const link = (clients: unknown) =>
    ({ ...linkWith(apiEndpoint(443)), spec: { ...spec, clients } }) as never;
  expect(() => checkSelected(link(undefined))).toThrow('no spec.clients.networkPolicy');
  const audited = { networkPolicy: { podSelector: {}, enforcement: 'Audit' } };
  expect(() => checkSelected(link(audited))).toThrow('enforcement Audit, which writes no policy');
  expect(() => checkSelected(link({ networkPolicy: { podSelector: {} } }))).not.toThrow();
});
