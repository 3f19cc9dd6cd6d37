/** Pods as the API server has them, as far as verification goes. */
import { apiVersion, kind } from '../../api/sagemaker-private-link.ts';
import type { KubernetesObject } from '../../kubernetes/client/object.ts';
import type { PodEnd, VerificationPod } from '../../plan/verification/run-outcome.ts';
import {
  containerName,
  podAnnotations,
  verifyLabel,
} from '../../plan/verification/verification-pod.ts';
import { keptMetadata } from '../kept-metadata.ts';

interface ContainerStatus {
  readonly name?: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: {
      readonly message?: string;
      readonly reason?: string;
      readonly finishedAt?: string;
    };
  };
}

interface PodCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A pod on the wire. */
export interface StoredPod extends KubernetesObject {
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly PodCondition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

const keptOfPods = [
  'annotations',
  'creationTimestamp',
  'deletionTimestamp',
  'ownerReferences',
] as const;

/** Keeps of a pod what is read here. */
export function keptPod({ metadata, status }: StoredPod): StoredPod {
  return {
    metadata: keptMetadata(metadata, keptOfPods),
    ...(status === undefined ? {} : { status }),
  };
}

/** The name of the link that a pod says it verifies. */
export function linkOfPod({ metadata: { labels = {} } }: StoredPod): string | undefined {
  return labels[verifyLabel];
}

/**
 * The pod in the planner's form; undefined for one that only has the label, and was not made by the
 * operator for a link.
 */
export function verificationPod(pod: StoredPod): VerificationPod | undefined {
  const { name, namespace = '', uid = '', annotations = {}, ...metadata } = pod.metadata;
  const owner = (metadata.ownerReferences ?? []).find(
    (one) => one.apiVersion === apiVersion && one.kind === kind && one.controller === true,
  );
  const run = annotations[podAnnotations.run];
  if (owner?.uid === undefined || run === undefined) return undefined;
  const ended = endOf(pod);
  return {
    name,
    namespace,
    uid,
    linkUid: owner.uid,
    run,
    pods: Number(annotations[podAnnotations.pods] ?? 1),
    basis: annotations[podAnnotations.basis] ?? '',
    request: annotations[podAnnotations.request] ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    ...(ended === undefined ? {} : { ended }),
    ...obstacleOf(pod),
  };
}

function stateOf({ status }: StoredPod): ContainerStatus['state'] {
  return status?.containerStatuses?.find(({ name }) => name === containerName)?.state;
}

/** A pod that the kubelet refused, evicted or cut off has ended without a word of its container. */
function endOf(pod: StoredPod): PodEnd | undefined {
  const { terminated } = stateOf(pod) ?? {};
  const { phase, reason, message } = pod.status ?? {};
  if (terminated !== undefined) {
    const words = terminated.message ?? message ?? reason ?? terminated.reason ?? '';
    return { at: terminated.finishedAt ?? '', message: words };
  }
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  return { at: '', message: [reason, message].filter(Boolean).join(': ') };
}

/** Words of the kubelet while it does what it always does first. */
const usual: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

function obstacleOf(pod: StoredPod): { readonly obstacle?: string } {
  const { waiting } = stateOf(pod) ?? {};
  if (waiting?.reason !== undefined && !usual.has(waiting.reason)) {
    return { obstacle: worded(waiting) };
  }
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False' ? { obstacle: worded(scheduled) } : {};
}

function worded({ reason, message }: { readonly reason?: string; readonly message?: string }) {
  return [reason, message].filter(Boolean).join(': ');
}
