import { expect, test } from '@jest/globals';
import type {
  LabelSelector,
  SageMakerPrivateLink,
} from '../../../../src/api/sagemaker-private-link.ts';
import type { ExistingObject } from '../../../../src/plan/clients/client-object.ts';
import { planNamespace } from '../../../../src/plan/clients/plan-namespace.ts';
import { clientLink, type LinkParts, plainPolicy, policyWith } from './client-links.ts';
import { applied, namespaceInput, reachOf } from './namespace-world.ts';

const configMap = { name: 'sagemaker-endpoints' };

/** A link with a runtime endpoint at this address. */
function runtimeLink(name: string, address: string, parts: LinkParts = {}): SageMakerPrivateLink {
  return clientLink({
    name,
    ...parts,
    spec: { endpoints: [{ service: 'runtime', privateDNS: true }], ...parts.spec },
    status: {
      endpoints: [
        {
          service: 'runtime',
          serviceName: 'com.amazonaws.eu-west-1.sagemaker.runtime',
          url: `https://${name}.example.org`,
          networkInterfaces: [
            { id: 'eni-r', subnetId: 'subnet-a', zone: 'eu-west-1a', ipv4: address },
          ],
        },
      ],
      ...parts.status,
    },
  });
}

function aged(link: SageMakerPrivateLink, day: number): SageMakerPrivateLink {
  const creationTimestamp = `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`;
  return { ...link, metadata: { ...link.metadata, creationTimestamp } };
}

function planFor(links: readonly SageMakerPrivateLink[], existing: readonly ExistingObject[] = []) {
  return planNamespace(namespaceInput({ links, existing }));
}

function settled(links: readonly SageMakerPrivateLink[], existing: readonly ExistingObject[] = []) {
  return planFor(links, existing).actions.reduce(applied, existing);
}

test('links that agree share one ConfigMap and one policy', () => {
  const links = [
    clientLink({ clients: { configMap, networkPolicy: plainPolicy } }),
    runtimeLink('inference', '10.0.0.9', { clients: { configMap, networkPolicy: plainPolicy } }),
  ];
  const objects = settled(links);
  expect(objects).toHaveLength(2);
  for (const { metadata } of objects) {
    expect(metadata.labels).not.toHaveProperty(['sagemaker.privatelink.dev/link']);
    expect(metadata.annotations).toMatchObject({
      'sagemaker.privatelink.dev/links': 'inference,ml',
    });
  }
  expect(objects[0]).toMatchObject({
    data: {
      AWS_ENDPOINT_URL_SAGEMAKER: 'https://api.sagemaker.eu-west-1.amazonaws.com',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: 'https://inference.example.org',
    },
  });
  const reach = [...(reachOf(objects) as ReadonlySet<string>)].join('\n');
  expect(reach).toContain('10.0.0.9/32');
  expect(reach).toContain('10.0.1.17/32');
});

test('of two links with another URL for one variable the newer is refused by name', () => {
  const old = aged(runtimeLink('zebra', '10.0.0.8', { clients: { configMap } }), 1);
  const young = aged(runtimeLink('ant', '10.0.0.9', { clients: { configMap } }), 2);
  const plan = planFor([young, old]);
  expect(plan.problems).toEqual([
    {
      link: 'ant',
      kind: 'ConfigMap',
      reason: 'LinksDisagree',
      message:
        'The ConfigMap follows zebra, from which ant differs in AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME; it follows whom it is there for already, and else the older link. Make them agree, or let their namespaceSelectors take different namespaces.',
    },
  ]);
  expect(JSON.stringify(plan.actions)).toContain('https://zebra.example.org');
  expect(JSON.stringify(plan.actions)).not.toContain('https://ant.example.org');
});

test('links of two regions do not share a ConfigMap', () => {
  const links = [
    aged(clientLink({ clients: { configMap } }), 1),
    aged(
      runtimeLink('far', '10.0.0.9', { clients: { configMap }, spec: { region: 'us-east-1' } }),
      2,
    ),
  ];
  expect(
    planFor(links)
      .problems.map(({ message }) => message)
      .join(),
  ).toContain('AWS_REGION');
});

test('links with another podSelector do not share a policy', () => {
  const networkPolicy = { ...plainPolicy, podSelector: { matchLabels: { role: 'training' } } };
  const links = [
    aged(clientLink(), 1),
    aged(runtimeLink('inference', '10.0.0.9', { clients: { networkPolicy } }), 2),
  ];
  const [problem] = planFor(links).problems;
  expect(problem).toMatchObject({ link: 'inference', reason: 'LinksDisagree' });
  expect(problem?.message).toContain('spec.clients.networkPolicy.podSelector');
  expect(settled(links)).toEqual(settled(links.slice(0, 1)));
});

test('an older link that comes later does not displace the one that is served', () => {
  const networkPolicy = { ...plainPolicy, podSelector: { matchLabels: { role: 'training' } } };
  const young = aged(clientLink(), 2);
  const old = aged(runtimeLink('inference', '10.0.0.9', { clients: { networkPolicy } }), 1);
  const existing = settled([young]);
  const plan = planFor([old, young], existing);
  expect(plan.actions).toEqual([]);
  expect(plan.problems).toMatchObject([{ link: 'inference', reason: 'LinksDisagree' }]);
});

test('a link that begins to disagree is refused, and nothing of it is taken away', () => {
  const partner = aged(runtimeLink('inference', '10.0.0.9'), 2);
  const existing = settled([aged(clientLink(), 1), partner]);
  const networkPolicy = { ...plainPolicy, podSelector: { matchLabels: { role: 'training' } } };
  const changed = aged(clientLink({ clients: { networkPolicy } }), 1);
  const plan = planFor([changed, partner], existing);
  expect(plan.problems).toMatchObject([{ link: 'ml', reason: 'LinksDisagree' }]);
  expect(plan.actions).toEqual([]);
  const moved = aged(runtimeLink('inference', '10.0.0.10'), 2);
  const reach = [...(reachOf(settled([changed, moved], existing)) as ReadonlySet<string>)].join();
  for (const address of ['10.0.1.17/32', '10.0.0.10/32']) expect(reach).toContain(address);
});

test('a link that waits does not keep the others from what they want', () => {
  const waiting = runtimeLink('inference', '10.0.0.9', {
    status: { clients: { namespaces: 0, ready: 0 } },
  });
  expect(settled([clientLink(), waiting])).toEqual(settled([clientLink()]));
});

test('a ConfigMap that is held up by one of its links makes the others wait by name', () => {
  const clients = { configMap };
  const partner = runtimeLink('inference', '10.0.0.9', { clients });
  const existing = settled([clientLink({ clients }), partner]);
  const unread = clientLink({ clients, status: { endpoints: [] } });
  const plan = planFor([unread, partner], existing);
  expect(plan.actions).toEqual([]);
  expect(plan.waits).toMatchObject([
    { link: 'ml', reason: 'AddressesUnknown' },
    { link: 'inference', reason: 'SharedObjectHeld' },
  ]);
});

test('a suspended link holds up what it shares, and the other is told', () => {
  const partner = runtimeLink('inference', '10.0.0.9');
  const existing = settled([clientLink(), partner]);
  const suspended = clientLink({ spec: { suspend: true } });
  const moved = runtimeLink('inference', '10.0.0.10');
  const plan = planFor([suspended, moved], existing);
  expect(plan.actions).toEqual([]);
  expect(plan.waits).toMatchObject([{ link: 'inference', reason: 'SharedObjectHeld' }]);
});

test("the merged policy has every link's egress once", () => {
  const networkPolicy = policyWith({ rules: [{ to: [{ ipBlock: { cidr: '10.20.0.0/16' } }] }] });
  const links = [clientLink({ clients: { networkPolicy } }), runtimeLink('inference', '10.0.0.9')];
  const [policy] = settled(links);
  const rules =
    policy?.kind === 'NetworkPolicy' ? policy.spec.egress.map((one) => JSON.stringify(one)) : [];
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules.filter((one) => one.includes('10.20.0.0/16'))).toHaveLength(1);
  expect(rules.filter((one) => one.includes('169.254.20.10/32'))).toHaveLength(1);
});

const audit = { ...plainPolicy, enforcement: 'Audit' as const };
const training = { matchLabels: { role: 'training' } };

test('links on Audit that disagree do not keep a policy that nobody enforces', () => {
  const existing = settled([aged(clientLink(), 2)]);
  const other = runtimeLink('inference', '10.0.0.9', {
    clients: { networkPolicy: { ...audit, podSelector: training } },
  });
  const links = [aged(clientLink({ clients: { networkPolicy: audit } }), 2), aged(other, 1)];
  expect(planFor(links, existing).actions).toMatchObject([{ kind: 'Delete' }]);
  const shared = settled([clientLink(), runtimeLink('inference', '10.0.0.9')]);
  expect(planFor(links, shared)).toMatchObject({ actions: [{ kind: 'Delete' }], problems: [] });
});

test('one of two links that goes to Audit takes nothing from pods that the other holds', () => {
  const inference = runtimeLink('inference', '10.0.0.9');
  const existing = settled([clientLink(), inference]);
  const links = [clientLink({ clients: { networkPolicy: audit } }), inference];
  expect(planFor(links, existing)).toMatchObject({ actions: [], problems: [] });
  const rest = settled([inference], existing);
  expect([...(reachOf(rest) as ReadonlySet<string>)].join()).not.toContain('10.0.1.17/32');
});

test('an older link on Audit is in nobody’s way', () => {
  const older = aged(clientLink({ clients: { networkPolicy: audit } }), 1);
  const enforcing = aged(runtimeLink('inference', '10.0.0.9'), 2);
  expect(settled([older, enforcing])).toEqual(settled([enforcing]));
});

test('a link with a missing service joins the policy that another one makes', () => {
  const networkPolicy = policyWith({ awsServices: ['sts'] });
  const services = [{ service: 'sts', state: 'Missing' }];
  const lacking = clientLink({
    clients: { networkPolicy },
    status: { clients: { namespaces: 0, ready: 0, availableOnce: true, services } },
  });
  expect(planFor([lacking]).actions).toEqual([]);
  const plan = planFor([lacking, runtimeLink('inference', '10.0.0.9')]);
  expect(JSON.stringify(plan.actions)).toContain('10.0.1.17/32');
  expect(plan.problems).toMatchObject([{ link: 'ml', reason: 'ServiceMissing' }]);
});

test('selectors that say the same in other words are no disagreement', () => {
  const inWords = (podSelector: LabelSelector) => ({ ...plainPolicy, podSelector });
  const links = [
    clientLink({ clients: { networkPolicy: inWords({ matchLabels: { a: '1', b: '2' } }) } }),
    runtimeLink('inference', '10.0.0.9', {
      clients: {
        networkPolicy: inWords({
          matchLabels: { b: '2' },
          matchExpressions: [{ key: 'a', operator: 'In', values: ['1'] }],
        }),
      },
    }),
  ];
  expect(planFor(links).problems).toEqual([]);
});
