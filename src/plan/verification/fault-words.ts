/** The faults that a pod has told, in words that say what to do. */
import type {
  FaultReason,
  ReportedFault,
  VerificationReport,
} from '../../api/verification-report.ts';

/** Facts that advice may name. */
export interface FaultCircumstances {
  /** The security group of the endpoints. */
  readonly securityGroupId?: string | undefined;
}

type Words = (
  fault: ReportedFault,
  report: VerificationReport,
  about: FaultCircumstances,
) => string;

const words: Readonly<Record<FaultReason, Words>> = {
  ResolverSilent: (fault) =>
    `The resolver of the pods does not answer for ${subjects(fault)}. Let UDP and TCP 53 to the cluster DNS through; one outside of the cluster is named in spec.clients.networkPolicy.egress.dnsServers.`,
  NameNotFound: (fault) =>
    `The resolver of the pods knows no address of ${subjects(fault)}. Let the cluster DNS ask the VPC of the endpoints.`,
  PublicAddresses: (fault) =>
    `${subjects(fault)} ${leads(fault)} to public addresses. Let the cluster DNS ask the VPC of the endpoints (its second address, or 169.254.169.253).`,
  OtherAddresses: (fault) =>
    `${subjects(fault)} ${leads(fault)} to addresses that the endpoint does not have. Look for another endpoint or a hosted zone with the name.`,
  ProxyInBetween: (fault) =>
    `A proxy is on the way to ${subjects(fault)}. Have it leave out the endpoints.`,
  PolicyDenies: (fault, report, { securityGroupId }) =>
    `${subjects(fault)}${inZones(fault)} cannot be reached by pods that the network policy selects. See whether the policy that is in force there allows the address, and whether ${securityGroupId ?? 'the security group'} and the routes do${oneZone(report)}.`,
  TimedOut: (fault, report, { securityGroupId }) =>
    isEverywhere(report)
      ? `Nothing answers at ${subjects(fault)}${inZones(fault)}. Let ${securityGroupId ?? 'the security group'} allow TCP 443 from the pods (spec.securityGroup.ingress), and see the routes.`
      : `Nothing answers at ${subjects(fault)}${inZones(fault)}, while other zones answer. See the network ACL and the route of the subnet there.`,
  ConnectionRefused: (fault) =>
    `${subjects(fault)}${inZones(fault)} refuses connections, which an endpoint never does. Look for a firewall in between.`,
  NoRoute: (fault) =>
    `The node has no way to ${subjects(fault)}${inZones(fault)}. See its routes and its address family.`,
  NotTLS: (fault) =>
    `${subjects(fault)}${inZones(fault)} takes connections and speaks no TLS. Look for a firewall in between.`,
  WrongCertificate: (fault) =>
    `${subjects(fault)}${inZones(fault)} shows a certificate for other names. Look for something else that has the address.`,
  CertificateExpired: (fault) =>
    `The certificate at ${subjects(fault)}${inZones(fault)} is not valid now. See the clock of the node.`,
  CertificateUntrusted: (fault) =>
    `No authority that the pods trust vouches for the certificate at ${subjects(fault)}${inZones(fault)}. Use the operator's own image.`,
  AddressOpen: (fault) =>
    `${subjects(fault)} answers, and must not. See whether the network plugin enforces policies, and whether another policy allows it.`,
  EndpointsNotAvailable: (fault) =>
    `The status shows no address of ${subjects(fault)}. See condition EndpointsAvailable.`,
};

/** One sentence or two for each fault. */
export function faultWords(report: VerificationReport, about: FaultCircumstances): string {
  return report.faults.map((fault) => words[fault.reason](fault, report, about)).join(' ');
}

/** Where the endpoints' addresses did not answer as they should. */
export function faultyZones({ faults }: VerificationReport): readonly string[] {
  return [...new Set(faults.flatMap(({ zones }) => zones))].sort();
}

function subjects({ subjects: named, count }: ReportedFault): string {
  if (named.length === 0) return count === 1 ? 'one of them' : `${count} of them`;
  const rest = count - named.length;
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function leads({ count }: ReportedFault): string {
  return count === 1 ? 'leads' : 'lead';
}

function inZones({ zones }: ReportedFault): string {
  return zones.length === 0 ? '' : ` (${zones.join(', ')})`;
}

/** One zone that is silent among others has other causes than an endpoint that is silent everywhere. */
function isEverywhere({ zones }: VerificationReport): boolean {
  return zones.every(({ reached }) => reached === 0);
}

function oneZone(report: VerificationReport): string {
  return isEverywhere(report) ? '' : '; other zones answer, so see the network ACL there';
}
