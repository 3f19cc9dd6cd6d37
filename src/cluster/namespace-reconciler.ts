/** One pass over one namespace: decide, write, and note how it is for each link. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { ApiStatusError } from '../kubernetes/client/api-error.ts';
import type { PassResult } from '../kubernetes/controller.ts';
import type { WorkItem, WorkQueue } from '../kubernetes/queue/work-queue.ts';
import { basisOf } from '../plan/clients/status/basis.ts';
import { type ExistingObject, linksOf } from '../plan/clients/client-object.ts';
import type { NamespaceResult } from '../plan/clients/status/clients-view.ts';
import type { ClientFinding } from '../plan/clients/finding.ts';
import {
  type ClientNamespace,
  type NamespaceAction,
  type NamespacePlan,
  planNamespace,
} from '../plan/clients/plan-namespace.ts';
import type { ClusterFacts } from '../plan/clients/wanted-egress.ts';
import type { Logger } from '../telemetry/logger.ts';
import { scrub } from '../telemetry/redaction.ts';
import type { NamespaceResults } from './namespace-results.ts';
import type { RewritePace } from './rewrite-pace.ts';
import { NotLeading, type WriteObject } from './write-objects.ts';

/** Everything that passes over namespaces work with. */
export interface NamespaceReconcilerOptions {
  readonly namespace: (name: string) => ClientNamespace | undefined;
  /** See `NamespaceInput.links`. */
  readonly links: (namespace: ClientNamespace) => readonly SageMakerPrivateLink[];
  /** Own objects of a namespace. */
  readonly existing: (namespace: string) => readonly ExistingObject[];
  readonly cluster: () => ClusterFacts;
  /** Names of links whose cluster-scoped policy is in force. */
  readonly clusterPolicies: () => ReadonlySet<string>;
  readonly operatorNamespace?: string;
  readonly write: WriteObject;
  readonly pace: RewritePace;
  readonly results: NamespaceResults;
  readonly queue: Pick<WorkQueue, 'addAfter' | 'addRateLimited' | 'forget'>;
  readonly logger: Logger;
}

export type ReconcileNamespace = (item: WorkItem, signal: AbortSignal) => Promise<PassResult>;

/** Creates a reconciler of namespaces, whose keys are their names. */
export function createNamespaceReconciler(options: NamespaceReconcilerOptions): ReconcileNamespace {
  return async (item, signal) => {
    const namespace = options.namespace(item.key);
    if (namespace === undefined) {
      options.results.note(item.key, new Map());
      options.queue.forget(item.key);
      return 'success';
    }
    try {
      return await new NamespacePass(options, namespace, signal).run();
    } catch (error) {
      if (!(error instanceof NotLeading)) throw error;
      // Another replica has these watches now; this process ends, or gets the duties again.
      options.queue.addRateLimited(item.key, { reason: 'NotLeading' });
      return 'requeue';
    }
  };
}

/** Where writes met what the watches had not shown, the pass decides anew; so often at most. */
const mostRounds = 4;

/** An action that was not carried out. */
interface Failure {
  readonly action: NamespaceAction;
  readonly finding: Pick<ClientFinding, 'reason' | 'message'>;
  /** True for what ends by itself. */
  readonly mayPass: boolean;
  /** When it may be tried again, in ms from now. @default the growing delay of the key */
  readonly retryAfterMs?: number;
}

class NamespacePass {
  private readonly options: NamespaceReconcilerOptions;
  private readonly namespace: ClientNamespace;
  private readonly signal: AbortSignal;
  private readonly links: readonly SageMakerPrivateLink[];
  /** By kind and name: as the watches show it, and as writes of this pass have left it. */
  private readonly existing: Map<string, ExistingObject>;
  private failures: Failure[] = [];

  constructor(
    options: NamespaceReconcilerOptions,
    namespace: ClientNamespace,
    signal: AbortSignal,
  ) {
    this.options = options;
    this.namespace = namespace;
    this.signal = signal;
    this.links = options.links(namespace);
    this.existing = new Map(options.existing(namespace.name).map((one) => [keyOf(one), one]));
  }

  async run(): Promise<PassResult> {
    const { name } = this.namespace;
    let plan = this.plan();
    for (let round = 1; await this.carryOut(plan); round += 1) {
      // Others change the objects faster than this pass decides: another one comes.
      if (round === mostRounds) throw new Error(`the objects of ${name} change all the time`);
      plan = this.plan();
    }
    this.options.results.note(name, this.resultsOf(plan));
    return this.requeue();
  }

  private requeue(): PassResult {
    const { queue } = this.options;
    const { name } = this.namespace;
    const delays = this.failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
    if (delays.length < this.failures.length) {
      queue.addRateLimited(name, { reason: 'Retry' });
      return 'requeue';
    }
    queue.forget(name);
    if (delays.length === 0) return 'success';
    queue.addAfter(name, Math.min(...delays), { reason: 'Rewrite' });
    return 'requeue_after';
  }

  private plan(): NamespacePlan {
    const { cluster, clusterPolicies, operatorNamespace } = this.options;
    return planNamespace({
      namespace: this.namespace,
      links: this.links,
      existing: [...this.existing.values()],
      cluster: cluster(),
      clusterPolicies: clusterPolicies(),
      ...(operatorNamespace === undefined ? {} : { operatorNamespace }),
    });
  }

  /** Carries out the actions in their order. Returns whether the plan has to be made anew. */
  private async carryOut({ actions }: NamespacePlan): Promise<boolean> {
    this.failures = [];
    let isOutdated = false;
    for (const action of actions) {
      // Deletions come last, and only if all else succeeded; none of them needs another.
      const isBlocked = this.failures.some(({ action: { kind } }) => kind !== 'Delete');
      if (isOutdated || isBlocked) break;
      isOutdated = await this.act(action);
    }
    return isOutdated;
  }

  private async act(action: NamespaceAction): Promise<boolean> {
    try {
      return await this.write(action);
    } catch (error) {
      this.signal.throwIfAborted();
      if (error instanceof NotLeading) throw error;
      if (isTerminating(error)) return false;
      this.failures.push({ action, ...failureOf(error, action) });
      return false;
    }
  }

  private async write(action: NamespaceAction): Promise<boolean> {
    const { name } = this.namespace;
    const { pace } = this.options;
    const key = keyOfAction(action);
    const content =
      action.kind === 'Delete' ? '' : JSON.stringify(action.object.metadata.annotations);
    const pauseMs = pace.pauseMs(`${name}/${key}`, content);
    if (pauseMs > 0) {
      this.failures.push({
        action,
        mayPass: false,
        retryAfterMs: pauseMs,
        finding: undone(action),
      });
      return false;
    }
    const outcome = await this.options.write(action, name, { signal: this.signal });
    if (outcome.kind !== 'met') pace.noteWrite(`${name}/${key}`, content);
    switch (outcome.kind) {
      case 'written':
        this.existing.set(key, outcome.object);
        this.log(action);
        return false;
      case 'deleted':
        this.existing.delete(key);
        this.log(action);
        return false;
      case 'met':
        this.existing.set(key, outcome.object);
        return true;
      case 'vanished':
        this.existing.delete(key);
        return true;
      case 'shared':
        this.failures.push({ action, mayPass: false, finding: sharedFinding(action, outcome) });
        return false;
    }
  }

  private log(action: NamespaceAction): void {
    const { name } = this.namespace;
    const fields = { namespace: name, action: action.kind, object: keyOfAction(action) };
    this.options.logger.debug(fields, 'changed in the cluster');
  }

  private resultsOf(plan: NamespacePlan): ReadonlyMap<string, NamespaceResult> {
    const selecting = this.links.filter(({ metadata }) => plan.selectedBy.includes(metadata.name));
    return new Map(selecting.map((link) => [link.metadata.name, this.resultOf(link, plan)]));
  }

  private resultOf(link: SageMakerPrivateLink, plan: NamespacePlan): NamespaceResult {
    const { name } = link.metadata;
    const basis = basisOf(link);
    const about = (one: ClientFinding): boolean => one.link === name;
    const failures = this.failures.filter(({ action }) => this.concerns(action, name));
    const lasting = failures.filter(({ mayPass }) => !mayPass).map(({ finding }) => finding);
    const passing = failures.filter(({ mayPass }) => mayPass).map(({ finding }) => finding);
    const [problem] = [...plan.problems.filter(about), ...lasting];
    if (problem !== undefined) return { basis, state: 'Failing', ...inShort(problem) };
    const [wait] = [...plan.waits.filter(about), ...passing];
    if (wait !== undefined) return { basis, state: 'Waiting', ...inShort(wait) };
    return { basis, state: 'Ready', message: '' };
  }

  /** Whether the object of an action is, or was, there for a link. */
  private concerns(action: NamespaceAction, link: string): boolean {
    const known = this.existing.get(keyOfAction(action));
    const links = action.kind === 'Delete' ? [] : linksOf(action.object);
    return [...links, ...(known === undefined ? [] : linksOf(known))].includes(link);
  }
}

function inShort({ reason, message }: Failure['finding']): Failure['finding'] {
  return { reason, message };
}

function keyOf({ kind, metadata }: ExistingObject): string {
  return `${kind}/${metadata.name}`;
}

function keyOfAction({ kind, object }: NamespaceAction): string {
  const { name } = kind === 'Delete' ? object : object.metadata;
  return `${object.kind}/${name}`;
}

/** Nothing can be made in a namespace that goes away, and everything in it goes with it. */
function isTerminating(error: unknown): boolean {
  if (!(error instanceof ApiStatusError)) return false;
  const causes = error.status.details?.causes ?? [];
  return error.code === 404 || causes.some(({ reason }) => reason === 'NamespaceTerminating');
}

function undone(action: NamespaceAction): Failure['finding'] {
  const [kind, name] = keyOfAction(action).split('/');
  return {
    reason: 'UndoneAgain',
    message: `Somebody undoes each write of the ${kind} ${name}, so it is written more and more seldom. Look at its managedFields for who does.`,
  };
}

function failureOf(error: unknown, action: NamespaceAction): Omit<Failure, 'action'> {
  const [kind, name] = keyOfAction(action).split('/');
  const verb = { Create: 'create', Update: 'change', Delete: 'delete' }[action.kind];
  const detail = scrub(error instanceof Error ? error.message : String(error));
  const isRefusal = error instanceof ApiStatusError && error.code !== 429 && error.code < 500;
  if (!isRefusal) {
    const message = `The API server did not ${verb} the ${kind} ${name}: ${detail}. It is tried again.`;
    return { mayPass: true, finding: { reason: 'ClusterUnavailable', message } };
  }
  const words = scrub(error.status.message ?? detail);
  const message = `The API server refuses to ${verb} the ${kind} ${name}: ${words}. Look for a quota, an admission policy or a right that the operator lacks.`;
  return { mayPass: false, finding: { reason: 'WriteRefused', message } };
}

function sharedFinding(
  action: NamespaceAction,
  { owners }: { readonly owners: readonly string[] },
): Failure['finding'] {
  const [kind, name] = keyOfAction(action).split('/');
  return {
    reason: 'OwnedByAnother',
    message: `Parts of the ${kind} ${name} are applied by ${owners.join(', ')} and are not overwritten. Take the object out of what it applies.`,
  };
}
