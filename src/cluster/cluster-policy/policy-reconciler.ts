/** One pass over the cluster-scoped policy of one link: read, decide, write, and note how it is. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import { ApiStatusError } from '../../kubernetes/client/api-error.ts';
import type { ServedResource } from '../../kubernetes/client/served-resources.ts';
import type { PassResult } from '../../kubernetes/controller.ts';
import type { WorkItem, WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import { contentHashAnnotation, ownerWords } from '../../plan/clients/client-object.ts';
import {
  type ClusterPolicyPlan,
  planClusterPolicy,
} from '../../plan/clients/cluster-policy/plan-cluster-policy.ts';
import {
  type ExistingPolicy,
  isOwnPolicy,
  policiesHash,
  policyWords,
} from '../../plan/clients/cluster-policy/policy-manifest.ts';
import {
  type ClusterPolicyObject,
  policyLabels,
} from '../../plan/clients/cluster-policy/policy-object.ts';
import type { PolicyStep } from '../../plan/clients/cluster-policy/policy-steps.ts';
import { policyBasisOf } from '../../plan/clients/status/basis.ts';
import type { ClusterPolicyResult } from '../../plan/clients/status/clients-view.ts';
import type { ClusterFacts } from '../../plan/clients/wanted-egress.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { scrub } from '../../telemetry/redaction.ts';
import type { RewritePace } from '../rewrite-pace.ts';
import { NotLeading } from '../write-objects.ts';
import type { PolicyResults } from './policy-results.ts';
import type { PolicyOutcome, WritePolicy } from './write-policy.ts';

/** Everything that passes over cluster-scoped policies work with. */
export interface PolicyReconcilerOptions {
  readonly link: (name: string) => SageMakerPrivateLink | undefined;
  /** The resources to read and write, as discovery shows them. */
  readonly resources: (signal: AbortSignal) => Promise<readonly ServedResource[]>;
  /** Discovery is not right any more. */
  readonly onKindGone: () => void;
  /** Own objects of one kind, of all links. */
  readonly list: (
    resource: ServedResource,
    signal: AbortSignal,
  ) => Promise<readonly ExistingPolicy[]>;
  /** The objects of a link that the watches show, in words. */
  readonly shown: (link: string) => readonly string[];
  /** Told of each object that a pass has deleted. */
  readonly onDeleted: (uid: string) => void;
  readonly cluster: () => ClusterFacts;
  /** Whether the NetworkPolicies of the link's namespaces hold its pods without the cluster's. */
  readonly areNamespacesHeld: (link: SageMakerPrivateLink) => boolean;
  readonly operatorNamespace?: string;
  readonly write: WritePolicy;
  readonly pace: RewritePace;
  readonly results: PolicyResults;
  readonly queue: Pick<WorkQueue, 'addAfter' | 'addRateLimited' | 'forget'>;
  readonly logger: Logger;
}

export type ReconcilePolicy = (item: WorkItem, signal: AbortSignal) => Promise<PassResult>;

/** Creates a reconciler of cluster-scoped policies, whose keys are the names of links. */
export function createPolicyReconciler(options: PolicyReconcilerOptions): ReconcilePolicy {
  return async ({ key }, signal) => {
    try {
      return await new PolicyPass(options, key, signal).run();
    } catch (error) {
      if (!(error instanceof NotLeading)) throw error;
      options.queue.addRateLimited(key, { reason: 'NotLeading' });
      return 'requeue';
    }
  };
}

/** Where writes met what the list had not shown, the pass decides anew; so often at most. */
const mostRounds = 4;

/** Where a kind is missed, discovery is asked again so soon: somebody may be installing it. */
const discoverAgainMs = 10_000;
const ofKinds: ReadonlySet<string> = new Set(['NoFlavorServed', 'FlavorNotServed', 'FlavorGone']);

/** A pass that did not come to its end. */
interface Failure {
  readonly state: 'Waiting' | 'Failing';
  readonly reason: NonNullable<ClusterPolicyResult['reason']>;
  readonly message: string;
  /** When it may be tried again, in ms from now. @default the growing delay of the key */
  readonly retryAfterMs?: number;
}

class PolicyPass {
  private readonly options: PolicyReconcilerOptions;
  private readonly name: string;
  private readonly signal: AbortSignal;
  private readonly link: SageMakerPrivateLink | undefined;
  private resources: readonly ServedResource[] = [];
  /** Own objects by kind and name: as they were read, and as writes of this pass have left them. */
  private readonly existing = new Map<string, ExistingPolicy>();
  private failure: Failure | undefined;

  constructor(options: PolicyReconcilerOptions, name: string, signal: AbortSignal) {
    this.options = options;
    this.name = name;
    this.signal = signal;
    this.link = options.link(name);
  }

  async run(): Promise<PassResult> {
    try {
      await this.read();
    } catch (error) {
      this.signal.throwIfAborted();
      return this.unread(error);
    }
    let plan = this.plan();
    for (let round = 1; await this.carryOut(plan); round += 1) {
      // Others change the objects faster than this pass decides: another one comes.
      if (round === mostRounds) throw new Error(`the policies of ${this.name} change all the time`);
      plan = this.plan();
    }
    this.options.results.note(this.name, this.resultOf(plan));
    return this.requeue(plan);
  }

  private async read(): Promise<void> {
    this.resources = await this.options.resources(this.signal);
    await this.list();
    // A list that lacks what a watch has shown may be the older one of the two. Without an object
    // that is there, the steps would be in a wrong order; so another list has to say the same.
    const listed = new Set([...this.existing.values()].map(({ object }) => policyWords(object)));
    if (this.options.shown(this.name).some((one) => !listed.has(one))) await this.list();
  }

  private async list(): Promise<void> {
    const { list } = this.options;
    const found = await Promise.all(this.resources.map((one) => list(one, this.signal)));
    this.existing.clear();
    for (const one of found.flat()) {
      if (isOwnPolicy(one, this.name)) this.existing.set(keyOf(one.object), one);
    }
  }

  /** Nothing is known of what is there: what was known before stays. */
  private unread(error: unknown): PassResult {
    const { results, queue } = this.options;
    const before = results.of(this.name);
    const { state, reason, message } = readFailure(error);
    const { basis = '', objects = [], hash = '', inForce = false, flavor } = before ?? {};
    const chosen = flavor === undefined ? {} : { flavor };
    results.note(this.name, { basis, state, reason, message, objects, hash, inForce, ...chosen });
    queue.addRateLimited(this.name, { reason: 'Retry' });
    return 'requeue';
  }

  private requeue({ problems }: ClusterPolicyPlan): PassResult {
    const { queue } = this.options;
    if (this.failure === undefined) {
      queue.forget(this.name);
      if (!problems.some(({ reason }) => ofKinds.has(reason))) return 'success';
      queue.addAfter(this.name, discoverAgainMs, { reason: 'KindMissing' });
      return 'requeue_after';
    }
    const { retryAfterMs } = this.failure;
    if (retryAfterMs === undefined) {
      queue.addRateLimited(this.name, { reason: 'Retry' });
      return 'requeue';
    }
    queue.forget(this.name);
    queue.addAfter(this.name, retryAfterMs, { reason: 'Rewrite' });
    return 'requeue_after';
  }

  private plan(): ClusterPolicyPlan {
    const { cluster, operatorNamespace, areNamespacesHeld } = this.options;
    return planClusterPolicy(this.link, {
      served: this.resources,
      existing: [...this.existing.values()],
      cluster: cluster(),
      ...(operatorNamespace === undefined ? {} : { operatorNamespace }),
      areNamespacesHeld: this.link === undefined || areNamespacesHeld(this.link),
    });
  }

  /**
   * Carries out the steps in their order, of which each relies on those before it. Returns whether
   * the plan has to be made anew.
   */
  private async carryOut({ steps }: ClusterPolicyPlan): Promise<boolean> {
    for (const step of steps) {
      const isOutdated = await this.act(step);
      if (isOutdated) return true;
      if (this.failure !== undefined) return false;
    }
    return false;
  }

  private async act(step: PolicyStep): Promise<boolean> {
    const resource = this.resourceOf(step.object);
    if (resource === undefined) return false;
    const key = keyOf(step.object);
    const content = step.verb === 'Delete' ? '' : contentOf(step.object);
    const retryAfterMs = this.options.pace.pauseMs(key, content);
    if (retryAfterMs > 0) {
      this.failure = { ...undone(step.object), retryAfterMs };
      return false;
    }
    try {
      const place = { resource, call: { signal: this.signal } };
      const outcome = await this.options.write(step, this.existing.get(key), place);
      if (outcome.kind !== 'met') this.options.pace.noteWrite(key, content);
      return this.take(step, outcome);
    } catch (error) {
      this.signal.throwIfAborted();
      if (error instanceof NotLeading) throw error;
      if (error instanceof ApiStatusError && error.code === 404) this.options.onKindGone();
      this.failure = writeFailure(error, step);
      return false;
    }
  }

  /** Takes the outcome of a step in. Returns whether the plan has to be made anew. */
  private take(step: PolicyStep, outcome: PolicyOutcome): boolean {
    const key = keyOf(step.object);
    switch (outcome.kind) {
      case 'written':
        this.existing.set(key, outcome.object);
        this.log(step);
        return false;
      case 'deleted': {
        const gone = this.existing.get(key);
        if (gone !== undefined) this.options.onDeleted(gone.uid);
        this.existing.delete(key);
        this.log(step);
        return false;
      }
      case 'met':
        if (isOwnPolicy(outcome.object, this.name)) {
          this.existing.set(key, outcome.object);
          return true;
        }
        this.existing.delete(key);
        this.failure = foreign(outcome.object);
        return false;
      case 'vanished':
        this.existing.delete(key);
        return true;
      case 'shared':
        this.failure = shared(step.object, outcome.owners);
        return false;
    }
  }

  private resourceOf({ apiVersion, kind }: ClusterPolicyObject): ServedResource | undefined {
    return this.resources.find(
      (one) => `${one.group}/${one.version}` === apiVersion && one.kind === kind,
    );
  }

  private log({ verb, object }: PolicyStep): void {
    const fields = { link: this.name, action: verb, object: policyWords(object) };
    this.options.logger.debug(fields, 'changed in the cluster');
  }

  private resultOf(plan: ClusterPolicyPlan): ClusterPolicyResult | undefined {
    const here = [...this.existing.values()].map(({ object }) => policyWords(object));
    // An answer may be older than a write, and so may a watch: what one of them shows is there.
    const objects = [...new Set([...here, ...this.options.shown(this.name)])].sort();
    if (this.link === undefined && objects.length === 0) return undefined;
    const { flavor, wanted } = plan;
    return {
      basis: policyBasisOf(this.link),
      ...this.stateOf(plan),
      ...(flavor === undefined ? {} : { flavor }),
      objects,
      hash: wanted.length === 0 ? '' : policiesHash(wanted),
      inForce: this.isInForce(plan),
    };
  }

  private stateOf({ problems, waits }: ClusterPolicyPlan) {
    const { failure } = this;
    if (failure?.state === 'Failing') return shortOf(failure);
    const [problem] = problems;
    if (problem !== undefined) return shortOf({ ...problem, state: 'Failing' });
    if (failure !== undefined) return shortOf(failure);
    const [wait] = waits;
    if (wait !== undefined) return shortOf({ ...wait, state: 'Waiting' });
    return { state: 'Ready' as const, message: '' };
  }

  /** The object that shuts pods in is written after all those that let them out. */
  private isInForce({ flavor, wanted }: ClusterPolicyPlan): boolean {
    if (this.failure !== undefined && this.options.results.of(this.name)?.inForce !== true) {
      return false;
    }
    const closing = wanted.some((one) => partOf(one) === 'deny') ? 'deny' : 'allow';
    return [...this.existing.values()].some(
      (one) => one.flavor === flavor && partOf(one.object) === closing,
    );
  }
}

function partOf({ metadata }: ClusterPolicyObject): string | undefined {
  return metadata.labels[policyLabels.part];
}

function shortOf({ state, reason, message }: Failure) {
  return { state, reason, message };
}

function keyOf({ apiVersion, kind, metadata }: ClusterPolicyObject): string {
  const [group = ''] = apiVersion.split('/');
  return `${group}/${kind}/${metadata.name}`;
}

function contentOf({ metadata }: ClusterPolicyObject): string {
  return metadata.annotations?.[contentHashAnnotation] ?? '';
}

function readFailure(error: unknown): Failure {
  const detail = scrub(error instanceof Error ? error.message : String(error));
  if (error instanceof ApiStatusError && error.code === 403) {
    const message = `The cluster-scoped policies cannot be read: ${detail}. Give the operator the rights of the component clients.`;
    return { state: 'Failing', reason: 'WriteRefused', message };
  }
  const message = `The cluster-scoped policies could not be read: ${detail}. They are read again.`;
  return { state: 'Waiting', reason: 'ClusterUnavailable', message };
}

function writeFailure(error: unknown, { verb, object }: PolicyStep): Failure {
  const what = `${verb === 'Delete' ? 'delete' : 'write'} the ${policyWords(object)}`;
  const detail = scrub(error instanceof Error ? error.message : String(error));
  if (!isRefusal(error)) {
    const message = `The API server did not ${what}: ${detail}. It is tried again.`;
    return { state: 'Waiting', reason: 'ClusterUnavailable', message };
  }
  const words = scrub(error.status.message ?? detail);
  const message = `The API server refuses to ${what}: ${words}. Look for a version of the network plugin that does not know a field, an admission policy, or a right that the operator lacks.`;
  return { state: 'Failing', reason: 'WriteRefused', message };
}

/**
 * True for an answer that the same request would get again. A server that does not know a field says
 * 500 to an apply.
 * https://github.com/kubernetes-sigs/structured-merge-diff, "field not declared in schema"
 */
function isRefusal(error: unknown): error is ApiStatusError {
  if (!(error instanceof ApiStatusError) || error.code === 429 || error.code === 404) return false;
  const words = error.status.message ?? '';
  return error.code < 500 || /unknown field|not declared in schema/.test(words);
}

function foreign({ object, managers }: ExistingPolicy): Failure {
  const owner = ownerWords({ metadata: { labels: object.metadata.labels, managers } });
  const message = `The ${policyWords(object)} belongs to ${owner} and is not overwritten. Delete it.`;
  return { state: 'Failing', reason: 'OwnedByAnother', message };
}

function shared(object: ClusterPolicyObject, owners: readonly string[]): Failure {
  const message = `Parts of the ${policyWords(object)} are applied by ${owners.join(', ')} and are not overwritten. Take the object out of what it applies.`;
  return { state: 'Failing', reason: 'OwnedByAnother', message };
}

function undone(object: ClusterPolicyObject): Failure {
  const message = `Somebody undoes each write of the ${policyWords(object)}, so it is written more and more seldom. Look at its managedFields for who does.`;
  return { state: 'Failing', reason: 'UndoneAgain', message };
}
