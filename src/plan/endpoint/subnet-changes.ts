/**
 * The order in which an endpoint changes its subnets and fixed addresses. One zone at a time:
 * clients use the others meanwhile, whatever AWS refuses on the way.
 */
import type { SubnetAddress } from './actions.ts';
import type { Subnet } from '../facts.ts';

/** Everything that the next step depends on. */
export interface SubnetSituation {
  /** One per zone. */
  readonly wanted: readonly Subnet[];
  readonly presentIds: readonly string[];
  /** A subnet of the VPC. */
  readonly subnetOf: (id: string) => Subnet | undefined;
  /** Whether a subnet can take one more interface; undefined if nobody could tell. */
  readonly canTake: (subnet: Subnet) => boolean | undefined;
  /** Fixed addresses that are not in force in subnets that stay. */
  readonly addresses: readonly SubnetAddress[];
  /** Set while the address type changes. */
  readonly typeChange?: TypeChange;
}

/** Which subnets can carry the address type that an endpoint has, and the one that it gets. */
export interface TypeChange {
  readonly carriesOld: (subnet: Subnet) => boolean;
  readonly carriesNew: (subnet: Subnet) => boolean;
}

/** The subnet changes that one modification may make. */
export interface SubnetStep {
  readonly add: readonly Subnet[];
  readonly remove: readonly string[];
  readonly addresses: readonly SubnetAddress[];
  /** Something else to know before the change is made. */
  readonly note?: string;
  /** Wanted subnets that have no free address. */
  readonly full: readonly Subnet[];
  /** Whether the address type has to stay until another step. */
  readonly keepsType: boolean;
}

/**
 * The next step. Subnets in zones that are free are added first. Then, zone by zone, a subnet is
 * removed whose successor in the same zone has a free address: AWS takes one subnet per zone and
 * refuses both in one call (`DuplicateSubnetsInSameZone`). Then fixed addresses, which give a zone
 * another interface. Unwanted subnets without a successor go last. AWS has an endpoint
 * pending after each step, and the next one follows when it is available again.
 */
export function nextSubnetStep(situation: SubnetSituation): SubnetStep {
  const { wanted, presentIds, addresses, typeChange } = situation;
  if (typeChange !== undefined) return stepWithType(situation, typeChange);
  const zoneStep = nextZoneStep(situation);
  if (zoneStep !== undefined) return zoneStep;
  const none = noStep(situation);
  const [address] = addresses;
  if (address !== undefined) {
    return { ...none, addresses: [address], note: addressWords(address) };
  }
  if (missingOf(situation).length > 0) return none;
  return { ...none, remove: presentIds.filter((id) => !wanted.some((one) => one.id === id)) };
}

function missingOf({ wanted, presentIds }: SubnetSituation): readonly Subnet[] {
  return wanted.filter(({ id }) => !presentIds.includes(id));
}

function noStep(situation: SubnetSituation): SubnetStep {
  const full = missingOf(situation).filter((subnet) => situation.canTake(subnet) === false);
  return { add: [], remove: [], addresses: [], full, keepsType: false };
}

/** The step that puts an endpoint in the wanted subnet of a zone; undefined if none is possible. */
function nextZoneStep(situation: SubnetSituation): SubnetStep | undefined {
  const { canTake } = situation;
  const none = noStep(situation);
  const missing = missingOf(situation);
  const occupants = new Map(missing.map((subnet) => [subnet, occupantOf(subnet, situation)]));
  const inFreeZones = missing.filter((subnet) => occupants.get(subnet) === undefined);
  const add = inFreeZones.filter((subnet) => !none.full.includes(subnet));
  if (add.length > 0) return { ...none, add };
  // A zone that waits for an address is down, or never was up: no other one is touched now.
  if (inFreeZones.length > 0) return none;
  const swapped = byZone(missing).find((subnet) => canTake(subnet) === true);
  const leaving = swapped === undefined ? undefined : occupants.get(swapped);
  if (swapped === undefined || leaving === undefined) return undefined;
  return { ...none, remove: [leaving], note: swapWords(leaving, swapped) };
}

/** The subnet that the endpoint has in the zone of another one. A zone not known may be the same. */
function occupantOf({ zone }: Subnet, situation: SubnetSituation): string | undefined {
  return situation.presentIds.find((id) => {
    const present = situation.subnetOf(id);
    if (present === undefined) return !isWanted(id, situation);
    return present.zone === zone;
  });
}

/**
 * The step while the address type changes. Subnets that carry both types take over first, zone by
 * zone. Only a subnet that cannot carry the new type and has no such successor goes in the very
 * call that sets the type, and only if the subnet that comes after it has a free address.
 */
function stepWithType(
  situation: SubnetSituation,
  { carriesOld, carriesNew }: TypeChange,
): SubnetStep {
  const { presentIds, subnetOf, canTake } = situation;
  const none = noStep(situation);
  const remove = presentIds.filter((id) => {
    const subnet = subnetOf(id);
    return subnet !== undefined && !carriesNew(subnet);
  });
  const missing = missingOf(situation);
  const free = missing.filter((subnet) => occupantOf(subnet, situation) === undefined);
  const add = free.filter((subnet) => !none.full.includes(subnet));
  if (remove.length === 0) return { ...none, add };
  // A place that is kept cannot take the type: it stays until the spec names another one.
  if (remove.some((id) => isWanted(id, situation))) {
    return { ...none, add: add.filter(carriesOld), keepsType: true };
  }
  const wanted = situation.wanted.filter(carriesOld);
  const zoneStep = nextZoneStep({ ...situation, wanted });
  if (zoneStep !== undefined) return { ...zoneStep, full: none.full, keepsType: true };
  const successors = missing.filter((subnet) =>
    remove.includes(occupantOf(subnet, situation) ?? ''),
  );
  if (successors.some((subnet) => canTake(subnet) !== true)) return { ...none, keepsType: true };
  const note = `${remove.join(', ')} cannot carry the new address type and is removed in the same call: there is no address in its zone until AWS has set the type`;
  return { ...none, add, remove, note };
}

function isWanted(id: string, { wanted }: SubnetSituation): boolean {
  return wanted.some((subnet) => subnet.id === id);
}

function byZone(subnets: readonly Subnet[]): readonly Subnet[] {
  return [...subnets].sort((a, b) => (a.zone < b.zone ? -1 : 1));
}

function swapWords(leaving: string, { id, zone }: Subnet): string {
  return `${leaving} is removed, and a second change adds ${id}: AWS takes one subnet per zone, so there is no address in ${zone} in between`;
}

function addressWords({ subnetId }: SubnetAddress): string {
  return `AWS gives ${subnetId} another interface: there is no address in its zone in between`;
}
