/** The columns of the picture. Pure. */
import { printable } from '../api/printable.ts';
import type { LinkView, ZonePart } from './topology.ts';

/** A column for interfaces of which AWS has not shown the zone. */
export const unreadZone = 'zone not read';

/** Every zone that the link has a subnet or an interface in, or has left out, by name. */
export function zoneParts({ status = {} }: LinkView): readonly ZonePart[] {
  const { subnets = [], skippedSubnets = [], endpoints = [] } = status;
  const interfaces = endpoints.flatMap(({ networkInterfaces = [] }) => networkInterfaces);
  const names = new Set(
    [
      ...subnets.map(({ zone }) => zone),
      ...skippedSubnets.map(({ zone }) => zone),
      ...interfaces.flatMap(({ zone }) => zone ?? []),
    ].map(printable),
  );
  const zones = [...names].toSorted().map((zone): ZonePart => {
    const chosen = subnets.find((one) => printable(one.zone) === zone);
    const skipped = skippedSubnets.filter((one) => printable(one.zone) === zone);
    return {
      zone,
      ...(chosen === undefined ? {} : { subnetId: printable(chosen.id) }),
      tone: chosen === undefined ? 'unknown' : 'well',
      notes: skipped.map(({ id, reason }) => printable(`${id} is not used: ${reason}`)),
    };
  });
  const isAnyUnread = interfaces.some(({ zone }) => zone === undefined);
  return isAnyUnread ? [...zones, { zone: unreadZone, tone: 'unknown', notes: [] }] : zones;
}
