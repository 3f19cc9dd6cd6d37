/** Looks at everything that happens in a run and writes down each broken promise. */
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../../src/api/sagemaker-private-link.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import type { Collection, StoredObject } from '../cluster/api-server.ts';
import type { ClientCluster } from '../cluster/client-cluster.ts';
import type { Kubelet } from '../cluster/kubelet.ts';
import type { ShardLeases } from '../cluster/shard-leases.ts';
import type { Verdict } from '../boundary.ts';
import type { CallPoint } from '../faults.ts';
import { ownerOf } from '../links.ts';
import { secretsIn } from '../planted-secrets.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import {
  type Holdings,
  holdingsOf,
  idsOfEverything,
  namesOf,
  normalForm,
  othersAsText,
  rolesOf,
} from '../world/snapshot.ts';
import { ClientPromises } from './client-promises.ts';
import { conditionLies } from './condition-truth.ts';
import { firstDifference } from './difference.ts';
import { duplicatesIn } from './duplicates.ts';
import { NotebookCallers } from './notebook-callers.ts';
import { createReachWatch, type ReachWatch } from './reachability.ts';
import { statusMistakes } from './status-rules.ts';
import type { Oracle, Violation } from './violation.ts';
import { untruths } from './world-truth.ts';

export interface WatcherOptions {
  readonly aws: SimulatedAws;
  readonly links: Collection;
  readonly cluster: ClientCluster;
  readonly kubelet: Kubelet;
  readonly events: Collection;
  /** The owners of the places, where processes share the work. */
  readonly owners?: Pick<ShardLeases, 'ownerOfPlace' | 'ownerOfCluster'>;
  readonly now: () => number;
}

/** How often each kind of resource was made and taken away, and how everything ended. */
export interface Outcome {
  readonly made: Readonly<Record<string, number>>;
  readonly gone: Readonly<Record<string, number>>;
  readonly world: string;
  readonly status: string;
  readonly calls: number;
}

/**
 * Errors in the log that are no fault of the operator's: a pass that the API server did
 * not let end, which is tried again, and the end of a replica that lost what it had.
 */
const expectedError =
  /"stack":"Api(Connection|Status)Error|"what this replica had was lost: the process ends"/;
/** Writes that the duties of the cluster are made of. */
const inNamespaces = / (configmaps|networkpolicies|clusternetworkpolicies|pods)$/;
/** Passes without a write that count as rest. */
const quietPasses = 3;
/** A link that nobody looks at any more (suspended, or gone) rests after this. */
const quietMs = 15 * 60_000;
/** More calls than this without time passing are a loop. */
const mostCallsAtOnce = 400;
const mostCallsOfPhase = 6_000;

export class Watcher {
  /** False while reads may lag: then a status may say what AWS still shows. */
  isCertain = true;
  /** False while somebody else than the operator writes. */
  isLooking = true;
  /** True when a call may leave a process that was stopped in the moment of sending it. */
  mayOverlap = false;
  /** True when somebody else has changed AWS. */
  private isDisturbed = false;
  /** By the link's UID; only while one change is made. */
  private readonly callers = new Map<string, NotebookCallers>();
  private readonly options: WatcherOptions;
  private readonly found: Violation[] = [];
  private readonly owners = new Map<string, OwnerIdentity>();
  private readonly reach: ReachWatch;
  private readonly clients: ClientPromises;
  private readonly roles = new Map<string, ReadonlyMap<string, string>>();
  private readonly made = new Map<string, number>();
  private readonly gone = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly others: Set<string>;
  private othersText: string;
  /** By link. */
  private readonly passesSinceWrite = new Map<string, number>();
  private lastWriteAt = 0;
  private callsOfPhase = 0;
  private callsAtOnce = { at: 0, calls: 0 };
  private calls = 0;

  constructor(options: WatcherOptions) {
    this.options = options;
    this.reach = createReachWatch(options.aws);
    this.clients = new ClientPromises({
      aws: options.aws,
      cluster: options.cluster,
      kubelet: options.kubelet,
      links: () => this.links(),
      note: (oracle, message) => this.note(oracle, message),
      onWrite: () => this.noteWrite(options.now()),
    });
    this.others = idsOfEverything(options.aws);
    this.othersText = othersAsText(options.aws, this.others);
    options.links.subscribe(({ type, object }) => {
      const link = object as unknown as SageMakerPrivateLink;
      this.owners.set(link.metadata.uid, ownerOf(link));
      if (type === 'DELETED') this.reach.forget(link.metadata.uid);
      else this.reach.noteSpec(link);
      if (type === 'DELETED' && this.isLooking) this.checkNothingIsLeft(link);
    });
  }

  violations(): readonly Violation[] {
    return this.found;
  }

  note(oracle: Oracle, message: string): void {
    const isKnown = this.found.some((one) => one.oracle === oracle && one.message === message);
    if (!isKnown && this.found.length < 20) this.found.push({ oracle, message });
  }

  beginPhase(nowMs: number): void {
    this.passesSinceWrite.clear();
    this.callsOfPhase = 0;
    this.lastWriteAt = nowMs;
  }

  /** From here on every link goes from one spec to another one, and nobody else meddles. */
  beginChange(): void {
    for (const [uid, owner] of this.owners) {
      const callers = this.callersOf(uid);
      callers.begin(owner, this.options.now());
    }
  }

  /** Everything has come to rest: who had access before and has it now had it all the time. */
  endChange(): void {
    if (this.isDisturbed) return;
    for (const [uid, owner] of this.owners) {
      const callers = this.callersOf(uid);
      callers.note(owner, this.options.now());
      for (const wrong of callers.wrongs()) this.note('O13', wrong);
    }
  }

  private callersOf(uid: string): NotebookCallers {
    const known = this.callers.get(uid) ?? new NotebookCallers(this.options.aws);
    this.callers.set(uid, known);
    return known;
  }

  /** Every call, whatever becomes of it. */
  noteCall(point: CallPoint, nowMs: number): void {
    this.reach.beforeCall(nowMs);
    // Renewing a Lease is no work: it goes on at a pace of its own.
    if (point.name.endsWith(' leases')) return;
    this.calls += 1;
    this.callsOfPhase += 1;
    if (this.callsAtOnce.at !== nowMs) this.callsAtOnce = { at: nowMs, calls: 0 };
    this.callsAtOnce.calls += 1;
    if (this.callsAtOnce.calls > mostCallsAtOnce) {
      this.note('O8', `${mostCallsAtOnce} calls without time passing, the last ${point.name}`);
    }
    if (this.callsOfPhase > mostCallsOfPhase) {
      this.note('O9', `${mostCallsOfPhase} calls and no rest, the last ${point.name}`);
    }
    // A call that is refused for good is tried again at a slow pace: that is no unrest.
    const isBlocked = this.links().every((link) => isBlockedDeletion(link) || isStalled(link));
    if (point.to === 'aws' && !point.isRead && !isBlocked) this.noteWrite(nowMs);
  }

  /** A call on which the server has decided. */
  noteEffect(point: CallPoint, verdict: Verdict): void {
    this.checkOwner(point);
    if (point.to !== 'aws' || point.isRead) return;
    // However a link stands: while AWS does something for it, it does not rest.
    if (verdict === 'done') this.noteWrite(this.options.now());
    this.checkWorld();
    this.clients.noteWorld();
    const at = point.name.startsWith('ec2:') ? 'ec2' : 'iam';
    for (const loss of this.reach.afterChange(at)) this.note('O14', `${point.name}: ${loss}`);
  }

  /** Of a Lease that somebody deleted nobody can say who has it. */
  private checkOwner({ to, name, by, isRead }: CallPoint): void {
    const { owners } = this.options;
    if (owners === undefined || isRead || this.mayOverlap) return;
    const isOfCluster = to === 'kubernetes' && inNamespaces.test(name);
    if (to !== 'aws' && !isOfCluster) return;
    const owner = isOfCluster ? owners.ownerOfCluster() : owners.ownerOfPlace();
    if (owner === undefined || owner === by) return;
    this.note('O11', `${by} did ${name}, which is the business of ${owner || 'nobody'}`);
  }

  /** A status, a finalizer or a spec was written. */
  noteObject(object: StoredObject, former: StoredObject, part: 'object' | 'status', nowMs: number) {
    if (part === 'object' || !this.isLooking) return this.noteWrite(nowMs);
    if (withoutTimes(object.status) !== withoutTimes(former.status)) this.noteWrite(nowMs);
    const link = object as unknown as SageMakerPrivateLink;
    this.texts.push(JSON.stringify(object.status));
    for (const mistake of statusMistakes(link)) this.note('O7', mistake);
    this.clients.noteStatus(link);
    if (this.isCertain) {
      this.checkTruth(link);
      this.checkConditions(link, { former: former.status, isStill: false });
    }
  }

  noteLog(line: string): void {
    this.texts.push(line);
    const isBug = line.includes('"level":"error"') && !expectedError.test(line);
    if (isBug) this.note('O8', `an error was logged: ${line.trim()}`);
  }

  /** A process that starts has measured nothing yet: the passes of the one before do not count. */
  noteStart(): void {
    this.passesSinceWrite.clear();
  }

  notePass(name: string): void {
    this.passesSinceWrite.set(name, (this.passesSinceWrite.get(name) ?? 0) + 1);
  }

  noteFailure(error: unknown): void {
    this.note('O8', `nobody caught: ${error instanceof Error ? error.stack : String(error)}`);
  }

  /** The resources of a link that is no more become others': they have to stay as they are. */
  abandon({ metadata }: Pick<SageMakerPrivateLink, 'metadata'>): void {
    const { endpoints, groups, policies } = holdingsOf(this.options.aws, ownerOf({ metadata }));
    for (const one of [...endpoints, ...groups]) this.others.add(one.id);
    for (const { arn } of policies) this.others.add(arn);
    this.owners.delete(metadata.uid);
    this.roles.delete(metadata.uid);
    this.othersText = othersAsText(this.options.aws, this.others);
  }

  /** Somebody changed the world on purpose. */
  acceptWorld(except: readonly string[] = []): void {
    this.isDisturbed = true;
    for (const id of except) this.others.delete(id);
    this.othersText = othersAsText(this.options.aws, this.others);
    this.checkWorld();
  }

  isWild(): boolean {
    return this.found.some(({ oracle, message }) => oracle >= 'O8' && / calls /.test(message));
  }

  isAtRest(nowMs: number): boolean {
    const links = this.links();
    if (!links.every(isHandled) || !this.clients.areServed()) return false;
    const isQuiet = links.every(
      ({ metadata }) => (this.passesSinceWrite.get(metadata.name) ?? 0) >= quietPasses,
    );
    return (
      (isQuiet && links.length > 0 && nowMs > this.lastWriteAt) ||
      nowMs - this.lastWriteAt >= quietMs
    );
  }

  /** The checks of a run that is over, and how it ended. */
  conclude(): Outcome {
    this.checkWorld();
    this.clients.conclude();
    for (const link of this.links()) {
      this.checkTruth(link);
      this.checkConditions(link, { former: link.status, isStill: true });
    }
    const texts = [
      ...this.texts,
      ...this.options.events.list().map((event) => JSON.stringify(event)),
    ];
    for (const text of texts) {
      for (const secret of secretsIn(text)) this.note('O10', `${secret} in ${text.slice(0, 300)}`);
    }
    for (const owner of this.owners.values()) {
      if (!this.links().some(({ metadata }) => metadata.uid === owner.uid)) {
        this.checkLeftovers(owner);
      }
    }
    return this.outcome();
  }

  private outcome(): Outcome {
    const holdings = [...this.owners.values()].map((owner) => holdingsOf(this.options.aws, owner));
    const nameOf = (text: string): string =>
      holdings.reduce((named, one) => namesOf(one)(named), text);
    const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
      Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      made: { ...sorted(this.made), ...this.clients.counts() },
      gone: sorted(this.gone),
      world: holdings.map(normalForm).join('\n'),
      status: nameOf(
        this.links()
          .map(({ status }) => statusText(status))
          .join('\n'),
      ),
      calls: this.calls,
    };
  }

  private links(): readonly SageMakerPrivateLink[] {
    return this.options.links.list() as unknown as readonly SageMakerPrivateLink[];
  }

  private noteWrite(nowMs: number): void {
    this.passesSinceWrite.clear();
    this.lastWriteAt = nowMs;
  }

  private checkWorld(): void {
    for (const owner of this.owners.values()) {
      const holdings = holdingsOf(this.options.aws, owner);
      this.callersOf(owner.uid).note(owner, this.options.now());
      for (const duplicate of duplicatesIn(holdings)) this.note('O1', duplicate);
      this.checkWayIn(owner, holdings);
      this.count(owner, holdings);
    }
    const text = othersAsText(this.options.aws, this.others);
    if (text !== this.othersText) {
      this.note('O3', `of others: ${firstDifference(text, this.othersText)}`);
    }
  }

  /** While clients are told that the endpoints can be used, some traffic has to be let in. */
  private checkWayIn({ uid }: OwnerIdentity, { endpoints, groups, rules }: Holdings): void {
    const link = this.links().find(({ metadata }) => metadata.uid === uid);
    const available = link?.status?.conditions?.find(({ type }) => type === 'Available');
    if (available?.status !== 'True' || this.isDisturbed) return;
    for (const { id } of groups) {
      const isUsed = endpoints.some(
        ({ groupIds, deletion }) => deletion === undefined && groupIds.includes(id),
      );
      const isOpen = rules.some(({ groupId, isEgress }) => groupId === id && !isEgress);
      if (isUsed && !isOpen) this.note('O7', `Available is True, but ${id} lets nobody in`);
    }
  }

  private count({ uid }: OwnerIdentity, holdings: Holdings): void {
    const before = this.roles.get(uid) ?? new Map<string, string>();
    const now = rolesOf(holdings);
    const add = (counts: Map<string, number>, role: string): void =>
      void counts.set(role, (counts.get(role) ?? 0) + 1);
    for (const [id, role] of now) if (!before.has(id)) add(this.made, role);
    for (const [id, role] of before) if (!now.has(id)) add(this.gone, role);
    this.roles.set(uid, now);
  }

  private checkTruth({ metadata, spec, status }: SageMakerPrivateLink): void {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True' || metadata.deletionTimestamp !== undefined) return;
    const lies = untruths(this.options.aws, ownerOf({ metadata }), spec);
    if (lies.length > 0) this.note('O7', `Ready is True, but ${lies.join('; ')}`);
  }

  private checkConditions(
    link: SageMakerPrivateLink,
    seen: Parameters<typeof conditionLies>[2],
  ): void {
    for (const lie of conditionLies(this.options.aws, link, seen)) this.note('O12', lie);
  }

  private checkNothingIsLeft(link: SageMakerPrivateLink): void {
    this.checkLeftovers(ownerOf(link));
  }

  private checkLeftovers(owner: OwnerIdentity): void {
    const { endpoints, groups, policies } = holdingsOf(this.options.aws, owner);
    const retained = ({ tags }: { readonly tags: object }): boolean =>
      Object.keys(tags).some((key) => key.startsWith('sagemaker.privatelink.dev/'));
    const left = [...endpoints, ...groups.filter(retained), ...policies];
    const names = left.map((one) => ('id' in one ? one.id : ''));
    if (left.length > 0) this.note('O2', `${owner.name} is gone, but ${names.join(', ')} is not`);
  }
}

export function createWatcher(options: WatcherOptions): Watcher {
  return new Watcher(options);
}

function isBlockedDeletion({ metadata, status }: SageMakerPrivateLink): boolean {
  const isStalled = status?.conditions?.some(({ type }) => type === 'Stalled') === true;
  return metadata.deletionTimestamp !== undefined && isStalled;
}

function isStalled({ metadata, status }: SageMakerPrivateLink): boolean {
  const isSaid = status?.conditions?.some(({ type }) => type === 'Stalled') === true;
  return isSaid && status?.observedGeneration === metadata.generation;
}

/** Nothing more happens by itself: the link is ready, stalled or suspended. */
function isHandled({ metadata, status }: SageMakerPrivateLink): boolean {
  const find = (type: string) => status?.conditions?.find((one) => one.type === type);
  if (find('Stalled') !== undefined && status?.observedGeneration === metadata.generation) {
    return true;
  }
  if (metadata.deletionTimestamp !== undefined) return false;
  const ready = find('Ready');
  const isDone = ready?.status === 'True' || ready?.reason === 'Suspended';
  return isDone && status?.observedGeneration === metadata.generation;
}

function withoutTimes(status: unknown): string {
  return JSON.stringify(status, (key, value) => (times.includes(key) ? undefined : value));
}

const times = ['lastSweepTime', 'lastTransitionTime', 'lastChangeTime', 'since'];
/** How long private DNS has been as it is: a link may be at rest before that is long enough. */
const durations = ['privateDNSSettled'];

/** A status without times and addresses, which differ from run to run. */
function statusText(status: SageMakerPrivateLinkStatus | undefined): string {
  const addresses = ['ipv4', 'ipv6', 'to', 'basis'];
  const varying = [...times, ...durations, ...addresses, 'versionId'];
  return JSON.stringify(sorted(status), (key, value) =>
    varying.includes(key) || key === 'dnsNames' || key === 'url' || key === 'id'
      ? undefined
      : value,
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
