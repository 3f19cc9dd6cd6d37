import type { EndpointPolicy, SageMakerPrivateLink } from './sagemaker-private-link.ts';

/**
 * The longest spec that is read, in characters of JSON. The schema bounds each part; all of them at
 * their bounds would still be what etcd takes at most (1.5 MB), and some dozens of such links would
 * fill the memory of every replica. Six endpoint policies of AWS's full length fit in.
 */
export const longestSpec = 131_072;

/** Stands where a policy was that is not kept. The schema demands a statement of every real one. */
const leftOut: EndpointPolicy = { Statement: [] };

/**
 * A link as it is kept in memory: without the annotations of others (kubectl's own holds the whole
 * object again), and without endpoint policies when the spec is too long. The rest of a spec is
 * short by its schema.
 */
export function keptLink(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const { annotations = {}, ...metadata } = link.metadata;
  const own = Object.entries(annotations).filter(([key]) => key.startsWith(ownPrefix));
  const kept = own.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(own) };
  return { ...link, metadata: kept, spec: keptSpec(link.spec) };
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

const ownPrefix = 'sagemaker.privatelink.dev/';
