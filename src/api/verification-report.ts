/**
 * The verdict of a pod that verifies a link, as it hands it over: the termination message of its
 * container. Anybody who may write pods in a namespace can forge one, so it has words out of a list and
 * names, and no sentences: those are the operator's own.
 */
import type { Reason } from './conditions.ts';

/** The environment variable in which the pod is given the link. */
export const linkVariable = 'SAGEMAKER_PRIVATELINK_LINK';

/** The longest termination message that the kubelet takes, in bytes. */
export const longestReport = 4096;

/** Things that can be wrong with the way from a pod to an endpoint: the most telling first. */
export const faultReasons = [
  'ResolverSilent',
  'NameNotFound',
  'PublicAddresses',
  'OtherAddresses',
  'ProxyInBetween',
  'PolicyDenies',
  'TimedOut',
  'ConnectionRefused',
  'NoRoute',
  'NotTLS',
  'WrongCertificate',
  'CertificateExpired',
  'CertificateUntrusted',
  'AddressOpen',
  'EndpointsNotAvailable',
] as const satisfies Reason[];

export type FaultReason = (typeof faultReasons)[number];

/** Everything that one thing is wrong with. */
export interface ReportedFault {
  readonly reason: FaultReason;
  /** How many names, addresses or endpoints. */
  readonly count: number;
  /** Zones of the addresses; none for names. */
  readonly zones: readonly string[];
  /** The first of the names or addresses. */
  readonly subjects: readonly string[];
}

/** The addresses of the endpoints in one zone. */
export interface ReportedZone {
  readonly zone: string;
  readonly tried: number;
  /** Those that answered as SageMaker. */
  readonly reached: number;
}

/** The verdict of one pod. */
export interface VerificationReport {
  readonly reachable: boolean;
  readonly zones: readonly ReportedZone[];
  /** By `faultReasons`, each reason once; empty where the link is reachable. */
  readonly faults: readonly ReportedFault[];
}

const version = 1;

/** From everything to the least that says why; the last one always fits. */
const sizes = [
  { zones: 32, subjects: 3 },
  { zones: 12, subjects: 1 },
  { zones: 4, subjects: 0 },
  { zones: 0, subjects: 0 },
] as const;

/** The report as one line of JSON that fits into a termination message. */
export function encodeReport(report: VerificationReport): string {
  const texts = sizes.map((size) => JSON.stringify({ version, ...withinSize(report, size) }));
  const fitting = texts.find((text) => Buffer.byteLength(text) <= longestReport);
  return fitting ?? texts.at(-1) ?? '';
}

function withinSize(
  { reachable, zones, faults }: VerificationReport,
  most: { readonly zones: number; readonly subjects: number },
): VerificationReport {
  return {
    reachable,
    zones: zones.slice(0, most.zones),
    faults: faults.map((fault) => ({
      ...fault,
      zones: fault.zones.slice(0, most.zones),
      subjects: fault.subjects.slice(0, most.subjects),
    })),
  };
}

/** The report in a termination message; undefined for anything else. */
export function decodeReport(message: string): VerificationReport | undefined {
  if (Buffer.byteLength(message) > longestReport) return undefined;
  const value = parsed(message);
  if (!isRecord(value) || value['version'] !== version) return undefined;
  const { reachable } = value;
  const zones = listOf(value['zones'], zoneIn);
  const faults = listOf(value['faults'], faultIn);
  if (typeof reachable !== 'boolean' || zones === undefined || faults === undefined) {
    return undefined;
  }
  // A verdict that contradicts itself is none.
  return reachable === (faults.length === 0) ? { reachable, zones, faults } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function zoneIn(value: unknown): ReportedZone | undefined {
  if (!isRecord(value)) return undefined;
  const { zone, tried, reached } = value;
  return isName(zone) && isCount(tried) && isCount(reached) ? { zone, tried, reached } : undefined;
}

function faultIn(value: unknown): ReportedFault | undefined {
  if (!isRecord(value)) return undefined;
  const reason = faultReasons.find((one) => one === value['reason']);
  const { count } = value;
  const zones = listOf(value['zones'], nameIn);
  const subjects = listOf(value['subjects'], nameIn);
  if (reason === undefined || !isCount(count) || zones === undefined || subjects === undefined) {
    return undefined;
  }
  return { reason, count, zones, subjects };
}

function nameIn(value: unknown): string | undefined {
  return isName(value) ? value : undefined;
}

/** A zone, a host name or an address with a port: nothing that could be read as a sentence. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9.:_[\]-]{0,255}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const longestList = 64;

/** Undefined for anything but a list, and for a list with an item that is not as it should be. */
function listOf<T>(
  value: unknown,
  read: (item: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > longestList) return undefined;
  const items = value.map(read);
  return items.every((item) => item !== undefined) ? (items as readonly T[]) : undefined;
}
