/** A model of AWS during a change: endpoints, private DNS, the policy, principals and their ways. */
import type { NotebookAccessSpec } from '../../../../src/api/sagemaker-private-link.ts';
import type { PolicyDocument } from '../../../../src/plan/facts.ts';
import { notebookPolicy } from '../../../../src/plan/notebook-policy/document/documents.ts';
import {
  type AccessRequest,
  evaluateAccess,
} from '../../../../src/plan/notebook-policy/document/evaluate.ts';
import { safeSteps, type WantedPolicy } from '../../../../src/plan/notebook-policy/safe-order.ts';

type Service = 'api' | 'notebook';

/**
 * How far callers have followed a change of private DNS. `New`: just made, nobody was ever led to
 * it. `Pending`: AWS works on the change. `Lagging`: AWS is done, and answers of before are still
 * remembered. While it is `Pending` or `Lagging` a name may answer either way, at any moment.
 */
export type Names = 'New' | 'Pending' | 'Lagging' | 'Settled';

interface ModelEndpoint {
  readonly id: string;
  readonly service: Service;
  readonly privateDns: boolean;
  readonly names: Names;
  /** Whether some callers may still come from their public address although it has the name. */
  readonly beside: 'Public' | 'Nothing';
}

export interface World {
  readonly endpoints: readonly ModelEndpoint[];
  readonly enforced: PolicyDocument | undefined;
  readonly attached: readonly string[];
}

export interface Goal {
  /** Undefined: no policy. */
  readonly access: NotebookAccessSpec | undefined;
  readonly attach: readonly string[];
  /** The endpoints that shall be there, with private DNS or without. */
  readonly privateDns: Partial<Record<Service, boolean>>;
  /** Services whose endpoint at the beginning is to be replaced by another one. */
  readonly replaced?: readonly Service[];
}

/** Ways to go wrong, to see that the model notices. */
export interface Carelessness {
  readonly ignoresPermission?: boolean;
  readonly attachesAtOnce?: boolean;
  /** Takes what was asked of AWS for what callers do. */
  readonly trustsRequests?: boolean;
}

export interface Exploration {
  readonly states: number;
  /** Worlds in which nothing is left to do and the goal is reached. */
  readonly ends: readonly World[];
  /** Worlds in which nothing can be done and the goal is not reached. */
  readonly stuck: readonly World[];
  readonly violations: readonly string[];
}

const link = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:';

/** Goes through every world that any order of the permitted steps can lead to. */
export function explore(start: World, goal: Goal, careless: Carelessness = {}): Exploration {
  const seen = new Map<string, World>([[JSON.stringify(start), start]]);
  const open = [start];
  const ends: World[] = [];
  const stuck: World[] = [];
  const old = new Set(
    start.endpoints.filter(({ service }) => goal.replaced?.includes(service)).map(({ id }) => id),
  );
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const next = stepsFrom(world, goal, old, careless);
    if (next.length === 0) (isReached(world, goal, old) ? ends : stuck).push(world);
    for (const after of next) {
      const key = JSON.stringify(after);
      if (seen.has(key)) continue;
      seen.set(key, after);
      open.push(after);
    }
  }
  const end = ends[0];
  const answers: Answers = new Map();
  const violations =
    end === undefined
      ? []
      : [...seen.values()].flatMap((world) => wrongs(start, world, end, answers));
  return { states: seen.size, ends, stuck, violations: [...new Set(violations)] };
}

/** The worlds after one step each. */
function stepsFrom(
  world: World,
  goal: Goal,
  old: ReadonlySet<string>,
  careless: Carelessness,
): readonly World[] {
  const toRemove = world.endpoints.filter((one) => isToGo(one, world, goal, old));
  const steps = safeSteps({
    enforced: world.enforced,
    wanted: wantedIn(world, goal),
    attached: world.attached,
    wantedAttached: goal.attach,
    formerlyAttached: [],
    endpoints: world.endpoints.map((one) => ({
      id: one.id,
      isDialled: careless.trustsRequests === true ? certainly(one.privateDns) : dialledBy(one),
      willBeDialled:
        !old.has(one.id) && !toRemove.includes(one) && goal.privateDns[one.service] === true,
      isOverdue: false,
    })),
    awaitsEndpoints: services(goal).some(
      (service) =>
        goal.privateDns[service] === true &&
        !world.endpoints.some((one) => one.service === service && !old.has(one.id)),
    ),
  });
  const attach = careless.attachesAtOnce === true ? missingFrom(world, goal) : steps.attach;
  const ignores = careless.ignoresPermission === true;
  const mayEnter = ignores || steps.mayEnterEndpoints;
  const mayLeave = ignores || steps.mayLeaveEndpoints;
  return [
    ...steps.detach.map((one) => ({
      ...world,
      attached: world.attached.filter((other) => other !== one),
    })),
    ...attach.map((one) => ({ ...world, attached: [...world.attached, one].sort() })),
    ...(steps.document === undefined ? [] : [{ ...world, enforced: steps.document }]),
    ...(steps.deletePolicy ? [{ ...world, enforced: undefined }] : []),
    ...creations(world, goal, old),
    ...followings(world),
    ...pathChanges(world, goal, old, toRemove).flatMap(({ kind, after }) =>
      (kind === 'enter' ? mayEnter : mayLeave) ? [after] : [],
    ),
  ];
}

function missingFrom(world: World, goal: Goal): readonly string[] {
  if (world.enforced === undefined) return [];
  return goal.attach.filter((one) => !world.attached.includes(one));
}

function creations(world: World, goal: Goal, old: ReadonlySet<string>): readonly World[] {
  return services(goal)
    .filter(
      (service) => !world.endpoints.some((one) => one.service === service && !old.has(one.id)),
    )
    .map((service) => {
      const id = `vpce-${service}-${old.size > 0 && goal.replaced?.includes(service) ? 'b' : 'a'}`;
      const made = { id, service, privateDns: false, names: 'New', beside: 'Nothing' } as const;
      return withEndpoints(world, [...world.endpoints, made]);
    });
}

function certainly(isDialled: boolean): 'Yes' | 'No' {
  return isDialled ? 'Yes' : 'No';
}

/** What the operator may take for certain: it sees when AWS is done, and waits for the names. */
function dialledBy({ privateDns, names }: ModelEndpoint): 'Yes' | 'No' | 'Maybe' {
  return names === 'Settled' ? certainly(privateDns) : 'Maybe';
}

/** AWS finishes a change, and callers follow it: neither asks anybody. */
function followings(world: World): readonly World[] {
  const next = { New: 'Settled', Pending: 'Lagging', Lagging: 'Settled' } as const;
  return world.endpoints.flatMap((one) => {
    if (one.names === 'Settled') return [];
    const names = next[one.names];
    const beside = names === 'Settled' ? 'Nothing' : one.beside;
    const after = { ...one, names, beside };
    return [withEndpoints(world, [...world.endpoints.filter((other) => other !== one), after])];
  });
}

/**
 * Private DNS on or off, an endpoint deleted. A name belongs to one endpoint of the VPC, so it moves
 * from an old endpoint to the new one; the moment without a name that AWS has there is not modelled.
 */
function pathChanges(
  world: World,
  goal: Goal,
  old: ReadonlySet<string>,
  toRemove: readonly ModelEndpoint[],
): readonly PathChange[] {
  const staying = world.endpoints.filter((one) => !old.has(one.id) && !toRemove.includes(one));
  const flips = staying
    // AWS refuses a change of an endpoint that it is changing.
    .filter(({ names }) => names !== 'Pending')
    .filter(({ service, privateDns }) => privateDns !== goal.privateDns[service])
    .map(({ id, service, privateDns }): PathChange => {
      const others = world.endpoints.filter((one) => one.service === service && one.id !== id);
      const isMove = !privateDns && others.some((one) => one.privateDns);
      const names = 'Pending' as const;
      const endpoints = world.endpoints.map((one) => {
        if (one.id === id) {
          const beside = isMove ? ('Nothing' as const) : ('Public' as const);
          return { ...one, privateDns: !privateDns, names, beside };
        }
        if (one.service !== service || !one.privateDns) return one;
        return { ...one, privateDns: false, names };
      });
      return { kind: privateDns ? 'leave' : 'enter', after: withEndpoints(world, endpoints) };
    });
  const deletions = toRemove.map((gone): PathChange => {
    const endpoints = world.endpoints.filter((one) => one !== gone);
    return { kind: 'leave', after: withEndpoints(world, endpoints) };
  });
  return [...flips, ...deletions];
}

interface PathChange {
  readonly kind: 'enter' | 'leave';
  readonly after: World;
}

function withEndpoints(world: World, endpoints: readonly ModelEndpoint[]): World {
  return { ...world, endpoints: [...endpoints].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** An old endpoint goes when the new one has taken its place. */
function isToGo(
  { id, service }: ModelEndpoint,
  world: World,
  goal: Goal,
  old: ReadonlySet<string>,
): boolean {
  if (!services(goal).includes(service)) return true;
  if (!old.has(id)) return false;
  return world.endpoints.some(
    (one) =>
      one.service === service && !old.has(one.id) && one.privateDns === goal.privateDns[service],
  );
}

function services(goal: Goal): readonly Service[] {
  return Object.keys(goal.privateDns) as Service[];
}

function pathsAreFinal(world: World, goal: Goal, old: ReadonlySet<string>): boolean {
  return (
    world.endpoints.length === services(goal).length &&
    world.endpoints.every(
      ({ id, service, privateDns, names }) =>
        !old.has(id) && privateDns === goal.privateDns[service] && names === 'Settled',
    )
  );
}

function wantedIn(world: World, goal: Goal): WantedPolicy {
  if (goal.access === undefined) return 'Removed';
  const endpointIds = world.endpoints.map(({ id }) => id);
  const policy = notebookPolicy({ access: goal.access, ...link, endpointIds });
  if (policy.kind === 'Refused') throw new Error(JSON.stringify(policy.problems));
  return policy.kind === 'Pending' ? 'Pending' : policy.document;
}

function isReached(world: World, goal: Goal, old: ReadonlySet<string>): boolean {
  const wanted = wantedIn(world, goal);
  if (!pathsAreFinal(world, goal, old) || wanted === 'Pending') return false;
  if (wanted === 'Removed') return world.enforced === undefined && world.attached.length === 0;
  return (
    JSON.stringify(world.enforced) === JSON.stringify(wanted) &&
    JSON.stringify(world.attached) === JSON.stringify([...goal.attach].sort())
  );
}

/** Somebody who makes a URL (api) or opens one (notebook), from one place. */
interface Caller {
  readonly principal: string;
  readonly service: Service;
  readonly request: Pick<AccessRequest, 'action' | 'resource'>;
  readonly publicIp: string;
  /** Inside the VPC of the link: through its endpoint as soon as it has the name. */
  readonly privateIp?: string;
  /** Inside a hub VPC: always through its endpoint. */
  readonly hubEndpoint?: string;
}

const callers: readonly Caller[] = ['ana', 'ben'].flatMap((principal) =>
  (['api', 'notebook'] as const).flatMap((service) =>
    requests().flatMap((request) =>
      places().map((place) => ({ principal, service, request, ...place })),
    ),
  ),
);

function requests(): readonly Caller['request'][] {
  const action = 'sagemaker:CreatePresignedNotebookInstanceUrl';
  return [
    { action, resource: `${arn}notebook-instance/demo` },
    { action, resource: `${arn}notebook-instance/other` },
    { action: 'sagemaker:CreatePresignedDomainUrl', resource: `${arn}user-profile/d-1/ana` },
  ];
}

function places(): readonly Pick<Caller, 'publicIp' | 'privateIp' | 'hubEndpoint'>[] {
  return [
    { publicIp: '198.51.100.1' },
    { publicIp: '192.0.2.1' },
    ...['203.0.113.7', '192.0.2.2'].flatMap((publicIp) =>
      ['10.0.16.5', '10.0.17.5'].map((privateIp) => ({ publicIp, privateIp })),
    ),
    { publicIp: '192.0.2.3', hubEndpoint: 'vpce-hub' },
  ];
}

/** One exploration's answers of the evaluator, by document and request. */
type Answers = Map<string, boolean>;

/** Whether the caller gets in, by each of the ways that the request may take in this world. */
function answersTo(world: World, caller: Caller, answers: Answers): readonly boolean[] {
  const { enforced } = world;
  if (enforced === undefined || !world.attached.includes(caller.principal)) return [true];
  return networksOf(world, caller).map((network) => {
    const request = { ...caller.request, ...network, viaAWSService: false };
    const key = JSON.stringify([enforced, request]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = evaluateAccess(enforced, request).decision === 'NotDenied';
    answers.set(key, answer);
    return answer;
  });
}

/** More than one while names may answer either way. */
function networksOf(world: World, caller: Caller): readonly Partial<AccessRequest>[] {
  const { publicIp, privateIp, hubEndpoint, service } = caller;
  if (hubEndpoint !== undefined) return [{ sourceVpce: hubEndpoint, vpcSourceIp: '10.9.0.1' }];
  if (privateIp === undefined) return [{ sourceIp: publicIp }];
  const candidates = world.endpoints.filter((one) => one.service === service);
  const inUse = candidates.filter(
    ({ privateDns, names }) => privateDns || names === 'Pending' || names === 'Lagging',
  );
  const named = candidates.find(({ privateDns }) => privateDns);
  const isPublic = named === undefined || named.beside === 'Public';
  return [
    ...inUse.map(({ id }) => ({ sourceVpce: id, vpcSourceIp: privateIp })),
    ...(isPublic ? [{ sourceIp: publicIp }] : []),
  ];
}

/** Who loses or gets access on the way from the first world to the last, and only on the way. */
export function wrongsOnTheWay(worlds: readonly World[]): readonly string[] {
  const [start, end] = [worlds[0], worlds.at(-1)];
  if (start === undefined || end === undefined) return [];
  const answers: Answers = new Map();
  return [...new Set(worlds.flatMap((world) => wrongs(start, world, end, answers)))];
}

function wrongs(start: World, world: World, end: World, answers: Answers): readonly string[] {
  return callers.flatMap((caller) => {
    const before = answersTo(start, caller, answers);
    const after = answersTo(end, caller, answers);
    // Whoever gets in by one way and not by another has no access to lose, and some to get.
    const had = [...before, ...after];
    const now = answersTo(world, caller, answers);
    if (had.every((one) => one) && !now.every((one) => one)) {
      return [`${JSON.stringify(caller)} loses access in between`];
    }
    if (!had.some((one) => one) && now.some((one) => one)) {
      return [`${JSON.stringify(caller)} gets access in between`];
    }
    return [];
  });
}
