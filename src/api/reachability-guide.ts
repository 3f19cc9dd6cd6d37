/** The advice about the reasons of condition Reachable; a part of the guide. */
import type { Reason } from './conditions.ts';
import type { ReasonAdvice } from './reason-advice.ts';

export const reachabilityGuide = {
  'The way from pods: Reachable': {
    Verifying: {
      means:
        'No pod has told its verdict yet on the names and addresses that the endpoints have now.',
      todo: 'Wait; a verification takes less than a minute, and is given five.',
    },
    VerifyDisabled: {
      means: 'This operator was installed without the part that verifies from pods.',
      todo: 'Install the component `verify` (flag `--verify`), or take `spec.verify` out.',
    },
    NoNamespace: {
      means: 'None of the namespaces that `spec.clients` selects is one to verify from.',
      todo: 'Label a namespace, or correct `spec.verify.namespaces` or `namespaceSelector`.',
    },
    NamespaceNotConfigured: {
      means: 'The namespace has not got its ConfigMap and policy for the addresses of now.',
      todo: 'See `ClientsConfigured`; pods are started when it is true there.',
    },
    PodRefused: {
      means:
        'The API server refuses the pod: a quota, a pod security standard, an admission policy.',
      todo: "See the API server's words in the message. It is tried again.",
    },
    PodNotStarted: {
      means:
        'The pod was made and does not get to run: its image cannot be had, or no node is free.',
      todo: 'See the words of the kubelet or the scheduler in the message: `--verify-image` sets another image, `spec.verify.nodeSelector` and `tolerations` other nodes.',
    },
    NoVerdict: {
      means: 'The pod ran and ended without a verdict, or it is missing.',
      todo: 'See the pod, as long as it is there. It is tried again.',
    },
    ResolverSilent: {
      means: 'The resolver of the pods does not answer.',
      todo: 'Let UDP and TCP 53 to the cluster DNS through: with DNS outside of the cluster by `spec.clients.networkPolicy.egress.dnsServers`.',
    },
    NameNotFound: {
      means: 'The resolver of the pods knows no address for a name of an endpoint.',
      todo: 'Let the cluster DNS ask the VPC of the endpoints (its second address, or 169.254.169.253).',
    },
    PublicAddresses: {
      means: 'A name of an endpoint leads to addresses of the internet.',
      todo: 'Let the cluster DNS ask the VPC of the endpoints. Private DNS that was just turned on takes some minutes.',
    },
    OtherAddresses: {
      means: 'A name of an endpoint leads to private addresses that it does not have.',
      todo: 'Look for another endpoint or a hosted zone with this name; a cache may be older than the endpoint.',
    },
    ProxyInBetween: {
      means: 'A proxy opens the connections, or answers them in plain HTTP.',
      todo: "Have it leave out the endpoints' names and addresses (`NO_PROXY`, exceptions of an inspecting proxy).",
    },
    PolicyDenies: {
      means:
        'Nothing comes back from an address, or a refusal, in a pod that the network policy selects.',
      todo: 'See whether another policy selects the pods, and then the security group and the routes: from inside both look alike.',
    },
    TimedOut: {
      means: 'Nothing comes back from an address.',
      todo: 'In every zone: let the security group allow TCP 443 from the pods (`spec.securityGroup.ingress`), and see the routes. In one zone: see the network ACL and the route of its subnet.',
    },
    ConnectionRefused: {
      means: 'An address refuses the connection, which an endpoint never does.',
      todo: 'Look for a firewall or a policy in between.',
    },
    NoRoute: {
      means: 'The node has no way to an address.',
      todo: 'See the routes of the node and its address family.',
    },
    NotTLS: {
      means: 'A connection opens, and no TLS comes back.',
      todo: 'Look for a firewall that takes the connection.',
    },
    WrongCertificate: {
      means: 'The certificate at an address is for other names.',
      todo: 'Look for something else that has the address: a proxy, a load balancer.',
    },
    CertificateExpired: {
      means: 'The certificate at an address is not valid now.',
      todo: 'See the clock of the node: AWS renews its certificates in time.',
    },
    CertificateUntrusted: {
      means: "The certificate is Amazon's, and no authority for it is trusted in the pod.",
      todo: 'Use the image of the operator: it has the usual authorities.',
    },
    AddressOpen: {
      means: 'An address that must not answer does.',
      todo: 'See whether the network plugin enforces policies, and whether another policy allows the address. Leave an address that is meant to be open out of `spec.verify.mustNotAnswer`.',
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<Reason, ReasonAdvice>>>>>;
