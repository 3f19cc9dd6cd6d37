import { isTooLong, longestSpec } from '../../api/link-size.ts';
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Problem } from '../findings.ts';

/** Refuses a spec of which a part was not kept: it is not known what it says. */
export function tooLong(spec: SageMakerPrivateLinkSpec): readonly Problem[] {
  if (!isTooLong(spec)) return [];
  return [
    {
      subject: 'EndpointsAvailable',
      reason: 'InvalidSpec',
      severity: 'stalled',
      message: `The spec is longer than ${longestSpec} characters as JSON, and nothing of this link is applied while it is. Shorten the policies in spec.endpoints, or make several links.`,
    },
  ];
}
