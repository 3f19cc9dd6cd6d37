/**
 * Types and reasons of the conditions in a link's status. A reason is one CamelCase word, the same
 * in the condition, the event and the metric; `reason-guide.ts` says what a user does about each.
 */

export const conditionTypes = {
  /** Everything in the spec is applied, observed and true. Always present. */
  Ready: 'Ready',
  /** Every endpoint is available at AWS: clients can use it; survives repairs elsewhere. */
  Available: 'Available',
  /** The VPC, one subnet per zone, the VPC's DNS attributes and the services' zones were checked. */
  NetworkResolved: 'NetworkResolved',
  /** The security group exists with exactly the wanted rules. */
  SecurityGroupReady: 'SecurityGroupReady',
  /** Each endpoint has what the spec says (subnets, groups, policy, DNS, tags) and is available. */
  EndpointsAvailable: 'EndpointsAvailable',
  /** The notebook policy is the wanted one and attached to everything listed and nothing else. */
  NotebookAccessEnforced: 'NotebookAccessEnforced',
  /** Every selected namespace has its ConfigMap and NetworkPolicy. */
  ClientsConfigured: 'ClientsConfigured',
  /** Pods of selected namespaces reach every endpoint by its names; apart from Ready. */
  Reachable: 'Reachable',
  /** kstatus: work is going on. Present only while True, never beside Stalled. */
  Reconciling: 'Reconciling',
  /** kstatus: somebody has to change something. Present only while True. */
  Stalled: 'Stalled',
} as const;

export type ConditionType = keyof typeof conditionTypes;

export const reasons = {
  /** Done, and seen to be so. */
  Succeeded: 'Succeeded',
  /** Work on this generation has begun. */
  Progressing: 'Progressing',
  /** Something failed that may pass by itself; it is tried again with growing delays. */
  ProgressingWithRetry: 'ProgressingWithRetry',
  /** An awaited state has not come for more than an hour: somebody has to look. */
  ProgressDeadlineExceeded: 'ProgressDeadlineExceeded',
  /** `spec.suspend` is true. */
  Suspended: 'Suspended',
  /** The API server does not let the operator put its finalizer on. */
  FinalizerRefused: 'FinalizerRefused',
  /** The object is being deleted and so are its resources. */
  Deleting: 'Deleting',
  /** An endpoint that left the spec stays until every entry of the spec is served. */
  WaitingForSuccessor: 'WaitingForSuccessor',
  /** AWS has not yet confirmed that something is gone. */
  WaitingForDeletion: 'WaitingForDeletion',
  /** The spec contradicts itself or AWS in a way that the schema can't tell. */
  InvalidSpec: 'InvalidSpec',
  /** The account name is not in the administrator's account map. */
  UnknownAccount: 'UnknownAccount',
  /** The account name stands for another AWS account than the one that the link is in. */
  AccountChanged: 'AccountChanged',
  /** AWS shows another account than the one of the role in the account map. */
  WrongAccount: 'WrongAccount',

  /** AWS has no region of that name, or none that can be reached from here. */
  RegionNotFound: 'RegionNotFound',
  /** No VPC of the account and region has the id or the tags. */
  VPCNotFound: 'VPCNotFound',
  /** More than one VPC carries the tags. */
  AmbiguousVPC: 'AmbiguousVPC',
  /** The VPC of the spec is another one than the one that the link's resources are in. */
  VPCChanged: 'VPCChanged',
  /** A private DNS name needs enableDnsSupport and enableDnsHostnames on the VPC. */
  VPCDNSDisabled: 'VPCDNSDisabled',
  /** A listed subnet does not exist. */
  SubnetNotFound: 'SubnetNotFound',
  /** No subnet of the VPC carries the tags, or none is left to use. */
  NoSubnet: 'NoSubnet',
  /** A listed subnet is in another VPC. */
  SubnetNotInVPC: 'SubnetNotInVPC',
  /** Two listed subnets are in one availability zone. */
  DuplicateZone: 'DuplicateZone',
  /** The endpoint service does not serve the zone of a subnet. */
  UnsupportedZone: 'UnsupportedZone',
  /** The subnet belongs to another account, where AWS makes no endpoints for this one. */
  SharedSubnet: 'SharedSubnet',
  /** A subnet has no free address for an endpoint. */
  InsufficientFreeAddresses: 'InsufficientFreeAddresses',
  /** Another network interface has the fixed address. */
  AddressInUse: 'AddressInUse',
  /** The service or the subnets do not have the wanted kind of addresses. */
  UnsupportedIPAddressType: 'UnsupportedIPAddressType',

  /** The region has no endpoint service of that name. */
  ServiceNotFound: 'ServiceNotFound',
  /** The endpoint service takes no endpoint policy. */
  PolicyNotSupported: 'PolicyNotSupported',
  /** AWS is making or changing the endpoint. */
  EndpointPending: 'EndpointPending',
  /** The owner of the endpoint service has to accept the endpoint. */
  PendingAcceptance: 'PendingAcceptance',
  /** AWS could not make the endpoint. */
  EndpointFailed: 'EndpointFailed',
  /** The owner of the endpoint service has rejected the endpoint, or let it expire. */
  EndpointRejected: 'EndpointRejected',
  /** Another endpoint or hosted zone of the VPC has the private DNS name. */
  PrivateDNSConflict: 'PrivateDNSConflict',
  /** The resource carries another owner's tags. */
  OwnershipConflict: 'OwnershipConflict',

  /** A listed security group does not exist in the VPC. */
  SecurityGroupNotFound: 'SecurityGroupNotFound',
  /** Something else uses the security group, so it can't be deleted. */
  SecurityGroupInUse: 'SecurityGroupInUse',
  /** A listed prefix list does not exist. */
  PrefixListNotFound: 'PrefixListNotFound',
  /** Something at AWS still uses what is to be changed or deleted. */
  ResourceInUse: 'ResourceInUse',

  /** The notebook policy is never attached to such a principal: the operator's own role, ... */
  ProtectedPrincipal: 'ProtectedPrincipal',
  /** The account has no such principal. */
  PrincipalNotFound: 'PrincipalNotFound',
  /** Somebody else attached the notebook policy to a principal. */
  ForeignAttachment: 'ForeignAttachment',
  /** The notebook policy is somebody's permissions boundary, so it can't be deleted. */
  PolicyInUse: 'PolicyInUse',
  /** Turning private DNS on would change what other policies mean. */
  PolicyImpact: 'PolicyImpact',
  /** Another link has the same principals and denies what this one allows. */
  AccessConflict: 'AccessConflict',
  /** Principals in attachTo do not have the notebook policy yet: notebooks are open to them. */
  NotRestrictedYet: 'NotRestrictedYet',
  /** Networks that the spec no longer allows still get in, until callers came another way. */
  FormerNetworksAllowed: 'FormerNetworksAllowed',
  /** IAM cannot be read: nobody can tell whom the notebook policy restricts. */
  RestrictionUnknown: 'RestrictionUnknown',
  /** Private DNS waits until the notebook policy allows for it. */
  WaitingForPolicy: 'WaitingForPolicy',

  /** The operator was installed without the part that looks after namespaces. */
  ClientsDisabled: 'ClientsDisabled',
  /** Namespaces are being given what they are to have. */
  ConfiguringNamespaces: 'ConfiguringNamespaces',
  /** Objects that were written into namespaces are being taken away. */
  CleaningNamespaces: 'CleaningNamespaces',
  /** Namespaces get nothing before the link's endpoints were all available once. */
  EndpointsNotAvailable: 'EndpointsNotAvailable',
  /** Addresses or names at AWS are not known; the last good content of namespaces stays. */
  AddressesUnknown: 'AddressesUnknown',
  /** An older CRD has dropped whether policies of namespaces are in force; they stay as they are. */
  EnforcementUnknown: 'EnforcementUnknown',
  /** The VPC has no endpoint of another AWS service that pods are to reach. */
  ServiceMissing: 'ServiceMissing',
  /** A rule of egress.rules has no destination, which Kubernetes takes for every one. */
  RuleWithoutDestination: 'RuleWithoutDestination',
  /** The cluster-scoped policy is being written. */
  ConfiguringClusterPolicy: 'ConfiguringClusterPolicy',
  /** The cluster-scoped policy is being taken away. */
  CleaningClusterPolicy: 'CleaningClusterPolicy',
  /** The cluster serves no kind of cluster-scoped policy that Auto takes. */
  NoFlavorServed: 'NoFlavorServed',
  /** The cluster does not serve the flavor that the spec names. */
  FlavorNotServed: 'FlavorNotServed',
  /** The kind of the cluster-scoped policies was uninstalled, and they went with it. */
  FlavorGone: 'FlavorGone',
  /** No cluster-scoped policy can name the pod's own namespace. */
  OwnNamespace: 'OwnNamespace',
  /** The flavor takes fewer ports for one address. */
  TooManyPorts: 'TooManyPorts',
  /** The flavor cannot deny some addresses to other pods and leave them the rest. */
  OthersDeny: 'OthersDeny',
  /** The flavor takes shorter selectors or fewer rules. */
  TooLarge: 'TooLarge',
  /** Another link holds up an object of a namespace that both share. */
  SharedObjectHeld: 'SharedObjectHeld',
  /** Another link wants something else in the same namespace, and was there before. */
  LinksDisagree: 'LinksDisagree',
  /** An object of a namespace is somebody else's. */
  OwnedByAnother: 'OwnedByAnother',
  /** The cluster depends on the pods of the namespace, so it gets no policy. */
  ProtectedNamespace: 'ProtectedNamespace',
  /** The API server refuses to write into a namespace. */
  WriteRefused: 'WriteRefused',
  /** Somebody undoes each write into a namespace. */
  UndoneAgain: 'UndoneAgain',
  /** The API server cannot be read, or does not answer. */
  ClusterUnavailable: 'ClusterUnavailable',

  /** The operator was installed without the part that verifies from pods. */
  VerifyDisabled: 'VerifyDisabled',
  /** No pod has told its verdict on the names and addresses of now yet. */
  Verifying: 'Verifying',
  /** No selected namespace is one to verify from. */
  NoNamespace: 'NoNamespace',
  /** A namespace that is to be verified from has not got what the spec says yet. */
  NamespaceNotConfigured: 'NamespaceNotConfigured',
  /** The API server refuses the pod: a quota, a pod security standard, an admission policy. */
  PodRefused: 'PodRefused',
  /** The pod did not get to run: its image, a node for it. */
  PodNotStarted: 'PodNotStarted',
  /** The pod ran, and told no verdict. */
  NoVerdict: 'NoVerdict',
  /** The resolver of the pods does not answer. */
  ResolverSilent: 'ResolverSilent',
  /** The resolver of the pods knows no address of a name. */
  NameNotFound: 'NameNotFound',
  /** A name leads pods to public addresses. */
  PublicAddresses: 'PublicAddresses',
  /** A name leads pods to private addresses that the endpoint does not have. */
  OtherAddresses: 'OtherAddresses',
  /** A proxy is on the way, or the environment has one. */
  ProxyInBetween: 'ProxyInBetween',
  /** Nothing comes back, or a refusal, in a pod that a network policy selects. */
  PolicyDenies: 'PolicyDenies',
  /** Nothing comes back from an address: a security group, a route or a network ACL. */
  TimedOut: 'TimedOut',
  /** Something on the way refuses the connection. */
  ConnectionRefused: 'ConnectionRefused',
  /** The node has no way to an address. */
  NoRoute: 'NoRoute',
  /** A connection opens, and no TLS comes back. */
  NotTLS: 'NotTLS',
  /** The certificate at an address is for other names. */
  WrongCertificate: 'WrongCertificate',
  /** The certificate at an address is not valid now. */
  CertificateExpired: 'CertificateExpired',
  /** No authority that the pod trusts vouches for the certificate. */
  CertificateUntrusted: 'CertificateUntrusted',
  /** An address that must not answer does. */
  AddressOpen: 'AddressOpen',

  /** Somebody changed at AWS what the operator made. */
  DriftDetected: 'DriftDetected',
  /** IAM or a policy of the organization refuses a call. */
  AccessDenied: 'AccessDenied',
  /** There are no credentials, or AWS does not accept them. */
  CredentialsInvalid: 'CredentialsInvalid',
  /** AWS asks to slow down. */
  Throttled: 'Throttled',
  /** The operator holds a call back, so that it stays within the rate that AWS publishes. */
  WaitingForCallBudget: 'WaitingForCallBudget',
  /** The account may not use the service or the region: not enabled, not verified, blocked. */
  AccountNotReady: 'AccountNotReady',
  /** A tag policy of the organization does not take the tags. */
  TagPolicyViolation: 'TagPolicyViolation',
  /** A quota of the account is used up. */
  QuotaExceeded: 'QuotaExceeded',
  /** No answer from AWS. */
  AWSUnreachable: 'AWSUnreachable',
  /** AWS refuses the parameters of a call. */
  RefusedByAWS: 'RefusedByAWS',
  /** AWS answered with an error that the operator does not know. */
  AWSError: 'AWSError',
} as const;

export type Reason = keyof typeof reasons;
