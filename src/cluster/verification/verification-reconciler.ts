/** One pass over the verification of one link: decide, make and delete pods, note what is seen. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import {
  ApiStatusError,
  isAlreadyExists,
  isConflict,
  isNotFound,
} from '../../kubernetes/client/api-error.ts';
import type { ResourceClient } from '../../kubernetes/client/resource-client.ts';
import type { PassResult } from '../../kubernetes/controller.ts';
import type { WorkItem, WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import type { ResourceCache } from '../../kubernetes/watch/resource-cache.ts';
import type { ClientsView } from '../../plan/clients/status/clients-view.ts';
import type { PodImage } from '../../plan/verification/verification-pod.ts';
import {
  planVerification,
  type VerificationPlan,
} from '../../plan/verification/plan-verification.ts';
import type { PodAction } from '../../plan/verification/pod-action.ts';
import {
  type VerificationMemory,
  withRefusal,
} from '../../plan/verification/verification-memory.ts';
import type { PodManifest } from '../../plan/verification/verification-pod.ts';
import type { Clock } from '../../runtime/clock.ts';
import { durationMs } from '../../runtime/duration.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { scrub } from '../../telemetry/redaction.ts';
import { NotLeading } from '../write-objects.ts';
import type { StoredPod } from './stored-pod.ts';
import type { VerificationPods } from './verification-pods.ts';
import type { VerificationResults } from './verification-results.ts';

/** Everything that passes over verifications work with. */
export interface VerificationReconcilerOptions {
  readonly links: Pick<ResourceCache<SageMakerPrivateLink>, 'get'>;
  readonly clientsOf: (link: SageMakerPrivateLink) => ClientsView;
  readonly labelsOf: (namespace: string) => Readonly<Record<string, string>>;
  readonly pods: VerificationPods;
  readonly resource: Pick<ResourceClient<StoredPod>, 'create' | 'delete'>;
  /** The image of the pods. Rejects where it cannot be found out now. */
  readonly image: (signal: AbortSignal) => Promise<PodImage>;
  /** Asked right before each write. */
  readonly mayAct: () => boolean;
  readonly results: VerificationResults;
  readonly queue: Pick<WorkQueue, 'addAfter' | 'addRateLimited' | 'forget'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type ReconcileVerification = (item: WorkItem, signal: AbortSignal) => Promise<PassResult>;

/** Creates a reconciler, whose keys are names of links. */
export function createVerificationReconciler(
  options: VerificationReconcilerOptions,
): ReconcileVerification {
  return async (item, signal) => {
    try {
      return await reconcile(options, item, signal);
    } catch (error) {
      if (!(error instanceof NotLeading)) throw error;
      // Another replica has these watches now; this process ends, or gets the duties again.
      options.queue.addRateLimited(item.key, { reason: 'NotLeading' });
      return 'requeue';
    }
  };
}

async function reconcile(
  options: VerificationReconcilerOptions,
  { key }: WorkItem,
  signal: AbortSignal,
): Promise<PassResult> {
  const { results, queue, pods } = options;
  const link = options.links.get(key);
  const isVerified = link?.spec.verify !== undefined;
  if (!isVerified && pods.of(key).length === 0 && results.viewOf(key) === undefined) {
    queue.forget(key);
    return 'success';
  }
  const image = isVerified ? await options.image(signal) : noImage;
  const pass = new VerificationPass(options, { name: key, link, image, signal });
  const plan = await pass.run();
  results.note(key, plan);
  if (pass.hasLeftPods) {
    queue.addRateLimited(key, { reason: 'Retry' });
    return 'requeue';
  }
  queue.forget(key);
  if (plan.againInMs === undefined) return 'success';
  queue.addAfter(key, plan.againInMs, { reason: 'Verification' });
  return 'requeue_after';
}

/** A link that is not verified gets no pods. */
const noImage: PodImage = { reference: '' };

interface Subject {
  readonly name: string;
  readonly link: SageMakerPrivateLink | undefined;
  readonly image: PodImage;
  readonly signal: AbortSignal;
}

/** A pod that the API server does not take. */
interface Refusal {
  readonly namespace: string;
  readonly words: string;
}

class VerificationPass {
  /** Whether a pod is left that should have been deleted. */
  hasLeftPods = false;
  private readonly options: VerificationReconcilerOptions;
  private readonly subject: Subject;

  constructor(options: VerificationReconcilerOptions, subject: Subject) {
    this.options = options;
    this.subject = subject;
  }

  /** Refusals are known only once pods are made: what they mean is decided by planning once more. */
  async run(): Promise<VerificationPlan> {
    const plan = this.plan(this.options.results.memoryOf(this.subject.name));
    const refusals = await this.carryOut(plan.actions);
    if (refusals.length === 0) return plan;
    const after = this.plan(this.withRefusals(plan.memory, refusals));
    await this.carryOut(after.actions.filter(({ kind }) => kind === 'Delete'));
    return after;
  }

  private plan(memory: VerificationMemory): VerificationPlan {
    const { clientsOf, labelsOf, pods, clock } = this.options;
    const { name, link, image } = this.subject;
    return planVerification({
      link,
      clients: link === undefined ? unknownClients : clientsOf(link),
      labelsOf,
      pods: pods.of(name),
      memory,
      image,
      intervalMs: link?.spec.verify === undefined ? 0 : durationMs(link.spec.verify.interval),
      now: clock.now(),
      wallTime: clock.wallTime().getTime(),
    });
  }

  private withRefusals(
    memory: VerificationMemory,
    refusals: readonly Refusal[],
  ): VerificationMemory {
    const at = this.options.clock.now();
    return refusals.reduce((known, refusal) => withRefusal(known, { ...refusal, at }), memory);
  }

  /** A failure in one namespace stops nothing in another one. */
  private async carryOut(actions: readonly PodAction[]): Promise<readonly Refusal[]> {
    const refusals: Refusal[] = [];
    for (const action of actions) {
      if (!this.options.mayAct()) throw new NotLeading();
      if (action.kind === 'Delete') await this.remove(action.pod);
      else if (!refusals.some(({ namespace }) => namespace === action.pod.metadata.namespace)) {
        refusals.push(...(await this.create(action.pod)));
      }
    }
    return refusals;
  }

  private async create(pod: PodManifest): Promise<readonly Refusal[]> {
    const { resource, pods, logger } = this.options;
    const { name, namespace } = pod.metadata;
    try {
      pods.watch.absorb(await resource.create(pod, { signal: this.subject.signal }));
      logger.debug({ link: this.subject.name, namespace, pod: name }, 'verification began');
      return [];
    } catch (error) {
      this.subject.signal.throwIfAborted();
      // Made by the process before this one, or by an attempt whose answer was lost.
      if (isAlreadyExists(error)) return [];
      if (mayPass(error)) throw error;
      const words = scrub(wordsOf(error));
      logger.info({ link: this.subject.name, namespace, words }, 'a pod was not made');
      return [{ namespace, words }];
    }
  }

  private async remove(pod: { name: string; namespace: string; uid: string }): Promise<void> {
    const { uid } = pod;
    try {
      await this.options.resource.delete(pod, { uid, signal: this.subject.signal });
    } catch (error) {
      this.subject.signal.throwIfAborted();
      if (isNotFound(error) || isConflict(error)) return;
      this.hasLeftPods = true;
      this.options.logger.warn({ err: error, pod: pod.name }, 'a pod was not deleted');
    }
  }
}

const unknownClients: ClientsView = { kind: 'Unknown', message: '' };

/** Nothing was decided about the pod: it is tried again with growing delays. */
function mayPass(error: unknown): boolean {
  return !(error instanceof ApiStatusError) || [429, 503, 504].includes(error.code);
}

function wordsOf(error: unknown): string {
  if (error instanceof ApiStatusError) return error.status.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
