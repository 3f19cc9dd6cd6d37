import { expect, test } from '@jest/globals';
import type { ExistingObject } from '../../../../../src/plan/clients/client-object.ts';
import type { NamespaceInput } from '../../../../../src/plan/clients/plan-namespace.ts';
import { planNamespace } from '../../../../../src/plan/clients/plan-namespace.ts';
import { previewNamespace } from '../../../../../src/plan/clients/preview/preview-namespace.ts';
import { clientLink, type LinkParts, plainPolicy, policyWith } from '../client-links.ts';
import { applied, namespaceInput } from '../namespace-world.ts';

const both = { configMap: { name: 'sagemaker-endpoints' }, networkPolicy: plainPolicy };
const audit = { networkPolicy: { ...plainPolicy, enforcement: 'Audit' as const } };

type Link = ReturnType<typeof clientLink>;

function aged(creationTimestamp: string, parts: LinkParts): Link {
  const link = clientLink(parts);
  return { ...link, metadata: { ...link.metadata, creationTimestamp } };
}

function previewOf(parts: Partial<NamespaceInput>) {
  return previewNamespace(namespaceInput(parts));
}

/** The objects of a namespace after the operator was there for these links. */
function servedBy(...links: readonly Link[]): readonly ExistingObject[] {
  return planNamespace(namespaceInput({ links })).actions.reduce(applied, []);
}

function changesOf({ objects }: ReturnType<typeof previewOf>): readonly string[] {
  return objects.map(({ change, object }) => `${change} ${object.kind}`);
}

function reasonsOf({ findings }: ReturnType<typeof previewOf>): readonly string[] {
  return findings.map(({ link, reason, when }) => `${when} ${link} ${reason}`);
}

test('what a new link gives is created, and after that unchanged', () => {
  const links = [clientLink({ clients: both })];
  const fresh = previewOf({ links });
  expect(changesOf(fresh)).toEqual(['Create ConfigMap', 'Create NetworkPolicy']);
  expect(fresh).toMatchObject({ findings: [], audited: [], servedBefore: [] });
  const again = previewOf({ links, existing: servedBy(...links) });
  expect(changesOf(again)).toEqual(['Unchanged ConfigMap', 'Unchanged NetworkPolicy']);
  expect(again.objects.map(({ object }) => object)).toEqual(
    fresh.objects.map(({ object }) => object),
  );
  expect(again.servedBefore).toEqual(['ml']);
});

test('an update says what it adds and takes away', () => {
  const before = servedBy(clientLink({ clients: both }));
  const networkPolicy = policyWith({ podIdentity: false, dnsServers: ['10.0.0.2'] });
  const links = [clientLink({ clients: { ...both, networkPolicy } })];
  const preview = previewOf({ links, existing: before });
  expect(changesOf(preview)).toEqual(['Update NetworkPolicy', 'Unchanged ConfigMap']);
  expect(preview.objects[0]?.differences).toEqual([
    '+ 10.0.0.2/32, TCP 53, UDP 53',
    '- 169.254.170.23/32, TCP 80',
    '- fd00:ec2::23/128, TCP 80',
  ]);
});

test('a policy under Audit is shown as not written, beside the link that is enforced', () => {
  const a = aged('2026-01-01T00:00:00Z', { name: 'a', clients: audit });
  const alone = previewOf({ links: [a] });
  expect(changesOf(alone)).toEqual(['NotWritten NetworkPolicy']);
  expect(alone.audited).toEqual(['a']);
  const b = aged('2026-02-01T00:00:00Z', {
    name: 'b',
    clients: { networkPolicy: policyWith({ podIdentity: false }) },
  });
  const links = [a, b];
  const real = planNamespace(namespaceInput({ links }));
  const shown = previewOf({ links });
  const written = shown.objects.filter(({ change }) => change !== 'NotWritten');
  expect(written.map(({ object }) => object)).toEqual(
    real.actions.flatMap((action) => (action.kind === 'Delete' ? [] : [action.object])),
  );
  expect(changesOf(shown)).toEqual(['Create NetworkPolicy', 'NotWritten NetworkPolicy']);
  expect(shown.objects.at(-1)).toMatchObject({
    change: 'NotWritten',
    object: { metadata: { annotations: { 'sagemaker.privatelink.dev/links': 'a,b' } } },
  });
});

test('a policy that Audit takes away is deleted', () => {
  const existing = servedBy(clientLink());
  const preview = previewOf({ links: [clientLink({ clients: audit })], existing });
  expect(changesOf(preview)).toEqual(['Delete NetworkPolicy', 'NotWritten NetworkPolicy']);
});

test('the link that is served goes on, and the one that disagrees is refused, as in the cluster', () => {
  const served = aged('2026-02-01T00:00:00Z', { name: 'b' });
  const other = { ...plainPolicy, podSelector: { matchLabels: { app: 'train' } } };
  const newcomer = aged('2026-01-01T00:00:00Z', { name: 'a', clients: { networkPolicy: other } });
  const preview = previewOf({ links: [newcomer, served], existing: servedBy(served) });
  expect(changesOf(preview)).toEqual(['Unchanged NetworkPolicy']);
  expect(reasonsOf(preview)).toEqual(['Now a LinksDisagree']);
});

test('links under Audit that disagree are told that they will', () => {
  const other = { ...audit.networkPolicy, podSelector: { matchLabels: { app: 'train' } } };
  const links = [
    clientLink({ name: 'a', clients: audit }),
    clientLink({ name: 'b', clients: { networkPolicy: other } }),
  ];
  const preview = previewOf({ links });
  expect(preview.findings).toMatchObject([{ link: 'b', reason: 'LinksDisagree' }]);
});

test('a suspended link keeps what it has, and what it would give is not written', () => {
  const spec = { suspend: true };
  expect(changesOf(previewOf({ links: [clientLink({ clients: both, spec })] }))).toEqual([
    'NotWritten ConfigMap',
    'NotWritten NetworkPolicy',
  ]);
  const existing = servedBy(clientLink());
  const preview = previewOf({ links: [clientLink({ spec })], existing });
  expect(changesOf(preview)).toEqual(['Unchanged NetworkPolicy']);
});

test('a link whose endpoints were never available gives nothing yet', () => {
  const status = { clients: { namespaces: 0, ready: 0 } };
  const preview = previewOf({ links: [clientLink({ status })] });
  expect(changesOf(preview)).toEqual(['NotWritten NetworkPolicy']);
  expect(reasonsOf(preview)).toEqual(['Now ml EndpointsNotAvailable']);
});

test('a link that is being deleted loses its objects', () => {
  const link = aged('2026-01-01T00:00:00Z', { clients: both });
  const metadata = { ...link.metadata, deletionTimestamp: '2026-03-01T00:00:00Z' };
  const preview = previewOf({ links: [{ ...link, metadata }], existing: servedBy(link) });
  expect(changesOf(preview)).toEqual(['Delete ConfigMap', 'Delete NetworkPolicy']);
  expect(preview).toMatchObject({ selectedBy: [], servedBefore: ['ml'] });
  expect(preview.heldPolicy).toBeUndefined();
});

test('the namespace of the operator gets no policy', () => {
  const preview = previewOf({ links: [clientLink()], operatorNamespace: 'team-a' });
  expect(changesOf(preview)).toEqual([]);
  expect(reasonsOf(preview)).toEqual(['Now ml ProtectedNamespace']);
  expect(preview.heldPolicy).toBeUndefined();
});

test('a namespace that is being deleted is said to be so', () => {
  const namespace = { name: 'team-a', labels: { ml: 'true' }, deleting: true };
  const preview = previewOf({ namespace, links: [clientLink()] });
  expect(preview).toMatchObject({ deleting: true, objects: [] });
});

test('an object of somebody else is in the way here, too', () => {
  const metadata = { name: 'sagemaker-endpoints', namespace: 'team-a', uid: 'theirs' };
  const existing: ExistingObject[] = [{ kind: 'ConfigMap', data: {}, metadata }];
  const preview = previewOf({ links: [clientLink({ clients: both })], existing });
  expect(changesOf(preview)).toEqual(['Create NetworkPolicy']);
  expect(reasonsOf(preview)).toEqual(['Now ml OwnedByAnother']);
});

test('a cluster policy in the place of namespaced ones is there to hold pods against', () => {
  const clusterPolicy = {
    flavor: 'Auto',
    priority: 50,
    others: 'Allow',
    namespacedPolicies: 'Omit',
  } as const;
  const links = [clientLink({ clients: { networkPolicy: plainPolicy, clusterPolicy } })];
  const usual = previewOf({ links: [clientLink()] });
  const pending = previewOf({ links });
  expect(changesOf(pending)).toEqual([]);
  expect(reasonsOf(pending)).toEqual(['Now ml ConfiguringClusterPolicy']);
  expect(pending.heldPolicy).toEqual(usual.heldPolicy);
  const inForce = previewOf({ links, clusterPolicies: new Set(['ml']) });
  expect(inForce).toMatchObject({ objects: [], findings: [] });
  expect(inForce.heldPolicy).toEqual(usual.heldPolicy);
});

test('pods are held against a policy as far as it is known', () => {
  const networkPolicy = policyWith({ awsServices: ['sts'] });
  const preview = previewOf({ links: [clientLink({ clients: { networkPolicy } })] });
  expect(changesOf(preview)).toEqual([]);
  expect(reasonsOf(preview)).toEqual(['Now ml AddressesUnknown']);
  expect(preview.heldPolicy?.unknown).toEqual(['the endpoint of sts']);
  expect(preview.heldPolicy?.spec).toEqual(previewOf({ links: [clientLink()] }).heldPolicy?.spec);
});
