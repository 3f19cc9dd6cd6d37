import { expect, test } from '@jest/globals';
import type { NetworkPolicyEgressRule } from '../../../../../src/api/sagemaker-private-link.ts';
import { isFailure, linkRemarks } from '../../../../../src/plan/clients/preview/link-remarks.ts';
import { clientLink, type LinkParts, plainPolicy, policyWith } from '../client-links.ts';

const namespaces = [{ name: 'team-a', labels: { ml: 'true' }, deleting: false }];

function remarksOn(link: ReturnType<typeof clientLink>, isInCluster = true) {
  return linkRemarks(link, { namespaces, cluster: { kubernetesAPI: [] }, isInCluster });
}

function reasonsOf(parts: LinkParts): readonly string[] {
  return remarksOn(clientLink(parts)).map(({ reason }) => reason);
}

test('there is nothing to remark on a link that works', () => {
  expect(reasonsOf({})).toEqual([]);
});

test.each([
  [{ spec: { suspend: true } }, 'Suspended', true],
  [{ spec: { clients: undefined } }, 'NoClients', false],
  [{ clients: { namespaceSelector: { matchLabels: { ml: 'ture' } } } }, 'SelectsNothing', true],
  [{ clients: { networkPolicy: { ...plainPolicy, enforcement: 'Audit' } } }, 'Audit', false],
  [{ clients: { networkPolicy: policyWith({ awsServices: ['s3'] }) } }, 'AddressesUnknown', true],
] as const)('%j is remarked on as %s', (parts, reason, isBad) => {
  const remarks = remarksOn(clientLink(parts as LinkParts));
  expect(remarks.map((one) => one.reason)).toEqual([reason]);
  expect(remarks.map(isFailure)).toEqual([isBad]);
});

test('a link that is being deleted is remarked on for that alone', () => {
  const link = clientLink({ spec: { suspend: true } });
  const metadata = { ...link.metadata, deletionTimestamp: '2026-03-01T00:00:00Z' };
  const remarks = remarksOn({ ...link, metadata });
  expect(remarks.map(({ reason }) => reason)).toEqual(['Deleting']);
  expect(remarks.every(isFailure)).toBe(true);
});

test('a link in a file alone is told where addresses come from', () => {
  const { status: _none, ...link } = clientLink();
  const [remark] = remarksOn(link, false);
  expect(remark?.message).toContain('It is in a file alone');
  const [other] = remarksOn(link);
  expect(other?.message).toContain('Its status does not have the addresses of the endpoint of api');
});

function openedBy(rule: NetworkPolicyEgressRule): readonly string[] {
  return reasonsOf({ clients: { networkPolicy: policyWith({ rules: [rule] }) } });
}

test.each([
  ['0.0.0.0/0', ['OpensInternet', 'OpensInstanceMetadata']],
  ['::/0', ['OpensInternet', 'OpensInstanceMetadata']],
  ['128.0.0.0/1', ['OpensInternet', 'OpensInstanceMetadata']],
  ['10.0.0.0/8', []],
  ['169.254.0.0/16', ['OpensInstanceMetadata']],
])('a rule that opens %s', (cidr, reasons) => {
  expect(openedBy({ to: [{ ipBlock: { cidr } }] })).toEqual(reasons);
});

test('exceptions and ports keep instance metadata shut', () => {
  const cidr = '169.254.0.0/16';
  expect(openedBy({ to: [{ ipBlock: { cidr, except: ['169.254.169.254/32'] } }] })).toEqual([]);
  const to = [{ ipBlock: { cidr } }];
  expect(openedBy({ to, ports: [{ protocol: 'TCP', port: 443 }] })).toEqual([]);
  expect(openedBy({ to, ports: [{ protocol: 'UDP', port: 80 }] })).toEqual([]);
  expect(openedBy({ to, ports: [{ protocol: 'TCP', port: 1, endPort: 80 }] })).toEqual([
    'OpensInstanceMetadata',
  ]);
});
