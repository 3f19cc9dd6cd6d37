import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import type { ExistingObject } from '../../../../src/plan/clients/client-object.ts';
import type { ClientFinding } from '../../../../src/plan/clients/finding.ts';
import {
  type NamespaceInput,
  type NamespacePlan,
  planNamespace,
} from '../../../../src/plan/clients/plan-namespace.ts';
import { clientLink, type LinkParts, plainPolicy, policyWith } from './client-links.ts';
import { applied, edits, namespaceInput, reachOf } from './namespace-world.ts';

const both = { configMap: { name: 'sagemaker-endpoints' }, networkPolicy: plainPolicy };
const unread: LinkParts['status'] = {
  endpoints: [{ service: 'api', serviceName: 'com.amazonaws.eu-west-1.sagemaker.api' }],
};

function planFor(links: readonly SageMakerPrivateLink[], parts: Partial<NamespaceInput> = {}) {
  return planNamespace(namespaceInput({ links, ...parts }));
}

/** The objects of the namespace once everything is done. */
function settled(links: readonly SageMakerPrivateLink[], existing: readonly ExistingObject[] = []) {
  return planFor(links, { existing }).actions.reduce(applied, existing);
}

function kindsOf({ actions }: NamespacePlan): readonly string[] {
  return actions.map((action) => {
    const { object } = action;
    return `${action.kind} ${object.kind} ${'metadata' in object ? object.metadata.name : object.name}`;
  });
}

function reasonsOf(findings: readonly ClientFinding[]): readonly string[] {
  return findings.map(({ link, kind, reason }) => `${link} ${kind} ${reason}`);
}

test('a selected namespace gets its ConfigMap and then its policy', () => {
  const plan = planFor([clientLink({ clients: both })]);
  expect(kindsOf(plan)).toEqual([
    'Create ConfigMap sagemaker-endpoints',
    'Create NetworkPolicy sagemaker-privatelink',
  ]);
  expect(plan).toMatchObject({ waits: [], problems: [], selectedBy: ['ml'] });
});

test('what it gets says who wrote it, for which link, and what was written', () => {
  const [action] = planFor([clientLink()]).actions;
  expect(action?.object).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: 'sagemaker-privatelink',
      namespace: 'team-a',
      labels: {
        'app.kubernetes.io/managed-by': 'sagemaker-privatelink-operator',
        'sagemaker.privatelink.dev/link': 'ml',
      },
      annotations: {
        'sagemaker.privatelink.dev/links': 'ml',
        'sagemaker.privatelink.dev/written-as': 'team-a/sagemaker-privatelink',
        'sagemaker.privatelink.dev/content-hash': expect.stringMatching(/^[0-9a-f]{16}$/),
        'sagemaker.privatelink.dev/links-hash': expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    },
    spec: expect.objectContaining({ podSelector: {}, policyTypes: ['Egress'] }),
  });
});

test('a namespace that has it all yields no action', () => {
  const links = [clientLink({ clients: both })];
  expect(planFor(links, { existing: settled(links) }).actions).toEqual([]);
});

test('a namespace that is not selected gets nothing, and loses all when it no longer is', () => {
  const links = [clientLink({ clients: both })];
  const namespace = { name: 'team-a', labels: { ml: 'false' }, deleting: false };
  expect(planFor(links, { namespace })).toMatchObject({ actions: [], selectedBy: [] });
  expect([...kindsOf(planFor(links, { namespace, existing: settled(links) }))].sort()).toEqual([
    'Delete ConfigMap sagemaker-endpoints',
    'Delete NetworkPolicy sagemaker-privatelink',
  ]);
});

test('a link that is being deleted takes its objects along', () => {
  const link = clientLink({ clients: both });
  const metadata = { ...link.metadata, deletionTimestamp: '2026-11-29T00:00:00Z' };
  const plan = planFor([{ ...link, metadata }], { existing: settled([link]) });
  expect(plan.actions.map(({ kind }) => kind)).toEqual(['Delete', 'Delete']);
});

test('a namespace that is being deleted is left alone', () => {
  const namespace = { name: 'team-a', labels: { ml: 'true' }, deleting: true };
  expect(planFor([clientLink()], { namespace }).actions).toEqual([]);
});

test('nothing is written before the endpoints were available once', () => {
  const plan = planFor([
    clientLink({ clients: both, status: { clients: { namespaces: 1, ready: 0 } } }),
  ]);
  expect(plan.actions).toEqual([]);
  expect(reasonsOf(plan.waits)).toEqual([
    'ml ConfigMap EndpointsNotAvailable',
    'ml NetworkPolicy EndpointsNotAvailable',
  ]);
});

test('an edit by somebody else is undone, and a lost object made again', () => {
  const links = [clientLink({ clients: both })];
  const existing = settled(links).map((one): ExistingObject => {
    return one.kind === 'ConfigMap' ? { ...one, data: { ...one.data, AWS_REGION: 'x' } } : one;
  });
  expect(kindsOf(planFor(links, { existing }))).toEqual(['Update ConfigMap sagemaker-endpoints']);
  expect(kindsOf(planFor(links, { existing: existing.slice(0, 1) })).length).toBe(2);
});

test('labels and annotations of others are their affair', () => {
  const links = [clientLink({ clients: both })];
  const existing = settled(links).map((one): ExistingObject => {
    const { labels, annotations, ...metadata } = one.metadata;
    return {
      ...one,
      metadata: {
        ...metadata,
        labels: { ...labels, team: 'ml' },
        annotations: { ...annotations, 'argocd.argoproj.io/tracking-id': 'x' },
      },
    };
  });
  expect(planFor(links, { existing }).actions).toEqual([]);
});

test('an object of somebody else is never changed, and the finding names the owner', () => {
  const metadata = { name: 'sagemaker-endpoints', namespace: 'team-a', uid: 'theirs' };
  const theirs = (more: object): ExistingObject => ({
    kind: 'ConfigMap',
    data: {},
    metadata: { ...metadata, ...more },
  });
  const links = [clientLink({ clients: { configMap: { name: 'sagemaker-endpoints' } } })];
  const messages = [
    { labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
    { managers: ['kubectl-create'] },
    {},
  ].map((more) => {
    const plan = planFor(links, { existing: [theirs(more)] });
    expect(plan.actions).toEqual([]);
    expect(reasonsOf(plan.problems)).toEqual(['ml ConfigMap OwnedByAnother']);
    return plan.problems[0]?.message ?? '';
  });
  expect(messages[0]).toContain('belongs to Helm');
  expect(messages[1]).toContain('belongs to kubectl-create');
  expect(messages[2]).toContain('belongs to somebody else');
});

test('a copy that somebody made of an object is neither overwritten nor deleted', () => {
  const links = [clientLink({ clients: { configMap: { name: 'sagemaker-endpoints' } } })];
  const copies = settled(links).map((one): ExistingObject => {
    return { ...one, metadata: { ...one.metadata, namespace: 'team-b' } };
  });
  const namespace = { name: 'team-b', labels: {}, deleting: false };
  expect(planFor(links, { namespace, existing: copies }).actions).toEqual([]);
  const selected = { ...namespace, labels: { ml: 'true' } };
  const plan = planFor(links, { namespace: selected, existing: copies });
  expect(plan.actions).toEqual([]);
  expect(reasonsOf(plan.problems)).toEqual(['ml ConfigMap OwnedByAnother']);
});

test('a renamed ConfigMap is there under its new name before the old one goes', () => {
  const before = settled([clientLink({ clients: { configMap: { name: 'old' } } })]);
  const links = [clientLink({ clients: { configMap: { name: 'new' } } })];
  expect(kindsOf(planFor(links, { existing: before }))).toEqual([
    'Create ConfigMap new',
    'Delete ConfigMap old',
  ]);
});

test('a new ConfigMap that cannot be made keeps the old one there', () => {
  const before = settled([clientLink({ clients: { configMap: { name: 'old' } } })]);
  const theirs: ExistingObject = {
    kind: 'ConfigMap',
    data: {},
    metadata: { name: 'new', namespace: 'team-a', uid: 'theirs' },
  };
  const links = [clientLink({ clients: { configMap: { name: 'new' } } })];
  expect(planFor(links, { existing: [...before, theirs] }).actions).toEqual([]);
});

test('while addresses are unknown the last good policy stays', () => {
  const existing = settled([clientLink({ clients: both })]);
  const plan = planFor([clientLink({ clients: both, status: unread })], { existing });
  expect(plan.actions).toEqual([]);
  expect(reasonsOf(plan.waits)).toEqual([
    'ml ConfigMap AddressesUnknown',
    'ml NetworkPolicy AddressesUnknown',
  ]);
  expect(plan.waits[1]?.message).toBe(
    'No NetworkPolicy is made, and nothing is taken out of one that is there, until the endpoint of api has addresses that are known.',
  );
});

test('a namespace that has no policy yet gets none while addresses are unknown', () => {
  expect(planFor([clientLink({ status: unread })]).actions).toEqual([]);
});

test('new addresses are let in while others are unknown, and the rest goes when all are known', () => {
  const spec: LinkParts['spec'] = {
    endpoints: [
      { service: 'api', privateDNS: true },
      { service: 'runtime', privateDNS: true },
    ],
  };
  const endpoint = (service: 'api' | 'runtime', ...addresses: readonly string[]) => ({
    service,
    serviceName: `com.amazonaws.eu-west-1.sagemaker.${service}`,
    networkInterfaces: addresses.map((ipv4) => ({
      id: ipv4,
      subnetId: 'subnet-a',
      zone: 'eu-west-1a',
      ipv4,
    })),
  });
  const linkWith = (...endpoints: readonly ReturnType<typeof endpoint>[]) =>
    clientLink({ spec, status: { endpoints } });
  const opens = (objects: readonly ExistingObject[]) =>
    ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].filter((address) =>
      [...(reachOf(objects) as ReadonlySet<string>)].some((one) => one.includes(`${address}/32`)),
    );
  const before = settled([linkWith(endpoint('api', '10.0.0.1'), endpoint('runtime', '10.0.0.2'))]);
  const during = settled([linkWith(endpoint('api', '10.0.0.3'), endpoint('runtime'))], before);
  expect(opens(during)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  const after = [linkWith(endpoint('api', '10.0.0.3'), endpoint('runtime', '10.0.0.4'))];
  expect(opens(settled(after, during))).toEqual(['10.0.0.3', '10.0.0.4']);
});

test('a policy that somebody edited is not kept for its rules while addresses are unknown', () => {
  const existing = settled([clientLink()]).map((one): ExistingObject => {
    if (one.kind !== 'NetworkPolicy') return one;
    const everything = { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] };
    return { ...one, spec: { ...one.spec, egress: [...one.spec.egress, everything] } };
  });
  const during = settled([clientLink({ status: unread })], existing);
  expect(JSON.stringify(during)).not.toContain('0.0.0.0/0');
  expect(settled([clientLink()], during)).toEqual(settled([clientLink()]));
});

test('a service without an endpoint keeps a new policy away, and stays out of one that is there', () => {
  const policy = { networkPolicy: policyWith({ awsServices: ['sts'] }) };
  const withService = (state: string, ...addresses: readonly string[]) =>
    clientLink({
      clients: policy,
      status: {
        clients: {
          namespaces: 1,
          ready: 1,
          availableOnce: true,
          services: [{ service: 'sts', state, addresses }],
        },
      },
    });
  const gone = withService('Missing');
  const plan = planFor([gone]);
  expect(plan.actions).toEqual([]);
  expect(reasonsOf(plan.problems)).toEqual(['ml NetworkPolicy ServiceMissing']);
  const existing = settled([withService('available', '10.0.0.99')]);
  expect(JSON.stringify(existing)).toContain('10.0.0.99/32');
  expect(JSON.stringify(settled([gone], existing))).not.toContain('10.0.0.99/32');
});

test('Audit writes no policy and takes one away', () => {
  const audit = [
    clientLink({ clients: { networkPolicy: { ...plainPolicy, enforcement: 'Audit' } } }),
  ];
  expect(planFor(audit)).toMatchObject({ actions: [], waits: [], problems: [] });
  expect(kindsOf(planFor(audit, { existing: settled([clientLink()]) }))).toEqual([
    'Delete NetworkPolicy sagemaker-privatelink',
  ]);
});

test('a policy whose enforcement an older CRD has dropped is neither made nor taken away', () => {
  const { enforcement: _dropped, ...rest } = plainPolicy;
  const networkPolicy = rest as typeof plainPolicy;
  const pruned = [clientLink({ clients: { networkPolicy } })];
  const fresh = planFor(pruned);
  expect(fresh).toMatchObject({ actions: [], problems: [] });
  expect(reasonsOf(fresh.waits)).toEqual(['ml NetworkPolicy EnforcementUnknown']);
  // It had more ways out before the field of these was dropped, too.
  const existing = settled([
    clientLink({
      clients: {
        networkPolicy: policyWith({ rules: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }] }),
      },
    }),
  ]);
  expect(existing).toHaveLength(1);
  const after = planFor(pruned, { existing }).actions.reduce(applied, existing);
  expect(after).toHaveLength(1);
  expect(reachOf(after)).toEqual(reachOf(existing));
  expect(planFor([], { existing }).actions).toHaveLength(1);
});

test.each(['kube-system', 'kube-node-lease', 'privatelink-system'])(
  'no policy is written into %s',
  (name) => {
    const namespace = { name, labels: { ml: 'true' }, deleting: false };
    const plan = planFor([clientLink({ clients: both })], {
      namespace,
      operatorNamespace: 'privatelink-system',
    });
    expect(kindsOf(plan)).toEqual(['Create ConfigMap sagemaker-endpoints']);
    expect(reasonsOf(plan.problems)).toEqual(['ml NetworkPolicy ProtectedNamespace']);
  },
);

test('a cluster-scoped policy takes the place of the namespaced one once it is in force', () => {
  const clusterPolicy = {
    flavor: 'Auto',
    priority: 50,
    others: 'Allow',
    namespacedPolicies: 'Omit',
  } as const;
  const existing = settled([clientLink()]);
  const links = [clientLink({ clients: { networkPolicy: plainPolicy, clusterPolicy } })];
  expect(planFor(links)).toMatchObject({
    actions: [],
    waits: [{ reason: 'ConfiguringClusterPolicy' }],
  });
  expect(planFor(links, { existing }).actions).toEqual([]);
  const inForce = { clusterPolicies: new Set(['ml']) };
  expect(planFor(links, inForce)).toMatchObject({ actions: [], waits: [] });
  expect(kindsOf(planFor(links, { existing, ...inForce }))).toEqual([
    'Delete NetworkPolicy sagemaker-privatelink',
  ]);
});

test('a suspended link changes nothing and loses nothing', () => {
  const link = clientLink({ clients: both });
  const suspended = [clientLink({ clients: both, spec: { suspend: true } })];
  expect(planFor(suspended).actions).toEqual([]);
  expect(planFor(suspended, { existing: settled([link]) }).actions).toEqual([]);
  const namespace = { name: 'team-a', labels: {}, deleting: false };
  expect(planFor(suspended, { namespace, existing: settled([link]) }).actions).toEqual([]);
});

test('a rule without a destination keeps a new policy away, and nothing else', () => {
  const networkPolicy = policyWith({ rules: [{ to: [] }] });
  const links = [clientLink({ clients: { ...both, networkPolicy } })];
  const plan = planFor(links);
  expect(kindsOf(plan)).toEqual(['Create ConfigMap sagemaker-endpoints']);
  expect(reasonsOf(plan.problems)).toEqual(['ml NetworkPolicy RuleWithoutDestination']);
});

test('an own object without its label is taken back, unless its content was edited as well', () => {
  const links = [clientLink({ clients: both })];
  const unlabelled = settled(links).map(edits.withoutLabel);
  expect(settled(links, unlabelled)).toEqual(settled(links));
  const edited = unlabelled.map(edits.openEverything).map(edits.evilUrl);
  expect(planFor(links, { existing: edited })).toMatchObject({
    actions: [],
    problems: [{ reason: 'OwnedByAnother' }, { reason: 'OwnedByAnother' }],
  });
});
