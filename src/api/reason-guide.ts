/**
 * The advice about each reason, in the order and under the headings of docs/spec.md, whose
 * table is generated from here (`npm run generate`).
 */
import type { Reason } from './conditions.ts';
import { reachabilityGuide } from './reachability-guide.ts';
import type { ReasonAdvice } from './reason-advice.ts';

type Guide = Readonly<Record<string, Readonly<Partial<Record<Reason, ReasonAdvice>>>>>;

export const reasonGuide = {
  'All is well, or will be by itself': {
    Succeeded: { means: 'It is done, and seen to be so.', todo: 'Nothing.' },
    Progressing: { means: 'Work on this generation goes on.', todo: 'Wait.' },
    ProgressingWithRetry: {
      means: 'Something failed that may pass by itself; it is tried again with growing delays.',
      todo: 'Wait; the message says what failed.',
    },
    ProgressDeadlineExceeded: {
      means: 'The link has waited for more than an hour.',
      todo: 'See at AWS what delays it; the message says what is awaited. The link is still looked at every five minutes and goes on by itself.',
    },
    EndpointPending: {
      means: 'AWS makes or changes the endpoint; that takes one to five minutes.',
      todo: 'Wait.',
    },
    Deleting: { means: 'The object is being deleted, and so is what it made.', todo: 'Wait.' },
    WaitingForSuccessor: {
      means:
        'An endpoint that left the spec is kept until every entry of `spec.endpoints` can be used.',
      todo: 'Wait. If an entry cannot be had, correct it or remove it; then what left the spec is deleted.',
    },
    WaitingForDeletion: {
      means: 'AWS has not yet confirmed that something is gone.',
      todo: 'Wait; an endpoint takes a few minutes.',
    },
    Throttled: {
      means: 'AWS asks to slow down.',
      todo: 'Wait; if it stays, look for other programs that call EC2 in this account.',
    },
    WaitingForCallBudget: {
      means:
        'The operator holds a call back, so that it stays within the rate that AWS publishes for it. The message says for how long, in round figures.',
      todo: 'Wait: deletions and changes of specs go first, then repairs, and links take turns. `--aws-call-rate` sets other rates.',
    },
    AWSUnreachable: {
      means: 'AWS does not answer.',
      todo: "Check the operator's way to the EC2, IAM and STS endpoints (NAT, proxy, own endpoints, NetworkPolicy).",
    },
    AWSError: {
      means: 'AWS answered with an error that the operator does not know.',
      todo: 'Read the message; it is tried again.',
    },
    DriftDetected: {
      means: 'Somebody changed at AWS what the operator made.',
      todo: 'With `driftPolicy: Repair`, nothing. With `Report`, put it back, or change the spec; `status.drift` lists it.',
    },
    Suspended: {
      means: '`spec.suspend` is true: nothing is looked at or changed.',
      todo: 'Set it to false to go on.',
    },
  },
  'The spec': {
    InvalidSpec: {
      means: "The spec contradicts itself or AWS in a way that the schema can't tell.",
      todo: 'Change the spec as the message says.',
    },
    FinalizerRefused: {
      means:
        'The API server does not let the operator put its finalizer on (a missing right, an admission policy). Nothing is made at AWS without it.',
      todo: "Let the operator's service account patch `metadata.finalizers` of links; the message has the API server's words.",
    },
    UnknownAccount: {
      means: "`spec.account` is not in the administrator's account map.",
      todo: "Ask the administrator for the account's name.",
    },
    AccountChanged: {
      means:
        '`spec.account` stands for another AWS account in the account map than the one that the link is in.',
      todo: 'Ask the administrator to put the former account back, or delete the link first.',
    },
    WrongAccount: {
      means: 'AWS shows another account than the one of the role in the account map.',
      todo: 'Ask the administrator to correct the map, or the endpoint of STS.',
    },
  },
  'The network': {
    RegionNotFound: {
      means: 'AWS has no region of this name, or none that can be reached from here.',
      todo: 'Delete the link and create it anew with the right `spec.region`, which cannot be changed.',
    },
    VPCNotFound: {
      means: 'The account and region have no VPC with this id or these tags.',
      todo: 'Check the id, the region and the account. They cannot be changed: delete the link and create another, or put the tags on a VPC.',
    },
    AmbiguousVPC: {
      means: 'More than one VPC carries the tags.',
      todo: 'Take the tags off the other VPCs. `spec.vpc` cannot be changed: or delete the link and create another.',
    },
    VPCChanged: {
      means:
        "`spec.vpc` means another VPC than the one that the link's resources are in. Nothing is made or deleted in either; with tags, what is there is still repaired.",
      todo: 'To move, delete the link and create one for the other VPC; to stay, put the tags back.',
    },
    VPCDNSDisabled: {
      means:
        'Private DNS needs enableDnsSupport and enableDnsHostnames, which are not both on. The endpoints are made without it.',
      todo: 'Turn them on at the VPC, or set `privateDNS: false`.',
    },
    SubnetNotFound: {
      means:
        'A listed subnet does not exist. The endpoints are in the others, and are taken out of none until then.',
      todo: 'Correct `spec.subnets.ids`.',
    },
    NoSubnet: {
      means: 'No subnet carries the tags, or none is left to use.',
      todo: 'Tag subnets, or list them.',
    },
    SubnetNotInVPC: {
      means: 'A listed subnet is in another VPC.',
      todo: 'List subnets of `spec.vpc`.',
    },
    DuplicateZone: {
      means:
        'Two listed subnets are in one availability zone, where an endpoint can have one only.',
      todo: 'Remove one of the two.',
    },
    UnsupportedZone: {
      means: 'The endpoint service does not serve the zone of a subnet.',
      todo: 'Use a subnet of another zone, or set `unsupportedZones: Skip`.',
    },
    SharedSubnet: {
      means:
        'The subnet belongs to another account, which shares it; AWS makes no endpoints there.',
      todo: 'Use own subnets, or make the link in the account that owns the VPC.',
    },
    InsufficientFreeAddresses: {
      means: 'A subnet has no free address for an endpoint.',
      todo: 'Choose another subnet of the zone, or ask the owner of the VPC to free addresses. It is no quota.',
    },
    AddressInUse: {
      means: 'Another network interface has the fixed address.',
      todo: 'Choose a free address, or ask the owner of that interface to give it up.',
    },
    UnsupportedIPAddressType: {
      means: 'The service or the subnets do not have addresses of this kind.',
      todo: 'Change `ipAddressType`, or use other subnets.',
    },
  },
  Endpoints: {
    ServiceNotFound: {
      means: 'The region has no endpoint service of this name.',
      todo: 'Correct or remove the entry; not every service is in every region.',
    },
    PolicyNotSupported: {
      means: 'The endpoint service takes no endpoint policy.',
      todo: 'Remove `policy` from the entry.',
    },
    PendingAcceptance: {
      means: 'The owner of the endpoint service has to accept the endpoint.',
      todo: 'Ask the owner.',
    },
    EndpointRejected: {
      means: 'The owner of the endpoint service has rejected the endpoint, or let it expire.',
      todo: 'Ask the owner, then remove the entry and add it again.',
    },
    EndpointFailed: {
      means: 'AWS could not make the endpoint.',
      todo: "Read the message, which has AWS's own words.",
    },
    PrivateDNSConflict: {
      means: 'Another endpoint or hosted zone of the VPC has the private DNS name.',
      todo: 'Remove the other one, set `privateDNS: false`, or `adoption: IfUnowned` to take an endpoint over.',
    },
    OwnershipConflict: {
      means: "The resource carries another owner's tags. It is never touched.",
      todo: 'Delete it with its owner, or leave it and change the spec.',
    },
  },
  'Security groups': {
    SecurityGroupNotFound: {
      means: 'A listed group does not exist in the VPC.',
      todo: 'Correct `spec.securityGroup`.',
    },
    PrefixListNotFound: {
      means: 'A listed prefix list does not exist in the region.',
      todo: 'Correct `spec.securityGroup.ingress`.',
    },
    SecurityGroupInUse: {
      means:
        "Others use the operator's group, so it can't be deleted: network interfaces, endpoints, or rules of other groups.",
      todo: 'Take the group off what the message names, or delete that. The deletion is tried again every five minutes, and at once when you ask for a look.',
    },
    ResourceInUse: {
      means:
        'Something at AWS still uses what is to be changed or deleted, such as an endpoint that AWS is clearing away.',
      todo: "Wait; if it stays, remove what uses it. The operator can't see resources of other accounts in a shared VPC.",
    },
  },
  'Notebook access': {
    ProtectedPrincipal: {
      means:
        "The policy is never attached to such a principal: the operator's own role, a service-linked role, a role of IAM Identity Center.",
      todo: 'Remove it from `attachTo`; for Identity Center name the policy in the permission set.',
    },
    PrincipalNotFound: {
      means: '`attachTo` lists a role, user or group that the account does not have.',
      todo: 'Correct `attachTo`, which takes names without a path, or create the principal.',
    },
    ForeignAttachment: {
      means:
        'Somebody else attached the policy to a principal that `attachTo` does not list. It is not touched.',
      todo: 'Detach it, or list the principal.',
    },
    PolicyInUse: {
      means: "The policy is somebody's permissions boundary, so it can't be deleted.",
      todo: 'Remove the boundary from the principal that the message names.',
    },
    PolicyImpact: {
      means:
        'Turning private DNS on would change what other policies of the attached principals mean.',
      todo: 'Let the policies that the message names allow the endpoints too, or set `onImpact: Proceed`.',
    },
    WaitingForPolicy: {
      means:
        'Private DNS waits until the policy allows for it, so that nobody is locked out meanwhile.',
      todo: 'Wait; if it stays, see `NotebookAccessEnforced`.',
    },
    RestrictionUnknown: {
      means:
        'IAM cannot be read, so nobody can tell whom the policy restricts. Private DNS of endpoints through which notebooks are opened stays as it is; where no policy of the link is known, only until `--way-deadline` are over.',
      todo: 'Give the operator its way and its rights to IAM; the message says who is restricted as far as is known, and when `onImpact: Proceed` would help.',
    },
    AccessConflict: {
      means: 'Another link has the same principals and denies what this one allows.',
      todo: 'Take the principals out of `attachTo` of one of the two links that the message names, or let both allow the same networks.',
    },
    NotRestrictedYet: {
      means:
        'Nobody is restricted yet: the policy is not in force for the principals of `attachTo`.',
      todo: 'Read what it waits for in the message; until then notebooks open from everywhere.',
    },
    FormerNetworksAllowed: {
      means:
        'A network that is no longer in the spec still gets in, until callers have been led the other way.',
      todo: 'Read what it waits for in the message.',
    },
  },
  'The account': {
    AccessDenied: {
      means: 'IAM or a policy of the organization refuses a call.',
      todo: 'Grant the action that the message names; `deploy/iam` has the whole policy.',
    },
    CredentialsInvalid: {
      means: 'There are no credentials, or AWS does not accept them.',
      todo: "Give the operator's service account an IAM role (IRSA or EKS Pod Identity).",
    },
    AccountNotReady: {
      means:
        'The account may not use the service or the region: not enabled, not verified yet, or blocked.',
      todo: "Ask the account's administrator, as the message says.",
    },
    TagPolicyViolation: {
      means: 'A tag policy of the organization does not take the tags.',
      todo: "Correct `spec.tags`, or ask the organization's administrator what is allowed.",
    },
    QuotaExceeded: {
      means: 'A quota of the account is used up.',
      todo: 'Ask AWS for more, or remove what is not needed. For the rules of a security group the message says what the sources count, prefix lists by their `MaxEntries`; no source is revoked unless that makes room for the new ones.',
    },
    RefusedByAWS: {
      means: 'AWS refuses the parameters of a call.',
      todo: "Change the spec or the VPC; the message has AWS's own words.",
    },
  },
  'Namespaces of the cluster': {
    ConfiguringNamespaces: {
      means: 'Selected namespaces are being given their ConfigMap and policy.',
      todo: 'Wait; `status.clients` counts them.',
    },
    CleaningNamespaces: {
      means: 'The objects that were written into namespaces for the link are being taken away.',
      todo: 'Wait. If it stays, see whether an admission policy keeps the operator from deleting in the namespaces that the message names.',
    },
    EndpointsNotAvailable: {
      means:
        "The link's endpoints were not all available yet, and a policy would shut pods in before their way out exists.",
      todo: 'Wait, or see what `EndpointsAvailable` says.',
    },
    AddressesUnknown: {
      means: 'AWS has not shown all addresses or names; what namespaces have stays as it is.',
      todo: 'Wait, or see what the other conditions say.',
    },
    EnforcementUnknown: {
      means:
        'The CRD in the cluster is older than the operator and has dropped `spec.clients.networkPolicy.enforcement`, so nobody can tell whether it was `Audit`. No policy is made or taken away.',
      todo: "Suspend the link if it had `Audit`, apply the CRD of the operator's version, then the link from Git again.",
    },
    ServiceMissing: {
      means:
        'The VPC has no endpoint of a service in `spec.clients.networkPolicy.egress.awsServices`.',
      todo: 'Create the endpoint, or take the service out of the list.',
    },
    RuleWithoutDestination: {
      means: 'A rule in `spec.clients.networkPolicy.egress.rules` has no destination.',
      todo: 'Say in its `to` where to: without one it would open every destination.',
    },
    ConfiguringClusterPolicy: {
      means: 'The cluster-scoped policy is being written, or namespaces wait until it is.',
      todo: 'Wait a few seconds. If it lasts, see the message.',
    },
    CleaningClusterPolicy: {
      means: 'The cluster-scoped policy is being taken away; endpoints go after it.',
      todo: 'Wait. If it lasts, see the message.',
    },
    NoFlavorServed: {
      means: 'The cluster serves no kind of cluster-scoped policy that `flavor: Auto` takes.',
      todo: 'Install a network plugin that has one, or take `spec.clients.clusterPolicy` out. It is looked for again every ten seconds.',
    },
    FlavorNotServed: {
      means: 'The cluster does not serve the kind of `spec.clients.clusterPolicy.flavor`.',
      todo: 'Install it, or set `flavor` to `Auto` or to one that is served. It is looked for again every ten seconds.',
    },
    FlavorGone: {
      means:
        'The kind of the cluster-scoped policy is no longer served. Its objects cannot be read; they went with it, and hold no pod.',
      todo: 'Install the kind again, set `flavor` to another one, or take `spec.clients.clusterPolicy` out.',
    },
    OwnNamespace: {
      means:
        "No cluster-scoped policy can name the pod's own namespace, and a part of the egress means it.",
      todo: 'Set `egress.namespaces` to something else than `Own`, or `namespacedPolicies` to `Write`.',
    },
    TooManyPorts: {
      means: 'The VPC CNI takes fewer ports for one address than the rules have.',
      todo: 'Join ports of `egress.rules` into ranges.',
    },
    OthersDeny: {
      means: 'The flavor cannot say `others: Deny`.',
      todo: 'Set `others` to `Allow`, or see the message.',
    },
    TooLarge: {
      means: 'The flavor takes shorter selectors or fewer rules.',
      todo: 'Use fewer labels, values and rules.',
    },
    SharedObjectHeld: {
      means: 'Another link holds up an object that both have in a namespace.',
      todo: 'See to the link that the message names.',
    },
    LinksDisagree: {
      means:
        'Another link, which is served there already or is older, wants something else in the same namespace.',
      todo: 'Make the two agree, or let their `namespaceSelector`s take different namespaces.',
    },
    OwnedByAnother: {
      means: 'An object with the wanted name, or a part of one, is of somebody else.',
      todo: 'Delete it, take it out of what another tool applies, or choose another name.',
    },
    ProtectedNamespace: {
      means: "No policy is written into the cluster's own namespaces or into the operator's.",
      todo: 'Let `spec.clients.namespaceSelector` leave them out.',
    },
    WriteRefused: {
      means: 'The API server refuses to write into a namespace.',
      todo: "Look for a quota, an admission policy or a missing right; the message has the API server's words. It is tried again.",
    },
    UndoneAgain: {
      means: 'Somebody undoes each write into a namespace, so it is written more and more seldom.',
      todo: 'Look at `metadata.managedFields` of the object for who does.',
    },
    ClusterUnavailable: {
      means: 'The API server cannot be read, or did not answer.',
      todo: 'Wait; if it stays, check the rights of the component `clients`.',
    },
    ClientsDisabled: {
      means: 'This operator was installed without the part that looks after namespaces.',
      todo: 'Install the component `clients` (flag `--clients`), or take `spec.clients` out.',
    },
  },
  ...reachabilityGuide,
} as const satisfies Guide;

type Explained = {
  readonly [Group in keyof typeof reasonGuide]: keyof (typeof reasonGuide)[Group];
};

/** A reason that the guide leaves out does not compile here. */
export const everyReasonIsExplained: Exclude<Reason, Explained[keyof Explained]> extends never
  ? true
  : never = true;
