import type { ObjectMeta } from './object-meta.ts';
import { cutText } from './printable.ts';
import {
  annotations as known,
  type EndpointPolicy,
  finalizer,
  type SageMakerPrivateLink,
} from './sagemaker-private-link.ts';

/**
 * The longest spec that is read, in characters of JSON. The schema bounds each part; all of them at
 * their bounds would still be what etcd takes at most (1.5 MB), and some dozens of such links would
 * fill the memory of every replica. Six endpoint policies of AWS's full length fit in.
 */
export const longestSpec = 131_072;

/** Stands where a policy was that is not kept. The schema demands a statement of every real one. */
const leftOut: EndpointPolicy = { Statement: [] };

/** As long as the status can show of it: `lastHandledReconcileAt` in crds/. */
const longestRequest = 1_024;

/** The longest list of finalizers that is kept, in characters of JSON. Usual ones are far shorter. */
const longestFinalizers = 8_192;

/** The metadata of a link that is read, and nothing that its authors could fill memory with. */
const keptFields = [
  'name',
  'uid',
  'generation',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'areFinalizersCut',
] as const satisfies readonly (keyof ObjectMeta)[];

/**
 * A link as it is kept in memory: of the metadata what is read (kubectl's own annotation holds the
 * whole object again, and the managers of its fields are longer than the spec), and without endpoint
 * policies when the spec is too long. The rest of a spec is short by its schema. Idempotent.
 */
export function keptLink(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const { apiVersion, kind, metadata, spec, status } = link;
  const fields = keptFields.filter((field) => metadata[field] !== undefined);
  const kept = {
    ...Object.fromEntries(fields.map((field) => [field, metadata[field]])),
    ...keptFinalizers(metadata),
    ...keptAnnotations(metadata),
  } as SageMakerPrivateLink['metadata'];
  const whole = { apiVersion, kind, metadata: kept, spec: keptSpec(spec) };
  return status === undefined ? whole : { ...whole, status };
}

function keptFinalizers({
  finalizers,
}: ObjectMeta): Pick<ObjectMeta, 'finalizers' | 'areFinalizersCut'> {
  if (finalizers === undefined) return {};
  if (JSON.stringify(finalizers).length <= longestFinalizers) return { finalizers };
  return { finalizers: finalizers.filter((one) => one === finalizer), areFinalizersCut: true };
}

function keptAnnotations({ annotations }: ObjectMeta): Pick<ObjectMeta, 'annotations'> {
  const request = annotations?.[known.reconcileRequestedAt];
  if (request === undefined) return {};
  return { annotations: { [known.reconcileRequestedAt]: cutText(request, longestRequest) } };
}

function keptSpec(spec: SageMakerPrivateLink['spec']): SageMakerPrivateLink['spec'] {
  if (JSON.stringify(spec).length <= longestSpec) return spec;
  const endpoints = spec.endpoints.map((entry) =>
    entry.policy === undefined ? entry : { ...entry, policy: leftOut },
  );
  return { ...spec, endpoints };
}

/** Whether a part of this spec was too long to be kept. */
export function isTooLong(spec: SageMakerPrivateLink['spec']): boolean {
  return spec.endpoints.some(({ policy }) => policy?.Statement.length === 0);
}
