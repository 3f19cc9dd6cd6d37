/** The verdict on a link in the short form in which a pod hands it over. Pure. */
import {
  type FaultReason,
  faultReasons,
  type ReportedFault,
  type ReportedZone,
  type VerificationReport,
} from '../api/verification-report.ts';
import { hostAndPort } from './host-and-port.ts';
import type { AddressOutcome, AddressVerdict, LinkVerdict, NameOutcome } from './verdict.ts';

const nameReasons: Readonly<Record<Exclude<NameOutcome, 'Private'>, FaultReason>> = {
  PublicAddresses: 'PublicAddresses',
  OtherAddresses: 'OtherAddresses',
  NotFound: 'NameNotFound',
  NoAnswer: 'ResolverSilent',
  Proxy: 'ProxyInBetween',
};

const addressReasons: Readonly<Record<Exclude<AddressOutcome, 'Reachable'>, FaultReason>> = {
  TimedOut: 'TimedOut',
  Refused: 'ConnectionRefused',
  NoRoute: 'NoRoute',
  Policy: 'PolicyDenies',
  NotTls: 'NotTLS',
  Proxy: 'ProxyInBetween',
  WrongName: 'WrongCertificate',
  Expired: 'CertificateExpired',
  Untrusted: 'CertificateUntrusted',
};

interface Fault {
  readonly reason: FaultReason;
  readonly subject: string;
  readonly zone?: string;
}

/** So many names or addresses stand for all that have the same fault. */
const mostSubjects = 3;

/** The report of a verdict: faults of one kind together, and how each zone does. */
export function reportOf(verdict: LinkVerdict): VerificationReport {
  const faults = faultsOf(verdict);
  return {
    reachable: verdict.reachable,
    zones: zonesOf(verdict.endpoints.flatMap(({ addresses }) => addresses)),
    faults: faultReasons.flatMap((reason) => together(reason, faults)),
  };
}

function together(reason: FaultReason, faults: readonly Fault[]): readonly ReportedFault[] {
  const alike = faults.filter((one) => one.reason === reason);
  if (alike.length === 0) return [];
  const zones = [...new Set(alike.flatMap(({ zone }) => zone ?? []))].sort();
  const subjects = [...new Set(alike.map(({ subject }) => subject))].slice(0, mostSubjects);
  return [{ reason, count: alike.length, zones, subjects }];
}

function faultsOf({ endpoints, unknown, shut }: LinkVerdict): readonly Fault[] {
  const ofEndpoints = endpoints.flatMap(({ names, addresses }): readonly Fault[] => [
    ...names.flatMap(({ name, outcome }) =>
      outcome === 'Private' ? [] : { reason: nameReasons[outcome], subject: name },
    ),
    ...addresses.flatMap(({ zone, address, outcome }) =>
      outcome === 'Reachable' ? [] : { reason: addressReasons[outcome], subject: address, zone },
    ),
  ]);
  const open = shut.flatMap(({ address, port, outcome }): readonly Fault[] =>
    outcome === 'Shut' ? [] : [{ reason: 'AddressOpen', subject: hostAndPort(address, port) }],
  );
  const unseen = unknown.map(
    ({ serviceName }): Fault => ({ reason: 'EndpointsNotAvailable', subject: serviceName }),
  );
  return [...ofEndpoints, ...open, ...unseen, ...withoutEndpoints({ endpoints, unknown })];
}

/** A link without any endpoint is not reachable, and nothing else would say why. */
function withoutEndpoints({
  endpoints,
  unknown,
}: Pick<LinkVerdict, 'endpoints' | 'unknown'>): readonly Fault[] {
  const isEmpty = endpoints.length + unknown.length === 0;
  return isEmpty ? [{ reason: 'EndpointsNotAvailable', subject: '' }] : [];
}

function zonesOf(addresses: readonly AddressVerdict[]): readonly ReportedZone[] {
  const zones = [...new Set(addresses.map(({ zone }) => zone))].sort();
  return zones.map((zone) => {
    const here = addresses.filter((one) => one.zone === zone);
    const reached = here.filter(({ outcome }) => outcome === 'Reachable').length;
    return { zone, tried: here.length, reached };
  });
}
