/** The cluster's duties, from the moment at which a process gains them to the one at which it gives them back. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { Controller } from '../../kubernetes/controller.ts';
import { type ClientsView, withoutClients } from '../../plan/clients/status/clients-view.ts';
import type { VerificationView } from '../../plan/verification/verification-view.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ClusterParts } from '../cluster-parts.ts';
import { endInTime } from './in-flight.ts';

export interface ClusterTermOptions {
  readonly parts: ClusterParts;
  readonly namespaceWorkers: number;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'namespaces' | 'verifiedNamespaces'>;
  /** A part failed for no reason of the cluster's: this process cannot work. */
  readonly onFailure: (error: unknown) => void;
}

/** One term. */
export interface ClusterTerm {
  clientsOf(link: SageMakerPrivateLink): ClientsView;
  verificationOf(link: SageMakerPrivateLink): VerificationView;
  /** Begins nothing new. @returns whether everything ended by itself within the limit */
  drain(limitMs: number): Promise<boolean>;
  /** Cuts everything off. */
  cutOff(reason: unknown): void;
}

/** Begins a term: watches, and then passes over namespaces. */
export function startClusterTerm({
  parts: { clients, verification, queues },
  namespaceWorkers: workers,
  clock,
  metrics,
  onFailure,
}: ClusterTermOptions): ClusterTerm {
  const life = new AbortController();
  const controllers = [
    ...(clients?.controllers({ workers }) ?? []),
    ...(verification === undefined ? [] : [verification.controller()]),
  ];
  const working = Promise.all([
    clients?.watch(life.signal),
    verification?.watch(life.signal),
    ...controllers.map((one) => runUntil(life.signal, one)),
  ]).then(
    () => undefined,
    (error: unknown) => onFailure(error),
  );
  return {
    clientsOf: (link) => clients?.viewOf(link) ?? withoutClients(link),
    verificationOf: (link) => verification?.viewOf(link) ?? { kind: 'Disabled' },
    async drain(limitMs) {
      const cutOff = (): void => life.abort(new Error('drain time is over'));
      const isInTime = await endInTime(clock, { limitMs, cutOff }, queues.drain());
      life.abort(new Error('the duties of the cluster are handed over'));
      await working;
      metrics.namespaces.reset();
      metrics.verifiedNamespaces.reset();
      return isInTime;
    },
    cutOff: (reason) => life.abort(reason),
  };
}

/** A controller whose watches never got to work, for want of a right, is no reason to end in an error. */
async function runUntil(signal: AbortSignal, controller: Controller): Promise<void> {
  try {
    await controller.run(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
