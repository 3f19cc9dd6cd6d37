/** The rows of the picture: endpoints, and each of them in each zone. Pure. */
import { printable } from '../api/printable.ts';
import type {
  EndpointSpec,
  EndpointStatus,
  NetworkInterfaceStatus,
} from '../api/sagemaker-private-link.ts';
import type { Findings } from './findings-of-part.ts';
import { isRed, type Tone, toneOfReason } from './tone.ts';
import type { CellPart, EndpointPart, LinkView, ZonePart } from './topology.ts';
import { unreadZone } from './zone-parts.ts';

/** One for each endpoint of the spec, in its order. */
export function endpointParts(
  link: LinkView,
  zones: readonly ZonePart[],
  findings: Findings,
): readonly EndpointPart[] {
  return link.spec.endpoints.map((entry) => {
    const shown = link.status?.endpoints?.find((one) => isOf(one, entry));
    return endpointPart({ link, entry, shown, zones, findings });
  });
}

function isOf(shown: EndpointStatus, { service, serviceName }: EndpointSpec): boolean {
  return service === undefined ? shown.serviceName === serviceName : shown.service === service;
}

interface EndpointInput {
  readonly link: LinkView;
  readonly entry: EndpointSpec;
  readonly shown: EndpointStatus | undefined;
  readonly zones: readonly ZonePart[];
  readonly findings: Findings;
}

function endpointPart(input: EndpointInput): EndpointPart {
  const { entry, shown, zones, findings, link } = input;
  const label = printable(entry.service ?? entry.serviceName ?? '');
  const { id, state } = shown ?? {};
  const serviceName = shown?.serviceName ?? entry.serviceName;
  const names = { own: namesOf(entry, shown), others: namesOfOthers(input) };
  const notes = [...findings.notesOn('EndpointsAvailable', names), ...driftNotes(link, id)];
  const tone = toneOfEndpoint(input, notes);
  const word = state ?? (link.status?.endpoints === undefined ? 'not looked at' : 'absent');
  return {
    label,
    ...(serviceName === undefined ? {} : { serviceName: printable(serviceName) }),
    ...(id === undefined ? {} : { id: printable(id) }),
    state: printable(word),
    tone,
    notes,
    privateDNS: privateDNSWord(entry, shown),
    privateNames: privateNames(shown),
    ...(shown?.url === undefined ? {} : { url: printable(shown.url) }),
    cells: zones.map((zone) => cellPart(input, zone, tone)),
    foreignIds: foreignIds(notes, id),
  };
}

function namesOf(
  { service, serviceName }: EndpointSpec,
  shown?: EndpointStatus,
): readonly string[] {
  const names = [service, serviceName, shown?.serviceName, shown?.id];
  return names.filter((one) => one !== undefined);
}

function namesOfOthers({ link, entry }: EndpointInput): readonly string[] {
  const shown = link.status?.endpoints ?? [];
  return link.spec.endpoints
    .filter((one) => one !== entry)
    .flatMap((one) =>
      namesOf(
        one,
        shown.find((each) => isOf(each, one)),
      ),
    );
}

function driftNotes({ status }: LinkView, id: string | undefined): readonly string[] {
  const drift = (status?.drift ?? []).filter(({ resource }) => resource === id);
  return drift.map(({ field, desired, actual }) =>
    printable(`Somebody changed ${field}: it is ${actual}, the spec says ${desired}.`),
  );
}

const failedStates: readonly string[] = ['failed', 'rejected', 'expired', 'partial', 'deleted'];

function toneOfEndpoint({ shown, findings, link }: EndpointInput, notes: readonly string[]): Tone {
  const condition = findings.condition('EndpointsAvailable');
  const general = findings.tone('EndpointsAvailable');
  const isNamed = notes.length > 0;
  if (isNamed && isRed(general)) return general;
  const state = shown?.state;
  if (state !== undefined && failedStates.includes(state)) return 'broken';
  if (state === 'available') {
    return isNamed ? toneOfReason(condition?.reason ?? '', true) : 'well';
  }
  if (state !== undefined) return 'waiting';
  if (link.status?.endpoints === undefined) return 'unknown';
  // It is not there, and no sentence says why: the condition as a whole does.
  return general === 'well' ? 'unknown' : general;
}

function privateDNSWord(
  { privateDNS }: EndpointSpec,
  shown: EndpointStatus | undefined,
): EndpointPart['privateDNS'] {
  if (shown?.privateDNS === undefined) return 'unknown';
  if (shown.privateDNS === privateDNS) return privateDNS ? 'on' : 'off';
  return privateDNS ? 'turning on' : 'turning off';
}

/** An endpoint's own names begin with its id; the others are private ones. */
function privateNames(shown: EndpointStatus | undefined): readonly string[] {
  if (shown?.privateDNS !== true) return [];
  return (shown.dnsNames ?? []).filter((name) => !name.startsWith('vpce-')).map(printable);
}

function cellPart({ shown, link }: EndpointInput, zone: ZonePart, tone: Tone): CellPart {
  const place = { zone: zone.zone };
  const found = (shown?.networkInterfaces ?? []).filter((one) => zoneOf(one) === zone.zone);
  const [first] = found;
  if (first === undefined) {
    return { ...place, ...cellWithout({ shown, link, zone, tone }), addresses: [] };
  }
  const subnetId = first.subnetId === undefined ? {} : { subnetId: printable(first.subnetId) };
  const isWanted = zone.zone === unreadZone || found.every((one) => one.subnetId === zone.subnetId);
  return {
    ...place,
    interfaceId: found.map(({ id }) => printable(id)).join(', '),
    ...subnetId,
    addresses: found.flatMap(({ ipv4, ipv6 }) =>
      [ipv4, ipv6].flatMap((address) => (address === undefined ? [] : [printable(address)])),
    ),
    ...(isWanted
      ? {
          state: printable(shown?.state ?? 'absent'),
          tone: zone.zone === unreadZone ? 'unknown' : tone,
        }
      : { state: 'not wanted', tone: 'foreign' }),
  };
}

function zoneOf({ zone }: NetworkInterfaceStatus): string {
  return zone === undefined ? unreadZone : printable(zone);
}

interface CellWithout {
  readonly shown: EndpointStatus | undefined;
  readonly link: LinkView;
  readonly zone: ZonePart;
  readonly tone: Tone;
}

/** An endpoint may be left out of a zone: where the spec lets it, or before AWS has made it. */
function cellWithout({ shown, link, zone, tone }: CellWithout): Pick<CellPart, 'state' | 'tone'> {
  if (zone.subnetId === undefined) return { state: 'none', tone: 'unknown' };
  const isUnread = (shown?.networkInterfaces ?? []).some((one) => one.zone === undefined);
  if (isUnread) return { state: 'not read', tone: 'unknown' };
  if (shown?.state !== 'available') return { state: printable(shown?.state ?? 'missing'), tone };
  const mayBeLeftOut = link.spec.subnets.unsupportedZones === 'Skip';
  return mayBeLeftOut ? { state: 'none', tone: 'unknown' } : { state: 'missing', tone: 'broken' };
}

/** Ids of other endpoints in the sentences about this one. */
function foreignIds(notes: readonly string[], own: string | undefined): readonly string[] {
  const ids = notes.flatMap((note) => note.match(/\bvpce-[0-9a-f]{8,17}\b/g) ?? []);
  return [...new Set(ids)].filter((id) => id !== own);
}
