/**
 * The kind, by the names that code uses. The types are generated from the CRD; a field with a
 * default is required here, because the API server fills it in before anyone reads the object.
 */
export type {
  ClientEgressSpec,
  ClientEgressStatus,
  ClientServiceStatus,
  ClientsStatus,
  ClusterPolicySpec,
  Condition,
  DriftEntry,
  EndpointPolicy,
  EndpointSpec,
  EndpointStatus,
  FailingNamespace,
  LabelSelector,
  LabelSelectorRequirement,
  NetworkInterfaceStatus,
  NetworkPolicyEgressRule,
  NetworkPolicyPeer,
  NotebookAccessSpec,
  NotebookAction,
  SageMakerPrivateLink,
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
  TruncatedList,
  UnreachableNamespace,
  VerifySpec,
  VerifyStatus,
} from './generated/sagemaker-private-link.ts';

export const group = 'sagemaker.privatelink.dev';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}` as const;
export const kind = 'SageMakerPrivateLink';
export const plural = 'sagemakerprivatelinks';

/** Keeps a deleted link until its resources are gone at AWS. */
export const finalizer = `${group}/finalizer` as const;

/** Annotations that users put on a link. */
export const annotations = {
  /** Any new value asks for a look at AWS now. Flux's convention. */
  reconcileRequestedAt: `${group}/reconcile-requested-at`,
} as const;
