/** Which pods verify a link now, and what those before them have told. Pure. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import { annotations } from '../../api/sagemaker-private-link.ts';
import { basisOf } from '../clients/status/basis.ts';
import type { ClientsView, NamespaceState } from '../clients/status/clients-view.ts';
import type { PodImage } from './verification-pod.ts';
import { chooseNamespaces, type ClientNamespaceLabels } from './choose-namespaces.ts';
import {
  type NamespaceReadiness,
  type NamespaceRunPlan,
  planNamespaceRun,
} from './plan-namespace-run.ts';
import { deletionsOf, type PodAction } from './pod-action.ts';
import type { VerificationPod } from './run-outcome.ts';
import { verificationBasis } from './verification-basis.ts';
import type { VerificationMemory } from './verification-memory.ts';
import type { VerificationView } from './verification-view.ts';

/** Everything that the verification of a link depends on. */
export interface VerificationInput {
  /** Undefined for one that is no more. */
  readonly link: SageMakerPrivateLink | undefined;
  /** How the namespaces of the link are. */
  readonly clients: ClientsView;
  /** Labels of a namespace. */
  readonly labelsOf: (namespace: string) => ClientNamespaceLabels['labels'];
  /** Own pods that carry the link's name. */
  readonly pods: readonly VerificationPod[];
  readonly memory: VerificationMemory;
  /** The image of the pods. */
  readonly image: PodImage;
  /** `spec.verify.interval`, in ms. */
  readonly intervalMs: number;
  /** Of the monotonic clock, in ms. */
  readonly now: number;
  /** Of the time of day, in ms: what the API server's timestamps are held against. */
  readonly wallTime: number;
}

export interface VerificationPlan {
  /** In any order; each stands for itself. */
  readonly actions: readonly PodAction[];
  /** Undefined for a link that is not verified. */
  readonly view: VerificationView | undefined;
  readonly memory: VerificationMemory;
  /** When to look again if nothing happens before, in ms from now. */
  readonly againInMs?: number;
}

/** Decides. Nothing in one namespace depends on another one, beside the choice of namespaces. */
export function planVerification(input: VerificationInput): VerificationPlan {
  const { link, clients, pods, memory } = input;
  const verify = link?.spec.verify;
  const isGoing = link?.metadata.deletionTimestamp !== undefined;
  if (link === undefined || verify === undefined || isGoing) {
    return { actions: deletionsOf(pods), view: undefined, memory: new Map() };
  }
  if (link.spec.suspend) return { actions: [], view: undefined, memory };
  if (clients.kind !== 'Known') {
    return { actions: [], view: { kind: 'Unknown', message: whyUnknown(clients) }, memory };
  }
  const selected = clients.namespaces.map(({ name }) => ({ name, labels: input.labelsOf(name) }));
  const chosen = chooseNamespaces(verify, selected);
  const basis = verificationBasis(link);
  const request = link.metadata.annotations?.[annotations.reconcileRequestedAt] ?? '';
  const plans = chosen.names.map((namespace) =>
    planNamespaceRun({
      ...input,
      link,
      verify,
      namespace,
      basis,
      request,
      pods: pods.filter((pod) => pod.namespace === namespace && isOf(link, pod)),
      memory: memory.get(namespace) ?? {},
      readiness: readinessOf(link, clients.namespaces, namespace),
    }),
  );
  const strays = pods.filter((pod) => !chosen.names.includes(pod.namespace) || !isOf(link, pod));
  return {
    actions: [...deletionsOf(strays), ...plans.flatMap(({ actions }) => actions)],
    view: {
      kind: 'Known',
      basis,
      namespaces: plans.map(({ seen }) => seen),
      leftOut: chosen.leftOut,
    },
    memory: new Map(plans.map(({ seen, memory: after }) => [seen.namespace, after])),
    ...again(plans),
  };
}

/** Not of an earlier link of the same name. */
function isOf({ metadata }: SageMakerPrivateLink, { linkUid }: VerificationPod): boolean {
  return linkUid === metadata.uid;
}

function whyUnknown(clients: Exclude<ClientsView, { kind: 'Known' }>): string {
  return clients.kind === 'Unknown'
    ? clients.message
    : 'This operator does not look after namespaces (flag --clients).';
}

/**
 * A pod before the policy would be held to nothing, one with a former policy to former addresses, and
 * one that dials an endpoint which AWS is still making would tell a fault that is none.
 */
function readinessOf(
  link: SageMakerPrivateLink,
  namespaces: readonly NamespaceState[],
  namespace: string,
): NamespaceReadiness {
  const result = namespaces.find(({ name }) => name === namespace)?.result;
  if (result === undefined) return 'Unseen';
  if (result.state !== 'Ready' || result.basis !== basisOf(link)) return 'NotReady';
  const isBusy = link.status?.endpoints?.some(({ state }) => state === 'pending') === true;
  return isBusy ? 'AwsIsBusy' : 'Ready';
}

function again(plans: readonly NamespaceRunPlan[]): { readonly againInMs?: number } {
  const delays = plans.flatMap(({ againInMs }) => againInMs ?? []);
  return delays.length === 0 ? {} : { againInMs: Math.min(...delays) };
}
