import { expect, test } from '@jest/globals';
import { egressWords } from '../../../../src/plan/clients/egress-words.ts';
import { wantedEgress } from '../../../../src/plan/clients/wanted-egress.ts';
import { clientLink, policyWith } from './client-links.ts';

test('egress is told in words that people know', () => {
  const networkPolicy = policyWith({
    namespaces: 'Selected',
    namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['a', 'b'] }] },
    rules: [
      {
        to: [
          { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          { ipBlock: { cidr: '10.20.0.0/16' } },
          { podSelector: {} },
          { namespaceSelector: { matchExpressions: [{ key: 'db', operator: 'Exists' }] } },
          { podSelector: { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] } },
          { podSelector: { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] } },
        ],
        ports: [{ protocol: 'TCP', port: 5432, endPort: 5439 }, { protocol: 'UDP' }],
      },
    ],
  });
  const wanted = wantedEgress(clientLink({ clients: { networkPolicy } }), { kubernetesAPI: [] });
  expect(wanted && egressWords(wanted.wanted)).toEqual([
    {
      reason: 'DNS of the cluster',
      to: ['pods with k8s-app=kube-dns of namespaces with kubernetes.io/metadata.name=kube-system'],
      ports: 'UDP 53, TCP 53',
    },
    {
      reason: 'DNS on the node and egress.dnsServers',
      to: ['169.254.20.10/32'],
      ports: 'UDP 53, TCP 53',
    },
    {
      reason: 'endpoint of api',
      to: ['10.0.1.17/32', '10.0.2.17/32', '2001:db8::17/128'],
      ports: 'TCP 443',
    },
    {
      reason: 'egress.podIdentity',
      to: ['169.254.170.23/32', 'fd00:ec2::23/128'],
      ports: 'TCP 80',
    },
    {
      reason: 'egress.namespaces',
      to: ['every pod of namespaces with team in (a, b)'],
      ports: 'every port',
    },
    {
      reason: 'egress.rules',
      to: [
        '10.0.0.0/8 without 10.1.0.0/16',
        '10.20.0.0/16',
        'pods with any labels of the same namespace',
        'every pod of namespaces with db',
        'pods with x notin (y) of the same namespace',
        'pods with !x of the same namespace',
      ],
      ports: 'TCP 5432 to 5439, every UDP port',
    },
  ]);
});

test.each([
  ['Own', 'every pod of the same namespace'],
  ['All', 'every pod of every namespace'],
] as const)('egress.namespaces: %s', (namespaces, words) => {
  const link = clientLink({ clients: { networkPolicy: policyWith({ namespaces }) } });
  const wanted = wantedEgress(link, { kubernetesAPI: [] });
  expect(wanted && egressWords(wanted.wanted).at(-1)?.to).toEqual([words]);
});
