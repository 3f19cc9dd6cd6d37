// Generated from crds/sagemakerprivatelinks.yaml by scripts/generate-types.mjs. Do not edit.
import type { ObjectMeta } from '../object-meta.ts';

/**
 * Short name of a SageMaker service; the operator knows its full name in each region and partition.
 * api is the control plane (create models, jobs, presigned URLs), runtime is inference, notebook is
 * what a browser opens for a notebook instance, studio is Studio, experiments is MLflow tracking
 * servers, mlflow is MLflow apps. For anything else there is serviceName.
 */
export type SageMakerService =
  | 'api'
  | 'api-fips'
  | 'runtime'
  | 'runtime-fips'
  | 'featurestore-runtime'
  | 'featurestore-runtime-fips'
  | 'metrics'
  | 'geospatial'
  | 'data-science-assistant'
  | 'notebook'
  | 'studio'
  | 'experiments'
  | 'mlflow'
  | 'partner-app';
export type NotebookAction =
  | 'NotebookInstances'
  | 'Studio'
  | 'MLflowTrackingServers'
  | 'MLflowApps'
  | 'PartnerApps'
  | 'MLflowAPI'
  | 'StudioRemoteAccess';

/**
 * The private network path from one VPC to Amazon SageMaker: interface VPC endpoints for the
 * SageMaker services, the security group that guards them, and, where wanted, the IAM policy that
 * says from which networks notebooks may be opened. The operator makes AWS look like the spec,
 * keeps it so, and takes everything away again when the object is deleted.
 */
export interface SageMakerPrivateLink {
  readonly apiVersion: 'sagemaker.privatelink.dev/v1alpha1';
  readonly kind: 'SageMakerPrivateLink';
  readonly metadata: ObjectMeta;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly status?: SageMakerPrivateLinkStatus;
}
/**
 * The wanted state at AWS.
 */
export interface SageMakerPrivateLinkSpec {
  /**
   * The AWS region of the VPC and of SageMaker. Immutable. Example: eu-west-1.
   */
  readonly region: string;
  /**
   * Which AWS account: a name from the administrator's account map. It is never a role ARN or an
   * account number, so that a user of the cluster can't choose what the operator becomes. Default:
   * the account of the operator's own credentials. Immutable. Example: ml-prod.
   */
  readonly account?: string;
  readonly vpc: VPCSpec;
  readonly subnets: SubnetsSpec;
  /**
   * Addresses that the endpoints have. ipv4 needs subnets with IPv4, ipv6 needs IPv6-only subnets,
   * dualstack needs both in every subnet; not every SageMaker service offers IPv6.
   */
  readonly ipAddressType: 'ipv4' | 'ipv6' | 'dualstack';
  /**
   * DNS records that are made for the endpoints. ipv4 and ipv6 endpoints can have their own kind
   * only; a dualstack endpoint can have any. Default: the same as ipAddressType, or service-defined
   * where AWS makes it so.
   */
  readonly dnsRecordIPType?: 'ipv4' | 'ipv6' | 'dualstack' | 'service-defined';
  /**
   * When private DNS is turned on for a new endpoint. Available: when AWS shows the endpoint as
   * available, so that nobody is led to it before it takes traffic; until then the names resolve as
   * before, and it takes AWS a second change. Creation: in the call that makes the endpoint, which
   * is faster by some minutes. Clients in the VPC that use the service over the internet may have
   * no answer until the endpoint is available. With notebookAccess it is always Available.
   */
  readonly privateDNSAt: 'Available' | 'Creation';
  /**
   * The interface endpoints, one for each SageMaker service that is to be reached privately.
   * Removing an entry deletes its endpoint, when every other entry has one that is available.
   * Notebook instances need api and notebook; inference needs runtime. Example: [{service: api},
   * {service: runtime}, {service: notebook}].
   */
  readonly endpoints: readonly EndpointSpec[];
  readonly securityGroup?: SecurityGroupSpec;
  readonly notebookAccess?: NotebookAccessSpec;
  readonly clients?: ClientsSpec;
  readonly verify?: VerifySpec;
  /**
   * Tags for everything that the operator makes at AWS, beside its own ownership tags. Example:
   * {team: ml}.
   */
  readonly tags?: {
    /**
     * The value of the tag.
     */
    readonly [k: string]: string;
  };
  /**
   * The fate of the resources at AWS when this object is deleted. Delete: everything that the
   * operator made is deleted, and the object goes when AWS confirms. Retain: the resources stay at
   * AWS, and nothing manages them any more.
   */
  readonly deletionPolicy: 'Delete' | 'Retain';
  /**
   * The treatment of drift, that is, changes that others made to the operator's resources. Repair:
   * undo them. Report: change nothing and list them in status.drift. A spec that was not yet
   * brought about completely is always applied; whether it was is known from the status, so a lost
   * status costs one repair. Without a cluster it has no effect: apply is an order, and puts right
   * whatever differs.
   */
  readonly driftPolicy: 'Repair' | 'Report';
  /**
   * Whether an endpoint, security group or policy that already does the job may be taken over.
   * Never: it stays untouched, and a conflict is a condition. IfUnowned: it is taken over if it
   * carries no other owner's tags, and so is what an earlier link of this name in this cluster
   * owned (a rebuilt cluster with the same --cluster-id, a restored or re-created object). The best
   * candidate is taken: the one with the private name, available, in the right subnets; failed ones
   * never. Its Name tag stays.
   */
  readonly adoption: 'Never' | 'IfUnowned';
  /**
   * Stops all work for this object: nothing is looked at or changed at AWS. Deleting the object
   * still works.
   */
  readonly suspend: boolean;
  /**
   * How often AWS is looked at for drift, between 10s and 24h; changes of this object are acted on
   * at once. Example: 5m.
   */
  readonly sweepInterval: string;
}
/**
 * The VPC to put the endpoints in, by id or by tags: exactly one of the two. Immutable, because an
 * endpoint can't be moved to another VPC. Example: {id: vpc-0a1b2c3d4e5f67890}.
 */
export interface VPCSpec {
  /**
   * Id of the VPC. Example: vpc-0a1b2c3d4e5f67890.
   */
  readonly id?: string;
  /**
   * Tags that exactly one VPC of the account and region must carry, all of them. No such VPC, or
   * more than one, is a condition of the object (VPCNotFound, AmbiguousVPC). Example: {Name:
   * ml-prod}.
   */
  readonly tags?: {
    /**
     * The exact value of the tag; no wildcards.
     */
    readonly [k: string]: string;
  };
}
/**
 * The subnets where the endpoints get their network interfaces, by ids or by tags: exactly one of
 * the two. An endpoint has at most one subnet in each availability zone. Example: {tags: {ml:
 * private}}.
 */
export interface SubnetsSpec {
  /**
   * Ids of the subnets, at most one in each availability zone. Example: [subnet-0a1b2c3d4e5f67890].
   */
  readonly ids?: readonly string[];
  /**
   * Tags that the subnets must carry, all of them. Where several subnets of one zone do, one is
   * chosen: the one with most free addresses, then the lowest id. A choice once made is kept while
   * the subnet matches. A matching subnet that cannot carry the endpoints (shared by another
   * account, without the addresses of ipAddressType, on an Outpost, in a Local or Wavelength Zone)
   * is left out and listed in status.skippedSubnets while another one can. Where it is the only
   * match in a zone that endpoints are in, they stay there, and a condition says so. Example: {ml:
   * private}.
   */
  readonly tags?: {
    /**
     * The exact value of the tag; no wildcards.
     */
    readonly [k: string]: string;
  };
  /**
   * The treatment of a subnet in an availability zone that an endpoint service does not serve.
   * Fail: make no endpoint for that service and say so in a condition (UnsupportedZone). Skip:
   * leave the subnet out for that service and list it in status.skippedSubnets. An endpoint that is
   * in such a subnet already, because AWS's list of zones became shorter, stays there in both
   * cases, also when the spec names another subnet of that zone, until the spec takes the zone out.
   */
  readonly unsupportedZones: 'Fail' | 'Skip';
}
/**
 * One interface endpoint.
 */
export interface EndpointSpec {
  readonly service?: SageMakerService;
  /**
   * Full name of an endpoint service, for services that have no short name here yet. Example:
   * aws.sagemaker.eu-west-1.new-thing.
   */
  readonly serviceName?: string;
  /**
   * Whether the service's usual names, such as api.sagemaker.eu-west-1.amazonaws.com, resolve to
   * this endpoint everywhere in the VPC, so that clients need no change. Needs the VPC's
   * enableDnsSupport and enableDnsHostnames. Only one endpoint of a service in a VPC can have it.
   * With false, clients dial the name in status.endpoints[].url.
   */
  readonly privateDNS: boolean;
  readonly policy?: EndpointPolicy;
  /**
   * Fixed addresses of this endpoint's network interfaces, by subnet id, for firewalls that list
   * them. Only for subnets in spec.subnets.ids; changing one replaces the network interface and
   * interrupts its connections. Default: AWS takes free addresses of the subnet. Example:
   * {subnet-0a1b2c3d4e5f67890: {ipv4: 10.0.1.17}}.
   */
  readonly addresses?: {
    readonly [k: string]: FixedAddress;
  };
}
/**
 * The endpoint policy, an IAM policy document as an object: who may do what through this endpoint.
 * It bounds other permissions and grants none. At most 20480 characters as JSON. Default: callers
 * of this account, and AWS services on their behalf, may do everything; where the service is one
 * that browsers open (notebook, studio, experiments, mlflow, partner-app), AWS's own policy, which
 * allows everything to everybody. Example: {Statement: [{Effect: Allow, Principal: "*", Action:
 * "sagemaker:InvokeEndpoint", Resource: "*"}]}.
 */
export interface EndpointPolicy {
  /**
   * Version of the policy language. Quote it: some readers of YAML make a date of it. Default:
   * 2012-10-17.
   */
  readonly Version?: '2012-10-17' | '2008-10-17';
  /**
   * A name for the document, which AWS keeps and does not use. Example: ml.
   */
  readonly Id?: string;
  /**
   * The statements of the policy, in IAM's own words. Example: [{Effect: Allow, Principal: "*",
   * Action: "sagemaker:*", Resource: "*"}].
   */
  readonly Statement: readonly PolicyStatement[];
}
/**
 * One statement. Endpoint policies need a Principal in each, "*" for everybody.
 */
export interface PolicyStatement {
  /**
   * A name for the statement, unique in the policy. Example: OwnIdentities.
   */
  readonly Sid?: string;
  /**
   * Whether the statement allows or denies.
   */
  readonly Effect: 'Allow' | 'Deny';
  /**
   * The callers that it is about. Example: "*".
   */
  readonly Principal: unknown;
  /**
   * One action or a list of them. Example: "sagemaker:*".
   */
  readonly Action?: unknown;
  /**
   * Actions that it is not about.
   */
  readonly NotAction?: unknown;
  /**
   * One resource ARN or a list of them. Example: "*".
   */
  readonly Resource?: unknown;
  /**
   * Resources that it is not about.
   */
  readonly NotResource?: unknown;
  /**
   * When it holds: operators, and under each its keys with a value or a list of them. Example:
   * {StringEquals: {aws:PrincipalOrgID: o-0123456789}}.
   */
  readonly Condition?: {
    /**
     * The keys that this operator compares.
     */
    readonly [k: string]: {
      /**
       * The value to compare with, or a list of them.
       */
      readonly [k: string]: unknown;
    };
  };
}
/**
 * The addresses in one subnet.
 */
export interface FixedAddress {
  /**
   * A free IPv4 address inside the subnet. Example: 10.0.1.17.
   */
  readonly ipv4?: string;
  /**
   * A free IPv6 address inside the subnet, in canonical form. Example: 2001:db8:1::17.
   */
  readonly ipv6?: string;
}
/**
 * The security group of the endpoints: groups of your own (ids) or the sources from which a group
 * made by the operator lets HTTPS in (ingress), exactly one of the two. Default: a group made by
 * the operator that lets TCP 443 in from all CIDR blocks of the VPC. Example: {ingress: [{cidr:
 * 10.0.0.0/16}]}.
 */
export interface SecurityGroupSpec {
  /**
   * Existing security groups of the same VPC. The operator attaches them and never changes them;
   * see that they let TCP 443 in. Five at most is AWS's limit for a network interface. Example:
   * [sg-0a1b2c3d4e5f67890].
   */
  readonly ids?: readonly string[];
  /**
   * From where the group made by the operator lets TCP 443 in. AWS counts up to 60 rules in a
   * group, a prefix list as often as it has entries. Example: [{cidr: 10.0.0.0/16}, {prefixListId:
   * pl-0a1b2c3d4e5f67890}].
   */
  readonly ingress?: readonly IngressSource[];
}
/**
 * One source: exactly one of cidr, securityGroupId and prefixListId.
 */
export interface IngressSource {
  /**
   * A block of IPv4 or IPv6 addresses in canonical form. Example: 10.0.0.0/16.
   */
  readonly cidr?: string;
  /**
   * Members of a security group of this VPC or of a peered one. Example: sg-0a1b2c3d4e5f67890.
   */
  readonly securityGroupId?: string;
  /**
   * The addresses of a managed prefix list. Example: pl-0a1b2c3d4e5f67890.
   */
  readonly prefixListId?: string;
  /**
   * Text of the rule at AWS, for people. Example: office in Osaka.
   */
  readonly description?: string;
}
/**
 * From which networks notebooks may be opened. Presigned notebook URLs work from anywhere on the
 * internet; the operator keeps an IAM policy with an explicit Deny for all other networks and
 * attaches it to the principals listed. The Deny grants nothing: the principals need their
 * permissions from elsewhere. Default: no policy.
 */
export interface NotebookAccessSpec {
  /**
   * Name of the policy at IAM, for permission sets of IAM Identity Center, which refer to a policy
   * by name and path: it stays the same when the link or its cluster is made anew. The path is
   * always /sagemaker-privatelink/. The name must be unique in the account, whatever its case and
   * path. Immutable. Default: a name made from the link's name, its UID and the cluster's id.
   * Example: notebooks-from-the-office.
   */
  readonly policyName?: string;
  /**
   * Public addresses that people may come from over the internet (aws:SourceIp), in canonical form.
   * Private addresses never arrive at AWS over the internet and are refused here; see
   * allowedPrivateCIDRs. Example: [203.0.113.0/24].
   */
  readonly allowedCIDRs?: readonly string[];
  /**
   * Whether notebooks may be opened through this link's own endpoints, whatever their ids are or
   * become (aws:SourceVpce).
   */
  readonly allowEndpoints: boolean;
  /**
   * VPC endpoints outside this link that people may come through as well, such as those of a hub
   * VPC. List the api and the notebook endpoint there. Example: [vpce-0a1b2c3d4e5f67890].
   */
  readonly additionalEndpointIds?: readonly string[];
  /**
   * Narrows the path over endpoints to these source addresses inside the VPCs (aws:VpcSourceIp), in
   * canonical form. Default: every address. Example: [10.0.16.0/20].
   */
  readonly allowedPrivateCIDRs?: readonly string[];
  /**
   * The applications that open from the allowed networks only. NotebookInstances:
   * CreatePresignedNotebookInstanceUrl. Studio: CreatePresignedDomainUrl. MLflowTrackingServers:
   * CreatePresignedMlflowTrackingServerUrl. MLflowApps: CreatePresignedMlflowAppUrl. PartnerApps:
   * CreatePartnerAppPresignedUrl. MLflowAPI: sagemaker-mlflow:*, which SDKs and the pages of MLflow
   * call. StudioRemoteAccess: StartSession, by which a local IDE connects to a Studio space.
   */
  readonly actions: readonly NotebookAction[];
  /**
   * Names of notebook instances that the restriction is limited to; others stay open from
   * everywhere. Default: all of the account and region. Example: [fraud-research].
   */
  readonly notebookInstances?: readonly string[];
  readonly attachTo?: AttachToSpec;
  /**
   * The treatment of other policies of the attached principals whose meaning would change with
   * private DNS: requests over an endpoint carry no aws:SourceIp, so a policy that looks at that
   * alone would begin to deny or allow differently. Fail: leave private DNS off and name the
   * policies in a condition. Proceed: name them and go on.
   */
  readonly onImpact: 'Fail' | 'Proceed';
}
/**
 * IAM principals of the account that the policy is attached to, exactly these. Without any, the
 * policy is made and kept up to date, and attached to nobody: for permission sets of IAM Identity
 * Center, which attach it by its name.
 */
export interface AttachToSpec {
  /**
   * Names (not ARNs, no path) of IAM roles. Service-linked roles and those of IAM Identity Center
   * can't take a policy. Example: [DataScientist].
   */
  readonly roles?: readonly string[];
  /**
   * Names (not ARNs, no path) of IAM users. Example: [maria].
   */
  readonly users?: readonly string[];
  /**
   * Names (not ARNs, no path) of IAM groups. Example: [data-science].
   */
  readonly groups?: readonly string[];
}
/**
 * Objects that let pods in this cluster use the endpoints. Default: none.
 */
export interface ClientsSpec {
  readonly namespaceSelector: LabelSelector;
  readonly configMap?: ClientConfigMapSpec;
  readonly networkPolicy?: ClientNetworkPolicySpec;
  readonly clusterPolicy?: ClusterPolicySpec;
}
/**
 * Which namespaces get them, by labels. Example: {matchLabels: {ml: "true"}}.
 */
export interface LabelSelector {
  /**
   * Labels that must be there with these values.
   */
  readonly matchLabels?: {
    /**
     * The value of the label.
     */
    readonly [k: string]: string;
  };
  /**
   * Requirements that must all hold. Example: [{key: ml, operator: Exists}].
   */
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}
/**
 * One requirement.
 */
export interface LabelSelectorRequirement {
  /**
   * The key of the label. Example: kubernetes.io/metadata.name.
   */
  readonly key: string;
  /**
   * How the label relates to values.
   */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /**
   * Values for In and NotIn. Example: [kube-system].
   */
  readonly values?: readonly string[];
}
/**
 * A ConfigMap with the endpoints' URLs under the names that AWS SDKs read, such as
 * AWS_ENDPOINT_URL_SAGEMAKER, for envFrom.
 */
export interface ClientConfigMapSpec {
  /**
   * Name of the ConfigMap in each selected namespace. Example: sagemaker-endpoints.
   */
  readonly name: string;
}
/**
 * A NetworkPolicy that lets the selected pods reach DNS, the endpoints' addresses on TCP 443 and
 * what egress adds, and nothing else.
 */
export interface ClientNetworkPolicySpec {
  readonly podSelector: LabelSelector;
  /**
   * Enforce writes the policy. Audit writes none and takes away those written before:
   * status.clients.egress shows the rules that it would have, and the command `clients --audit` the
   * pods that it would select.
   */
  readonly enforcement: 'Enforce' | 'Audit';
  readonly egress: ClientEgressSpec;
}
/**
 * Destinations that the selected pods may reach beside the cluster's DNS and the link's own
 * endpoints. Instance metadata stays shut, unless a rule of your own opens it.
 */
export interface ClientEgressSpec {
  /**
   * Other AWS services that the VPC has endpoints for, by the end of their service name (sts for
   * com.amazonaws.eu-west-1.sts) or by the whole of it. Interface endpoints are opened by their
   * addresses on TCP 443, gateway endpoints by the entries of their managed prefix list. A service
   * without an endpoint in the VPC is shown in status.clients.services. Example: [sts, s3, ecr.api,
   * ecr.dkr, logs].
   */
  readonly awsServices?: readonly string[];
  /**
   * Which pods of the cluster may be reached, on every port: none, those of the same namespace,
   * those of namespaceSelector, or all.
   */
  readonly namespaces: 'None' | 'Own' | 'Selected' | 'All';
  readonly namespaceSelector?: LabelSelector;
  /**
   * Whether the Kubernetes API server may be reached.
   */
  readonly kubernetesAPI: boolean;
  /**
   * Whether the EKS Pod Identity agent may be reached, from which pods get their AWS credentials:
   * TCP 80 of 169.254.170.23 and fd00:ec2::23.
   */
  readonly podIdentity: boolean;
  /**
   * Addresses of DNS servers that are neither pods of the cluster's own DNS (label k8s-app:
   * kube-dns in kube-system) nor NodeLocal DNSCache at 169.254.20.10. EKS Auto Mode runs DNS on the
   * node: there it is the tenth address of the cluster's service range. Example: [172.20.0.10].
   */
  readonly dnsServers?: readonly string[];
  /**
   * Further rules in the form of a NetworkPolicy's egress. Example: [{to: [{ipBlock: {cidr:
   * 10.20.0.0/16}}], ports: [{protocol: TCP, port: 5432}]}].
   */
  readonly rules?: readonly NetworkPolicyEgressRule[];
}
/**
 * One rule.
 */
export interface NetworkPolicyEgressRule {
  /**
   * The destinations, at least one. Kubernetes takes an empty list for every destination, which
   * would leave nothing of the policy. Example: [{ipBlock: {cidr: 10.20.0.0/16}}].
   */
  readonly to: readonly NetworkPolicyPeer[];
  /**
   * The ports there. Default: all. Example: [{protocol: TCP, port: 5432}].
   */
  readonly ports?: readonly NetworkPolicyPort[];
}
/**
 * One destination: a block of addresses, or pods by namespace, by label or by both.
 */
export interface NetworkPolicyPeer {
  readonly ipBlock?: IPBlock;
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}
/**
 * A block of addresses. Example: {cidr: 10.20.0.0/16}.
 */
export interface IPBlock {
  /**
   * The block in canonical form. Example: 10.20.0.0/16.
   */
  readonly cidr: string;
  /**
   * Parts of the block that stay shut. Example: [10.20.1.0/24].
   */
  readonly except?: readonly string[];
}
/**
 * One port, or a range of ports.
 */
export interface NetworkPolicyPort {
  /**
   * The protocol.
   */
  readonly protocol: 'TCP' | 'UDP';
  /**
   * Number of the port, or the first of a range; names of ports are not taken, since addresses
   * outside of the cluster have none. Default: every port. Example: 5432.
   */
  readonly port?: number;
  /**
   * The last port of a range. Default: port alone. Example: 5439.
   */
  readonly endPort?: number;
}
/**
 * One cluster-scoped policy for the pods and the egress of networkPolicy, beside the namespaced
 * ones or in their place.
 */
export interface ClusterPolicySpec {
  /**
   * Which kind of object is written: ClusterNetworkPolicy of policy.networking.k8s.io,
   * ClusterNetworkPolicy of networking.k8s.aws, CiliumClusterwideNetworkPolicy or
   * GlobalNetworkPolicy of Calico. Auto takes one that the cluster serves.
   */
  readonly flavor: 'Auto' | 'NetworkPolicyAPI' | 'EKS' | 'Cilium' | 'Calico';
  /**
   * Its place among other policies of its kind, where the kind has one; a lower number comes first.
   * The rule that denies the rest takes the number after it. Example: 50.
   */
  readonly priority: number;
  /**
   * Whether pods outside of the selection may reach the addresses of the link's endpoints.
   */
  readonly others: 'Allow' | 'Deny';
  /**
   * Omit writes the cluster-scoped policy in place of a NetworkPolicy in each selected namespace.
   */
  readonly namespacedPolicies: 'Write' | 'Omit';
}
/**
 * Pods that look from inside of the cluster whether the endpoints can be reached: small and short,
 * in some of the namespaces that clients selects, without any right. The condition Reachable and
 * status.verify have what they see. Default: none.
 */
export interface VerifySpec {
  /**
   * Names of the namespaces to verify from, of those that clients selects. Example: [team-a].
   */
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  /**
   * From so many namespaces at most: the first by name. Example: 5.
   */
  readonly maxNamespaces: number;
  /**
   * Pods in each namespace, spread over the zones of the nodes. Each tries the addresses of all
   * zones; more than one shows what differs between nodes. Example: 3.
   */
  readonly podsPerNamespace: number;
  /**
   * How often it is verified anew while all is well, between 1m and 24h. Other addresses or
   * policies are verified at once, and a fault every 5 minutes at the latest. Example: 1h.
   */
  readonly interval: string;
  /**
   * Addresses that must not answer a pod which the network policy selects: the instance metadata,
   * by which a pod would be its node, and an address of the internet. They are tried only where
   * clients.networkPolicy is enforced. Example: [].
   *
   * Items: One address.
   */
  readonly mustNotAnswer: {
    /**
     * The IP address. Example: 1.1.1.1.
     */
    readonly address: string;
    /**
     * The TCP port. Example: 443.
     */
    readonly port: number;
  }[];
  /**
   * Labels of the nodes that the pods may run on, beside kubernetes.io/os: linux. Example:
   * {node-group: ml}.
   */
  readonly nodeSelector?: {
    /**
     * The value of the label.
     */
    readonly [k: string]: string;
  };
  /**
   * Taints of nodes that the pods bear. Example: [{key: nvidia.com/gpu, operator: Exists}].
   *
   * Items: One toleration.
   */
  readonly tolerations?: {
    /**
     * Key of the taint. Default: every key. Example: nvidia.com/gpu.
     */
    readonly key?: string;
    /**
     * How the taint relates to the value.
     */
    readonly operator: 'Exists' | 'Equal';
    /**
     * Value of the taint. Example: ml.
     */
    readonly value?: string;
    /**
     * Effect of the taint. Default: every effect.
     */
    readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  }[];
}
/**
 * The observed state. It is a cache: losing it loses nothing at AWS.
 */
export interface SageMakerPrivateLinkStatus {
  /**
   * The metadata.generation that this status is about; -1 until the operator has seen the object.
   */
  readonly observedGeneration?: number;
  /**
   * How things stand: Ready, Available, NetworkResolved, SecurityGroupReady, EndpointsAvailable,
   * NotebookAccessEnforced, ClientsConfigured, Reachable, and, only while True, Reconciling and
   * Stalled.
   */
  readonly conditions?: readonly Condition[];
  /**
   * The metadata.generation that was brought about completely last. A difference found after that
   * is drift.
   */
  readonly appliedGeneration?: number;
  /**
   * Keys of spec.tags that are on resources at AWS, or are about to be, so that a tag taken out of
   * the spec is taken off them, and nobody else's tag is.
   */
  readonly appliedTagKeys?: readonly string[];
  /**
   * Principals of spec.notebookAccess.attachTo that the policy is attached to, or is about to be,
   * so that it is detached from one taken out of the spec, and nobody else's attachment is touched.
   * Example: [role/DataScientist].
   */
  readonly appliedPrincipals?: readonly string[];
  /**
   * Endpoints that AWS calls available, of all that are wanted. Example: 2/2.
   */
  readonly available?: string;
  /**
   * Number of the AWS account.
   */
  readonly account?: string;
  /**
   * The AWS partition. Example: aws.
   */
  readonly partition?: string;
  /**
   * The VPC that spec.vpc was resolved to.
   */
  readonly vpcId?: string;
  /**
   * The subnets chosen, one for each availability zone.
   */
  readonly subnets?: readonly SubnetStatus[];
  /**
   * Subnets that match the spec and are not used, and why.
   */
  readonly skippedSubnets?: readonly SkippedSubnet[];
  /**
   * The endpoints as AWS reports them.
   */
  readonly endpoints?: readonly EndpointStatus[];
  readonly securityGroup?: SecurityGroupStatus;
  readonly notebookAccess?: NotebookAccessStatus;
  readonly clients?: ClientsStatus;
  readonly verify?: VerifyStatus;
  /**
   * Differences between the spec and AWS that somebody else made and that are not repaired yet.
   */
  readonly drift?: readonly DriftEntry[];
  /**
   * Lists of this status that have more entries than are shown, and how many were left out.
   */
  readonly truncated?: readonly TruncatedList[];
  /**
   * When AWS was last looked at for drift, as of the last change of this status. Looks that find
   * nothing new do not write it; they show in the operator's metrics.
   */
  readonly lastSweepTime?: string;
  /**
   * The value of the annotation sagemaker.privatelink.dev/reconcile-requested-at that was handled
   * last.
   */
  readonly lastHandledReconcileAt?: string;
}
/**
 * One condition.
 */
export interface Condition {
  /**
   * The subject of the condition, in CamelCase.
   */
  readonly type: string;
  /**
   * Whether it holds.
   */
  readonly status: 'True' | 'False' | 'Unknown';
  /**
   * The metadata.generation that it was found for.
   */
  readonly observedGeneration?: number;
  /**
   * When status changed last.
   */
  readonly lastTransitionTime: string;
  /**
   * Why, as one CamelCase word.
   */
  readonly reason: string;
  /**
   * Why, and what to do next, for people.
   */
  readonly message: string;
}
/**
 * One subnet.
 */
export interface SubnetStatus {
  /**
   * Id of the subnet.
   */
  readonly id: string;
  /**
   * Its availability zone.
   */
  readonly zone: string;
}
/**
 * One subnet.
 */
export interface SkippedSubnet {
  /**
   * Id of the subnet.
   */
  readonly id: string;
  /**
   * Its availability zone.
   */
  readonly zone: string;
  /**
   * Why it is not used.
   */
  readonly reason: string;
}
/**
 * One endpoint.
 */
export interface EndpointStatus {
  /**
   * The short name in the spec, where it has one.
   */
  readonly service?: string;
  /**
   * Full name of the endpoint service.
   */
  readonly serviceName: string;
  /**
   * Id of the endpoint; without a state, of the one that was there last. Example:
   * vpce-0a1b2c3d4e5f67890.
   */
  readonly id?: string;
  /**
   * AWS's word for its state: pending, available, deleting, rejected, failed, ...
   */
  readonly state?: string;
  /**
   * Whether private DNS is on at AWS.
   */
  readonly privateDNS?: boolean;
  /**
   * True when private DNS has been as it is for so long that callers in the VPC have followed. Only
   * while spec.notebookAccess is there, for endpoints through which notebooks are opened.
   */
  readonly privateDNSSettled?: boolean;
  /**
   * The address for clients in the VPC to dial: the private name where private DNS is on, else the
   * endpoint's own regional name. Services that browsers open (notebook, studio, experiments,
   * mlflow, partner-app) have the wildcard name of their pages where private DNS is on, and else
   * none.
   */
  readonly url?: string;
  /**
   * Every name that AWS reported, verbatim.
   */
  readonly dnsNames?: readonly string[];
  /**
   * The endpoint's addresses in the subnets.
   */
  readonly networkInterfaces?: readonly NetworkInterfaceStatus[];
}
/**
 * One network interface; its id alone while AWS does not show it.
 */
export interface NetworkInterfaceStatus {
  /**
   * Id of the network interface. Example: eni-0a1b2c3d4e5f67890.
   */
  readonly id: string;
  /**
   * The subnet that it is in.
   */
  readonly subnetId?: string;
  /**
   * Its availability zone.
   */
  readonly zone?: string;
  /**
   * Its IPv4 address.
   */
  readonly ipv4?: string;
  /**
   * Its IPv6 address.
   */
  readonly ipv6?: string;
}
/**
 * The security group that the operator made, where it made one.
 */
export interface SecurityGroupStatus {
  /**
   * Id of the group.
   */
  readonly id: string;
  /**
   * Whether the operator made it and keeps its rules.
   */
  readonly managed: boolean;
}
/**
 * The IAM policy of the presigned notebook URLs.
 */
export interface NotebookAccessStatus {
  /**
   * ARN of the policy.
   */
  readonly policyArn?: string;
  /**
   * Its version in force. Example: v3.
   */
  readonly versionId?: string;
  /**
   * The principals that it is attached to.
   */
  readonly attachedTo?: {
    /**
     * Names of roles.
     */
    readonly roles?: readonly string[];
    /**
     * Names of users.
     */
    readonly users?: readonly string[];
    /**
     * Names of groups.
     */
    readonly groups?: readonly string[];
  };
}
/**
 * How the selected namespaces of the cluster stand.
 */
export interface ClientsStatus {
  /**
   * Namespaces that the selector takes.
   */
  readonly namespaces: number;
  /**
   * Those that have what the spec says.
   */
  readonly ready: number;
  /**
   * The first namespaces that do not, and why.
   */
  readonly failing?: readonly FailingNamespace[];
  /**
   * True from the moment on when all endpoints were available for the first time. No policy is
   * written before, for it would shut pods in.
   */
  readonly availableOnce?: boolean;
  /**
   * The VPC's endpoints for spec.clients.networkPolicy.egress.awsServices.
   */
  readonly services?: readonly ClientServiceStatus[];
  /**
   * The rules of the policies, or with enforcement Audit those that they would have.
   */
  readonly egress?: readonly ClientEgressStatus[];
  readonly clusterPolicy?: ClusterPolicyStatus;
}
/**
 * One namespace.
 */
export interface FailingNamespace {
  /**
   * Name of the namespace.
   */
  readonly namespace: string;
  /**
   * The problem there.
   */
  readonly message: string;
}
/**
 * One service.
 */
export interface ClientServiceStatus {
  /**
   * The name in the spec.
   */
  readonly service: string;
  /**
   * Full name of the endpoint service.
   */
  readonly serviceName?: string;
  /**
   * AWS's word for the endpoint's state; Missing where the VPC has none, Unknown where AWS could
   * not be asked.
   */
  readonly state: string;
  /**
   * Addresses of an interface endpoint.
   */
  readonly addresses?: readonly string[];
  /**
   * Entries of a gateway endpoint's managed prefix list.
   */
  readonly cidrs?: readonly string[];
  /**
   * The problem with it, and what to do next.
   */
  readonly message?: string;
}
/**
 * One rule.
 */
export interface ClientEgressStatus {
  /**
   * The field of the spec, or the service, that it is there for.
   */
  readonly reason: string;
  /**
   * The destinations in words.
   */
  readonly to: readonly string[];
  /**
   * The ports in words. Example: TCP 443.
   */
  readonly ports: string;
}
/**
 * The cluster-scoped policy.
 */
export interface ClusterPolicyStatus {
  /**
   * The kind of object that is written.
   */
  readonly flavor: string;
  /**
   * The link's own objects that are in the cluster.
   */
  readonly objects?: number;
  /**
   * A digest of what they say; absent while they do not say what is wanted.
   */
  readonly hash?: string;
  /**
   * The problem with it, and what to do next.
   */
  readonly message?: string;
}
/**
 * What the pods of spec.verify saw last.
 */
export interface VerifyStatus {
  /**
   * Namespaces that are verified from.
   */
  readonly namespaces: number;
  /**
   * Those from which everything can be reached.
   */
  readonly reachable: number;
  /**
   * The others, those with a fault first.
   */
  readonly failing?: readonly UnreachableNamespace[];
  /**
   * Digest of the names, addresses and settings that this is about.
   */
  readonly basis?: string;
  /**
   * When this changed last. A verification that finds nothing new does not write it.
   */
  readonly lastChangeTime?: string;
}
/**
 * One namespace.
 */
export interface UnreachableNamespace {
  /**
   * Name of the namespace.
   */
  readonly namespace: string;
  /**
   * Unreachable where a pod saw a fault, Unknown where none could tell.
   */
  readonly state: string;
  /**
   * The most telling fault.
   */
  readonly reason: string;
  /**
   * Zones of the endpoints' addresses that did not answer as they should.
   */
  readonly zones?: readonly string[];
  /**
   * The faults there, and what to do next.
   */
  readonly message: string;
}
/**
 * One difference.
 */
export interface DriftEntry {
  /**
   * Id of the resource. Example: vpce-0a1b2c3d4e5f67890.
   */
  readonly resource: string;
  /**
   * What differs. Example: subnets.
   */
  readonly field: string;
  /**
   * The wanted value.
   */
  readonly desired: string;
  /**
   * The value at AWS.
   */
  readonly actual: string;
  /**
   * When it was seen first.
   */
  readonly since: string;
}
/**
 * One list.
 */
export interface TruncatedList {
  /**
   * Which list. Example: drift.
   */
  readonly field: string;
  /**
   * How many entries are not shown.
   */
  readonly leftOut: number;
}
