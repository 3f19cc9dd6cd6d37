/**
 * Which subnet of each zone the endpoints of a link are in. Pure: from the spec and what was
 * observed to the subnets that can be used, those that are passed over, and what is wrong.
 */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Subnet, Vpc } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { isUsable, type Oddity, oddityOf, oddityProblems, oddityWords } from './subnet-oddities.ts';
import { tagWords } from '../tags/tag-words.ts';
import { stalled } from '../findings.ts';

/** A subnet that the spec selects but that cannot carry an endpoint of some service. */
export interface SkippedSubnet {
  readonly id: string;
  readonly zone: string;
  readonly reason: string;
}

/** Everything that the choice of subnets depends on. */
export interface SubnetChoice {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly vpc: Vpc;
  /** All subnets of the VPC. */
  readonly subnets: readonly Subnet[];
  /** Listed subnets that are not in the VPC, wherever they are; undefined while that is not known. */
  readonly elsewhere: readonly Subnet[] | undefined;
  /** The caller's account: subnets shared by another account cannot carry endpoints. */
  readonly account: string;
  /** Subnets that endpoints of this link are in already: a choice once made is kept. */
  readonly inUse: ReadonlySet<string>;
}

/** The chosen subnets. */
export interface SubnetSelection {
  /** One per zone, sorted by zone. */
  readonly subnets: readonly Subnet[];
  /** All that the spec selects and that can be used: an endpoint may be in others of a zone. */
  readonly usable: readonly Subnet[];
  /** Selected by tags, and passed over because others can be used. */
  readonly skipped: readonly SkippedSubnet[];
  /**
   * Problems that somebody has to solve. While there is one, nobody can tell which subnets the
   * spec really means: endpoints grow into the chosen ones, and are taken out of none.
   */
  readonly problems: readonly Problem[];
}

/** Chooses what can be used; a subnet that cannot is no reason to do without the others. */
export function chooseSubnets(choice: SubnetChoice): SubnetSelection {
  return choice.spec.subnets.ids === undefined ? chooseByTags(choice) : chooseByIds(choice);
}

/** Every subnet that is listed is meant, so each that cannot be used is a problem. */
function chooseByIds(choice: SubnetChoice): SubnetSelection {
  const { spec, subnets, inUse } = choice;
  const ids = spec.subnets.ids ?? [];
  const known = new Map(subnets.map((subnet) => [subnet.id, subnet]));
  const listed = ids.flatMap((id) => known.get(id) ?? []);
  const { usable, odd } = judged(listed, choice);
  const certain = usable.filter((one) => inUse.has(one.id) || twinOf(one, listed) === undefined);
  return {
    subnets: onePerZone(certain, inUse),
    usable: certain,
    skipped: [],
    problems: [
      ...missingProblems(listedElsewhere(spec, subnets), choice),
      ...oddityProblems(odd, spec, choice.account),
      ...duplicateProblems(listed),
    ],
  };
}

/** Ids that the spec lists and the VPC does not have. */
export function listedElsewhere(
  { subnets: { ids = [] } }: SageMakerPrivateLinkSpec,
  subnets: readonly Subnet[],
): readonly string[] {
  return ids.filter((id) => !subnets.some((subnet) => subnet.id === id));
}

function missingProblems(
  missing: readonly string[],
  { spec: { region }, vpc, elsewhere }: SubnetChoice,
): readonly Problem[] {
  const others = (elsewhere ?? []).filter(({ id }) => missing.includes(id));
  const where = others.map(({ id, vpcId }) => `${id} (in ${vpcId})`).join(', ');
  const unknown = missing.filter((id) => !others.some((other) => other.id === id)).join(', ');
  const mayBeElsewhere = elsewhere === undefined ? ', or it belongs to another VPC' : '';
  const misplaced = `Not in ${vpc.id}: ${where}. List subnets of ${vpc.id} in spec.subnets.ids.`;
  const notFound = `${unknown} not found in ${vpc.id}: it does not exist in region ${region}${mayBeElsewhere}. Correct spec.subnets.ids.`;
  return [
    ...(others.length === 0 ? [] : [stalled('NetworkResolved', 'SubnetNotInVPC', misplaced)]),
    ...(unknown === '' ? [] : [stalled('NetworkResolved', 'SubnetNotFound', notFound)]),
  ];
}

function twinOf({ id, zone }: Subnet, subnets: readonly Subnet[]): Subnet | undefined {
  return subnets.find((other) => other.zone === zone && other.id !== id);
}

function duplicateProblems(listed: readonly Subnet[]): readonly Problem[] {
  const first = listed.find((one) => twinOf(one, listed) !== undefined);
  const twin = first === undefined ? undefined : twinOf(first, listed);
  if (first === undefined || twin === undefined) return [];
  const message = `Subnets ${first.id} and ${twin.id} are both in zone ${first.zone}: an endpoint takes one subnet per zone. Remove one from spec.subnets.ids.`;
  return [stalled('NetworkResolved', 'DuplicateZone', message)];
}

/** Tags may match more than was thought of: what cannot be used is skipped while others can. */
function chooseByTags(choice: SubnetChoice): SubnetSelection {
  const { spec, vpc, subnets, inUse, account } = choice;
  const tags = spec.subnets.tags ?? {};
  const matching = subnets.filter((subnet) =>
    Object.entries(tags).every(([key, value]) => subnet.tags[key] === value),
  );
  if (matching.length === 0) {
    const message = `No subnet of ${vpc.id} has tags ${tagWords(tags)}. Tag subnets or correct spec.subnets.tags.`;
    const problem = stalled('NetworkResolved', 'NoSubnet', message);
    return { subnets: [], usable: [], skipped: [], problems: [problem] };
  }
  const { usable, odd } = judged(matching, choice);
  // To skip one that endpoints are in would take its zone away from those who use them.
  const mustBeUsable = odd.filter(({ subnet }) => usable.length === 0 || inUse.has(subnet.id));
  const held = odd.filter((one) => !mustBeUsable.includes(one) && isHeld(one, usable, choice));
  return {
    subnets: onePerZone(usable, inUse),
    usable,
    skipped: odd
      .filter((one) => ![...mustBeUsable, ...held].includes(one))
      .map((one) => ({
        id: one.subnet.id,
        zone: one.subnet.zone,
        reason: oddityWords(one, spec, account),
      })),
    problems: [
      ...oddityProblems(mustBeUsable, spec, account),
      ...oddityProblems(held, spec, account).map((problem) => ({
        ...problem,
        message: `${problem.message} ${heldAdvice}`,
      })),
    ],
  };
}

/**
 * Whether the tags want the zone of a subnet that cannot be used, endpoints are in that zone, and no
 * other subnet could take over: they stay until the tags take the zone out.
 */
function isHeld(
  { subnet: { zone } }: Oddity,
  usable: readonly Subnet[],
  { subnets, inUse }: SubnetChoice,
): boolean {
  const isInUse = subnets.some((one) => one.zone === zone && inUse.has(one.id));
  return isInUse && !usable.some((one) => one.zone === zone);
}

const heldAdvice =
  'Endpoints of this link keep the subnets that they are in there: tag another subnet of the zone, or, to leave it, take the tags off.';

function judged(
  subnets: readonly Subnet[],
  { spec, account, inUse }: SubnetChoice,
): { readonly usable: readonly Subnet[]; readonly odd: readonly Oddity[] } {
  const odd = subnets.flatMap((subnet) => oddityOf(subnet, { spec, account, inUse }) ?? []);
  return { usable: subnets.filter((subnet) => isUsable(subnet, odd)), odd };
}

/** In each zone: the subnet in use, else the most free addresses, else the lowest id. */
function onePerZone(subnets: readonly Subnet[], inUse: ReadonlySet<string>): readonly Subnet[] {
  const best = new Map<string, Subnet>();
  for (const subnet of subnets) {
    const rival = best.get(subnet.zone);
    if (rival === undefined || isBetter(subnet, rival, inUse)) best.set(subnet.zone, subnet);
  }
  return [...best.values()].sort((a, b) => (a.zone < b.zone ? -1 : 1));
}

function isBetter(a: Subnet, b: Subnet, inUse: ReadonlySet<string>): boolean {
  if (inUse.has(a.id) !== inUse.has(b.id)) return inUse.has(a.id);
  if (a.availableAddresses !== b.availableAddresses) {
    return a.availableAddresses > b.availableAddresses;
  }
  return a.id < b.id;
}
