import type { ResourceType } from '../kubernetes/client/object.ts';
import type { ClientObjectKind } from '../plan/clients/client-object.ts';

export const namespaceType: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  namespaced: false,
};

export const endpointSliceType: ResourceType = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  namespaced: true,
};

export const serviceType: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'services',
  namespaced: true,
};

/** The kinds that namespaces get. */
export const clientTypes: Readonly<Record<ClientObjectKind, ResourceType>> = {
  ConfigMap: { group: '', version: 'v1', plural: 'configmaps', namespaced: true },
  NetworkPolicy: {
    group: 'networking.k8s.io',
    version: 'v1',
    plural: 'networkpolicies',
    namespaced: true,
  },
};

export const podType: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'pods',
  namespaced: true,
};
