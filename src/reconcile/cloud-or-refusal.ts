import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type Cloud, CloudError } from '../plan/cloud.ts';

/** The link's place at AWS, or why it has none: its account is not one that it may be in. */
export function cloudOrRefusal(
  link: SageMakerPrivateLink,
  cloudFor: (link: SageMakerPrivateLink) => Cloud,
): Cloud | CloudError {
  try {
    return cloudFor(link);
  } catch (error) {
    if (error instanceof CloudError) return error;
    throw error;
  }
}
