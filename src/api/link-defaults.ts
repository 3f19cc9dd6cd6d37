import { schema } from './generated/sagemaker-private-link-schema.ts';
import type { SageMakerPrivateLink } from './sagemaker-private-link.ts';
import { applyDefaults } from './validation/defaults.ts';

/**
 * A link as it was read, with every default of the spec. The API server fills in those of the CRD that
 * it has: with an older one a field is absent that this version takes for granted, and an absent
 * `enforcement`, say, would be neither of its values.
 */
export function withDefaults(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const spec = schema.properties?.['spec'];
  if (spec === undefined) return link;
  return { ...link, spec: applyDefaults(spec, link.spec) as SageMakerPrivateLink['spec'] };
}
