import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type LinkWithAccess, type Rival, rivalsOf } from '../plan/notebook-policy/rivals.ts';

/**
 * A link, as far as others can be its rivals; undefined for one that is nobody's. There are many links,
 * and it is kept of each that has notebook access.
 */
export function possibleRival(link: SageMakerPrivateLink): LinkWithAccess | undefined {
  const { metadata, spec, status } = link;
  if (spec.notebookAccess === undefined) return undefined;
  // One that goes and has no policy denies nothing any more.
  const isGoing = metadata.deletionTimestamp !== undefined;
  return isGoing && status?.notebookAccess === undefined ? undefined : withAccess(link);
}

/** Links of the cluster that the same principals cannot pass together with this one. */
export function rivalsAmong(
  link: SageMakerPrivateLink,
  possible: () => Iterable<LinkWithAccess>,
): readonly Rival[] {
  return link.spec.notebookAccess === undefined ? [] : rivalsOf(withAccess(link), possible());
}

function withAccess({ metadata, spec, status = {} }: SageMakerPrivateLink): LinkWithAccess {
  const { name, uid } = metadata;
  const { region, account, endpoints, notebookAccess } = spec;
  const { account: boundTo, endpoints: made = [], notebookAccess: shown } = status;
  return {
    name,
    uid,
    spec: {
      region,
      // Their policies would be most of it.
      endpoints: endpoints.map(({ service, serviceName }) => ({ service, serviceName })),
      ...(account === undefined ? {} : { account }),
      ...(notebookAccess === undefined ? {} : { notebookAccess }),
    },
    status: {
      endpoints: made.map(({ service, serviceName, id }) => ({ service, serviceName, id })),
      ...(boundTo === undefined ? {} : { account: boundTo }),
      ...(shown === undefined ? {} : { notebookAccess: shown }),
    },
  };
}
