import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type Cloud, CloudError } from '../plan/cloud.ts';

/** The place of a link at AWS. */
export interface LinkPlace {
  readonly region: string;
  /** The name in the account map. */
  readonly account?: string | undefined;
  /** The number of the account that the link has resources in, as far as is known. */
  readonly boundTo?: string | undefined;
  /** The link, where it is asked about for itself. */
  readonly uid?: string;
}

/** Where a link says that it is, or was before. */
export function placeOf({ spec, metadata, status }: SageMakerPrivateLink): LinkPlace {
  const { region, account } = spec;
  return { region, account, boundTo: status?.account, uid: metadata.uid };
}

/** The cloud of a place, or why there is none: the account is not one that the link may be in. */
export function cloudOrRefusal(
  place: LinkPlace,
  cloudFor: (place: LinkPlace) => Cloud,
): Cloud | CloudError {
  try {
    return cloudFor(place);
  } catch (error) {
    if (error instanceof CloudError) return error;
    throw error;
  }
}
