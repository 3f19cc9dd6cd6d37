/** The objects of one namespace, and what policies let pods reach, told from their specs alone. */
import type { ClientObject, ExistingObject } from '../../../../src/plan/clients/client-object.ts';
import type { NetworkPolicySpec } from '../../../../src/plan/clients/network-policy/network-policy.ts';
import type {
  NamespaceAction,
  NamespaceInput,
} from '../../../../src/plan/clients/plan-namespace.ts';

/** The objects after an action, as the API server would have them. Throws for what it would refuse. */
export function applied(
  objects: readonly ExistingObject[],
  action: NamespaceAction,
): readonly ExistingObject[] {
  const name = action.kind === 'Delete' ? action.object.name : action.object.metadata.name;
  const present = objects.find(
    (one) => one.kind === action.object.kind && one.metadata.name === name,
  );
  const others = objects.filter((one) => one !== present);
  if (action.kind === 'Create') {
    if (present !== undefined) throw new Error(`${name} is there already`);
    return [...others, stored(action.object, `uid-of-${name}`)];
  }
  if (present?.metadata.uid !== action.uid) throw new Error(`${name} is another one`);
  return action.kind === 'Delete' ? others : [...others, updated(present, action.object)];
}

/** Server-side apply leaves labels and annotations that others wrote. */
function updated({ metadata }: ExistingObject, object: ClientObject): ExistingObject {
  const { 'sagemaker.privatelink.dev/link': _own, ...labels } = metadata.labels ?? {};
  const { metadata: written, ...content } = stored(object, metadata.uid);
  return {
    ...content,
    metadata: {
      ...written,
      labels: { ...labels, ...written.labels },
      annotations: { ...metadata.annotations, ...written.annotations },
    },
  };
}

/** A wanted object as one that is there. */
function stored(object: ClientObject, uid: string): ExistingObject {
  return { ...object, metadata: { ...object.metadata, uid } };
}

/** Everything, or the destinations with their ports that a policy opens, one text each. */
export type Reach = 'everything' | ReadonlySet<string>;

/** What the pods of the namespace may reach; only policies of the operator are known here. */
export function reachOf(objects: readonly ExistingObject[]): Reach {
  const policies = objects.filter((one) => one.kind === 'NetworkPolicy');
  if (policies.length === 0) return 'everything';
  return new Set(policies.flatMap(({ spec }) => [...destinationsOf(spec)]));
}

export function destinationsOf({ egress }: NetworkPolicySpec): ReadonlySet<string> {
  return new Set(
    egress.flatMap(({ to, ports }) => {
      if (to.length === 0) return ['everything'];
      const portTexts = ports === undefined ? ['all'] : ports.map((port) => JSON.stringify(port));
      return to.flatMap((peer) => portTexts.map((port) => `${JSON.stringify(peer)} ${port}`));
    }),
  );
}

/** An input with nothing in the namespace yet. */
export function namespaceInput(parts: Partial<NamespaceInput> = {}): NamespaceInput {
  return {
    namespace: { name: 'team-a', labels: { ml: 'true' }, deleting: false },
    links: [],
    existing: [],
    cluster: { kubernetesAPI: [] },
    clusterPolicies: new Set(),
    ...parts,
  };
}

/** Edits that somebody makes by hand to own objects. */
export const edits = {
  none: (object) => object,
  emptyLinks: (object) => withAnnotation(object, 'links', ''),
  otherLinks: (object) => withAnnotation(object, 'links', 'zzz'),
  withoutLabel: ({ metadata, ...object }) => {
    const { 'app.kubernetes.io/managed-by': _none, ...labels } = metadata.labels ?? {};
    return { ...object, metadata: { ...metadata, labels } };
  },
  note: (object) => withAnnotation(object, 'note', 'mine'),
  openEverything: (object) =>
    withSpec(object, (spec) => ({ ...spec, egress: [...spec.egress, everything] })),
  shutEverything: (object) => withSpec(object, (spec) => ({ ...spec, egress: [] })),
  selectNobody: (object) =>
    withSpec(object, (spec) => ({ ...spec, podSelector: { matchLabels: { nobody: 'true' } } })),
  evilUrl: (object) =>
    object.kind === 'ConfigMap'
      ? { ...object, data: { ...object.data, AWS_ENDPOINT_URL_SAGEMAKER: 'https://evil.example' } }
      : object,
} as const satisfies Record<string, (object: ExistingObject) => ExistingObject>;

export type Edit = keyof typeof edits;

/** Edits of the content, not of labels and annotations alone. */
export const contentEdits: readonly Edit[] = [
  'openEverything',
  'shutEverything',
  'selectNobody',
  'evilUrl',
];

const everything = { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] };

function withAnnotation(object: ExistingObject, name: string, value: string): ExistingObject {
  const { annotations } = object.metadata;
  const edited = { ...annotations, [`sagemaker.privatelink.dev/${name}`]: value };
  return { ...object, metadata: { ...object.metadata, annotations: edited } };
}

function withSpec(
  object: ExistingObject,
  edit: (spec: NetworkPolicySpec) => NetworkPolicySpec,
): ExistingObject {
  return object.kind === 'NetworkPolicy' ? { ...object, spec: edit(object.spec) } : object;
}
