/**
 * The ways by which callers inside the VPC come to SageMaker: from a public address, or through one
 * of the link's endpoints as soon as private DNS leads them there. A requested change is no way
 * yet: a name may answer as before while AWS works on the endpoint, and for a while after.
 */
import type { EndpointSpec, SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Endpoint } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import { isOwnedBy } from '../ownership/ownership.ts';
import { serviceNameOf, shortNameOf } from '../endpoint/service-catalogue.ts';
import { type Elapsed, heldFor } from '../sightings.ts';
import { opensNotebooks } from './document/actions.ts';
import type { AccessEndpoint } from './safe-order.ts';

/** Everything that the ways follow from. */
export interface WaysInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly goal: 'present' | 'absent';
  /** This link's endpoints of any service and state. */
  readonly owned: readonly Endpoint[];
  readonly partition: string;
  readonly elapsed: Elapsed;
  /** Endpoints whose names were seen to have settled, and whether private DNS was on, by id. */
  readonly settledNames: Readonly<Record<string, boolean>>;
}

/** The ways as they are, and what they are on the way to. */
export interface Ways {
  readonly endpoints: readonly AccessEndpoint[];
  /** Whether callers are to be led to an endpoint that is not there, and it is waited for. */
  readonly awaitsEndpoints: boolean;
  /** Endpoints, by what a user calls them, whose ways are waited for. */
  readonly awaited: readonly string[];
  /** Those that have been waited for long enough. */
  readonly overdue: readonly string[];
  /** Whether one of the endpoints can be used. */
  readonly hasAvailable: boolean;
  /** See `WaysInput.settledNames`. */
  readonly settledNames: Readonly<Record<string, boolean>>;
  /** See `Plan.seen`. */
  readonly seen: Readonly<Record<string, string>>;
}

/** Endpoints through which notebooks are opened; one that is being deleted still counts. */
export function ownEndpoints({
  owned,
  owner,
  spec,
  partition,
}: Pick<WaysInput, 'owned' | 'owner' | 'spec' | 'partition'>): readonly Endpoint[] {
  return owned
    .filter(({ tags, state }) => isOwnedBy(tags, owner) && state !== 'deleted')
    .filter(({ serviceName }) => isOpening(serviceName, spec.region, partition));
}

/** True for the full name of a service through which notebooks are opened. */
export function isOpening(serviceName: string, region: string, partition: string): boolean {
  const service = shortNameOf(serviceName, region, partition);
  return opensNotebooks(service === undefined ? { serviceName } : { service });
}

/** Says where callers come from now, and where they shall. */
export function waysOf(input: WaysInput): Ways {
  const own = ownEndpoints(input).map((one) => wayThrough(one, input));
  const missing = wantedEntries(input)
    .filter(({ entry }) => entry.privateDNS)
    .filter(({ serviceName }) => !own.some((one) => one.willBeDialled && one.of === serviceName))
    .map(({ entry, serviceName }) => missingWay(entry, serviceName, input));
  const all = [...own, ...missing];
  const open = all.filter(({ isDone }) => !isDone);
  return {
    endpoints: own.map(({ id, isDialled, willBeDialled, isOverdue }) => {
      return { id, isDialled, willBeDialled, isOverdue };
    }),
    awaitsEndpoints: missing.some(({ isOverdue }) => !isOverdue),
    awaited: labelsOf(open.filter(({ isOverdue }) => !isOverdue)),
    overdue: labelsOf(open.filter(({ isOverdue }) => isOverdue)),
    hasAvailable: own.some(({ isAvailable }) => isAvailable),
    settledNames: Object.fromEntries(
      own.flatMap(({ id, isDialled }) =>
        isDialled === 'Maybe' ? [] : [[id, isDialled === 'Yes']],
      ),
    ),
    seen: Object.fromEntries(all.flatMap(({ seen }) => seen)),
  };
}

/** Each label once: one that failed is in the way, and its successor is missing. */
function labelsOf(ways: readonly Way[]): readonly string[] {
  return [...new Set(ways.map(({ label }) => label))];
}

interface WantedEntry {
  readonly entry: EndpointSpec;
  readonly serviceName: string;
}

function wantedEntries({ spec, goal, partition }: WaysInput): readonly WantedEntry[] {
  if (goal === 'absent') return [];
  return spec.endpoints
    .filter(opensNotebooks)
    .map((entry) => ({ entry, serviceName: serviceNameOf(entry, spec.region, partition) }));
}

interface Way {
  readonly label: string;
  /** Whether callers come as the spec wants them to. */
  readonly isDone: boolean;
  readonly isOverdue: boolean;
  /** Topics with what they are. */
  readonly seen: readonly (readonly [string, string])[];
}

interface WayThrough extends Way, AccessEndpoint {
  /** Full name of the service. */
  readonly of: string;
  readonly isAvailable: boolean;
}

function wayThrough(endpoint: Endpoint, input: WaysInput): WayThrough {
  const { elapsed, spec, partition } = input;
  const { id, serviceName, state, privateDnsEnabled } = endpoint;
  const names = namesOf(endpoint, input);
  const willBeDialled = isToBeDialled(endpoint, input);
  const isDone = names.isSettled && privateDnsEnabled === willBeDialled;
  // Each step that AWS shows is progress, and is waited for anew.
  const topic = `way through ${id}`;
  const step = isDone ? 'done' : `${willBeDialled} ${privateDnsEnabled} ${state}`;
  const isSettling = names.state !== 'changing' && privateDnsEnabled === willBeDialled;
  return {
    id,
    of: serviceName,
    label: shortNameOf(serviceName, spec.region, partition) ?? serviceName,
    isDialled: names.isSettled ? (privateDnsEnabled ? 'Yes' : 'No') : 'Maybe',
    willBeDialled,
    isAvailable: state === 'available',
    isDone,
    isOverdue: !isDone && !isSettling && isLongAgo(elapsed, topic, step),
    seen: [
      [names.topic, names.state],
      [topic, step],
    ],
  };
}

function missingWay({ service }: EndpointSpec, serviceName: string, { elapsed }: WaysInput): Way {
  const topic = `way to ${serviceName}`;
  return {
    label: service ?? serviceName,
    isDone: false,
    isOverdue: isLongAgo(elapsed, topic, 'missing'),
    seen: [[topic, 'missing']],
  };
}

function isLongAgo(elapsed: Elapsed, topic: string, state: string): boolean {
  return heldFor(elapsed, topic, state) >= elapsed.patience.wayDeadlineMs;
}

const isAtWork: ReadonlySet<string> = new Set(['pending', 'pendingacceptance']);

interface Names {
  readonly topic: string;
  readonly state: 'on' | 'off' | 'changing';
  /** Whether callers have followed. */
  readonly isSettled: boolean;
}

/**
 * Where the names lead. AWS makes an endpoint pending for any change: names that have settled stay
 * so while private DNS itself is the same.
 */
function namesOf(endpoint: Endpoint, { elapsed, settledNames }: WaysInput): Names {
  const { id, privateDnsEnabled, state, settling } = endpoint;
  const topic = `private DNS of ${id}`;
  const shown = privateDnsEnabled ? 'on' : 'off';
  const former =
    elapsed.sightings[topic] ??
    (settledNames[id] === undefined
      ? undefined
      : { state: settledNames[id] ? 'on' : 'off', forMs: Number.POSITIVE_INFINITY });
  const isSame = former?.state === shown;
  // AWS is at work on it; a failed one is as it is.
  const isCalm = !isAtWork.has(state) && settling !== true;
  if (!isSame && !isCalm) return { topic, state: 'changing', isSettled: false };
  if (settling === true) return { topic, state: 'changing', isSettled: false };
  const forMs = isSame ? former.forMs : 0;
  return { topic, state: shown, isSettled: forMs >= elapsed.patience.dnsSettleMs };
}

const living: ReadonlySet<string> = new Set([
  'pendingacceptance',
  'pending',
  'available',
  'partial',
]);

/** Whether private DNS shall lead callers to the endpoint when the spec is brought about. */
function isToBeDialled(endpoint: Endpoint, input: WaysInput): boolean {
  const { entry } =
    wantedEntries(input).find(({ serviceName }) => serviceName === endpoint.serviceName) ?? {};
  return living.has(endpoint.state) && entry?.privateDNS === true;
}
