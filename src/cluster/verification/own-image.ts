/** The image that this process runs from, which is the one of the pods that verify. */
import type { KubernetesObject } from '../../kubernetes/client/object.ts';
import type { PodImage } from '../../plan/verification/verification-pod.ts';
import type { ResourceClient } from '../../kubernetes/client/resource-client.ts';

/** A pod with its containers. */
export interface PodWithImages extends KubernetesObject {
  readonly spec?: {
    readonly containers?: readonly { readonly name?: string; readonly image?: string }[];
    readonly affinity?: {
      readonly nodeAffinity?: {
        readonly requiredDuringSchedulingIgnoredDuringExecution?: {
          readonly nodeSelectorTerms?: readonly NodeSelectorTerm[];
        };
      };
    };
  };
}

interface NodeSelectorTerm {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Where this process runs. */
export interface OwnPod {
  readonly namespace: string;
  readonly name: string;
}

/** The operator's container in deploy/base/deployment.yaml; a pod may have others beside it. */
const ownContainer = 'operator';

/**
 * Reads the image once. The right to list pods suffices: RBAC has none for one's own pod alone.
 *
 * @returns rejects as `ResourceClient` does, and where the pod does not exist
 */
export function createOwnImage(
  pods: Pick<ResourceClient<PodWithImages>, 'list'>,
  { namespace, name }: OwnPod,
): (signal: AbortSignal) => Promise<PodImage> {
  let known: PodImage | undefined;
  return async (signal) => {
    known ??= await readImage(pods, { namespace, name }, signal);
    return known;
  };
}

async function readImage(
  pods: Pick<ResourceClient<PodWithImages>, 'list'>,
  { namespace, name }: OwnPod,
  signal: AbortSignal,
): Promise<PodImage> {
  const fieldSelector = `metadata.name=${name}`;
  const { items } = await pods.list({ namespace, fieldSelector, signal });
  const containers = items[0]?.spec?.containers ?? [];
  const own = containers.find((one) => one.name === ownContainer) ?? containers[0];
  if (own?.image !== undefined) {
    const architectures = architecturesOf(items[0]);
    return { reference: own.image, ...(architectures.length === 0 ? {} : { architectures }) };
  }
  throw new Error(`there is no pod ${name} in ${namespace}, whose image pods would verify with`);
}

/** The architectures that the install holds this pod to: those of its image. */
function architecturesOf(pod: PodWithImages | undefined): readonly string[] {
  const required =
    pod?.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const values = (required?.nodeSelectorTerms ?? []).flatMap(({ matchExpressions = [] }) =>
    matchExpressions
      .filter(({ key, operator }) => key === 'kubernetes.io/arch' && operator === 'In')
      .flatMap((one) => one.values ?? []),
  );
  return [...new Set(values)];
}
