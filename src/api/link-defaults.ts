import { schema } from './generated/sagemaker-private-link-schema.ts';
import type { SageMakerPrivateLink } from './sagemaker-private-link.ts';
import { enforcementOf } from './policy-enforcement.ts';
import { applyDefaults } from './validation/defaults.ts';

/**
 * A link as it was read, with every default of the spec but one. The API server fills in those of the CRD
 * that it has: with an older one a field is absent that this version takes for granted.
 *
 * `enforcement` stays absent: a CRD that does not know it has dropped an `Audit` as well, and its default
 * would shut the pods in that somebody wanted to leave alone. `enforcementOf` tells.
 */
export function withDefaults(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const schemaOfSpec = schema.properties?.['spec'];
  if (schemaOfSpec === undefined) return link;
  const spec = applyDefaults(schemaOfSpec, link.spec) as SageMakerPrivateLink['spec'];
  if (enforcementOf(link) !== 'Unknown') return { ...link, spec };
  const { enforcement: _default, ...networkPolicy } = spec.clients?.networkPolicy ?? {};
  return { ...link, spec: { ...spec, clients: { ...spec.clients, networkPolicy } } as typeof spec };
}
