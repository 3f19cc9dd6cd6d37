/** The namespaces of the cluster, and what is in them. */
import { type Collection, createCollection, Refused, type StoredObject } from './api-server.ts';

type Labels = Readonly<Record<string, string>>;

/** Everything that the operator reads and writes about namespaces, and what others do there. */
export interface ClientCluster {
  /** By plural. */
  readonly collections: Readonly<Record<string, Collection>>;
  readonly namespaces: Collection;
  readonly configMaps: Collection;
  readonly policies: Collection;
  readonly pods: Collection;
  /** Cluster-scoped ones, of the one kind that the cluster serves. */
  readonly clusterPolicies: Collection;
  /** The kinds of a version of a group, or with '' the groups, as discovery lists them. */
  discovery(groupVersion: string): object | undefined;
  /** True while somebody else than the operator writes. */
  readonly isByOthers: () => boolean;
  /** Somebody takes the kind of cluster-scoped policies away, with every object of it. */
  uninstallClusterPolicies(): void;
  /** Somebody deletes or edits a cluster-scoped policy. */
  spoilClusterPolicies(spoil: (policies: Collection) => void): void;
  addNamespace(name: string, labels: Labels): void;
  relabel(name: string, labels: Readonly<Record<string, string | null>>): void;
  /** An object of somebody else. */
  addConfigMap(namespace: string, name: string, data: Labels): void;
  /** A pod of somebody else, whatever it says of itself. */
  addPod(namespace: string, name: string, labels: Labels): void;
  /** Somebody deletes every pod of a namespace that carries a label. */
  deletePods(namespace: string, label: string): void;
  /** From now on a namespace takes no pods, with the words of a quota; or it takes them again. */
  setQuota(namespace: string, words: string | undefined): void;
  /** Whether a namespace takes no pods. */
  hasQuota(namespace: string): boolean;
  /** Somebody edits an object, as with `kubectl edit`. */
  edit(which: 'configMaps' | 'policies', key: string, patch: object): void;
}

/** The field manager of edits by hand. */
export const editor = 'kubectl-edit';

/** The kind of the VPC CNI and EKS Auto Mode. */
const clusterPolicyVersion = 'networking.k8s.aws/v1alpha1';
const clusterPolicyGroup = { name: 'networking.k8s.aws', versions: [{ version: 'v1alpha1' }] };
const clusterPolicyKinds = {
  resources: [
    { name: 'clusternetworkpolicies', kind: 'ClusterNetworkPolicy', namespaced: false },
    { name: 'clusternetworkpolicies/status', kind: 'ClusterNetworkPolicy', namespaced: false },
  ],
};

/** Creates a cluster with the namespaces that every cluster has. */
export function createClientCluster(wallTime: () => Date): ClientCluster {
  const collection = (): Collection => {
    return createCollection({ wallTime, withDefaults: (object) => object });
  };
  const [namespaces, configMaps, policies] = [collection(), collection(), collection()];
  const [endpointSlices, services, clusterPolicies] = [collection(), collection(), collection()];
  const pods = collection();
  const quotas = new Map<string, string>();
  // Not spread: the version of the collection is a getter.
  const admitted: Collection = Object.assign(Object.create(pods) as Collection, {
    create: (pod: object) => pods.create(withinQuota(quotas, pod)),
  });
  let isServed = true;
  let isByOthers = false;
  const byOthers = (act: () => void): void => {
    isByOthers = true;
    act();
    isByOthers = false;
  };
  const metadata = { name: 'kubernetes', namespace: 'default' };
  endpointSlices.create({
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    endpoints: [{ addresses: ['10.0.200.1'] }],
    ports: [{ name: 'https', port: 443 }],
  });
  const spec = { clusterIPs: ['172.20.0.1'], ports: [{ name: 'https', port: 443 }] };
  services.create({ metadata, spec });
  const addNamespace: ClientCluster['addNamespace'] = (name, labels) => {
    const all = { 'kubernetes.io/metadata.name': name, ...labels };
    namespaces.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: all } });
  };
  for (const name of ['default', 'kube-system']) addNamespace(name, {});
  return {
    collections: {
      namespaces,
      configmaps: configMaps,
      networkpolicies: policies,
      endpointslices: endpointSlices,
      services,
      pods: admitted,
      clusternetworkpolicies: clusterPolicies,
    },
    namespaces,
    configMaps,
    policies,
    pods,
    clusterPolicies,
    discovery(groupVersion) {
      if (groupVersion === '') return { groups: isServed ? [clusterPolicyGroup] : [] };
      return isServed && groupVersion === clusterPolicyVersion ? clusterPolicyKinds : undefined;
    },
    isByOthers: () => isByOthers,
    uninstallClusterPolicies() {
      isServed = false;
      byOthers(() => {
        for (const { metadata } of clusterPolicies.list()) clusterPolicies.delete(metadata.name);
      });
    },
    spoilClusterPolicies: (spoil) => byOthers(() => spoil(clusterPolicies)),
    addNamespace,
    relabel: (name, labels) => void namespaces.patch(name, { metadata: { labels } }, 'object'),
    addConfigMap(namespace, name, data) {
      const managedFields = [managedBy(editor, data)];
      const ofSomebody = { name, namespace, managedFields };
      configMaps.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: ofSomebody, data });
    },
    addPod(namespace, name, labels) {
      const metadata = { name, namespace, labels };
      byOthers(() => pods.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: {} }));
    },
    deletePods: (namespace, label) =>
      byOthers(() => {
        for (const { metadata } of pods.list()) {
          const isMeant = metadata.namespace === namespace && label in (metadata.labels ?? {});
          if (isMeant) pods.delete(`${namespace}/${metadata.name}`);
        }
      }),
    setQuota(namespace, words) {
      if (words === undefined) quotas.delete(namespace);
      else quotas.set(namespace, words);
    },
    hasQuota: (namespace) => quotas.has(namespace),
    edit(which, key, patch) {
      const one = which === 'policies' ? policies : configMaps;
      one.patch(key, patch, 'object', { manager: editor });
    },
  };
}

/** The pod, where no quota is in the way. @throws Refused with the words of the API server */
function withinQuota(quotas: ReadonlyMap<string, string>, pod: object): object {
  const { name, namespace = '' } = (pod as StoredObject).metadata;
  const words = quotas.get(namespace);
  if (words === undefined) return pod;
  throw new Refused(403, 'Forbidden', `pods "${name}" is forbidden: exceeded quota: ${words}`);
}

function managedBy(manager: string, data: Labels): object {
  const fields = Object.fromEntries(Object.keys(data).map((key) => [`f:${key}`, {}]));
  const how = { operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' };
  return { manager, ...how, fieldsV1: { 'f:data': fields } };
}

/** True for what carries the operator's label. */
export function isOfOperator({ metadata }: StoredObject): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'sagemaker-privatelink-operator';
}
