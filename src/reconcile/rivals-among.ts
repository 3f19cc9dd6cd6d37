import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type Rival, rivalsOf } from '../plan/notebook-policy/rivals.ts';

/** Links of the cluster that the same principals cannot pass together with this one. */
export function rivalsAmong(
  link: SageMakerPrivateLink,
  all: readonly SageMakerPrivateLink[],
): readonly Rival[] {
  if (link.spec.notebookAccess === undefined) return [];
  const bare = ({ metadata: { name, uid }, spec, status = {} }: SageMakerPrivateLink) => {
    return { name, uid, spec, status };
  };
  // One that goes and has no policy denies nothing any more.
  const others = all.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined || status?.notebookAccess !== undefined,
  );
  return rivalsOf(bare(link), others.map(bare));
}
