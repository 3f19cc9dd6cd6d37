import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { Problem } from './findings.ts';

/**
 * Parts of the spec that the schema has and this version does not do. A link that uses one is
 * refused as a whole: to ignore a part in silence would be worse than to do nothing.
 */
export function notImplemented(spec: SageMakerPrivateLinkSpec): readonly Problem[] {
  if (spec.clients === undefined) return [];
  return [
    {
      subject: 'ClientsConfigured',
      reason: 'NotImplemented',
      severity: 'stalled',
      message:
        'spec.clients is not implemented in this version of the operator, and nothing of this link is applied while it is there. Remove it, or install a version that has it.',
    },
  ];
}
