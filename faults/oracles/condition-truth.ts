/** Whether each condition that a link shows is so in the simulated world. */
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../../src/api/sagemaker-private-link.ts';
import { lies } from '../../test/model/condition-truth.ts';
import { ownerOf } from '../links.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import { modelOf, notebookUntruths } from './world-truth.ts';

/**
 * Everything that the conditions and the fields beside them say and that is not so.
 *
 * @param former the status before, which knows endpoints that have lost their tags
 * @param isStill whether AWS and the operator rest: then also what is not said counts
 */
export function conditionLies(
  aws: SimulatedAws,
  link: SageMakerPrivateLink,
  { former, isStill }: { readonly former: unknown; readonly isStill: boolean },
): readonly string[] {
  const { metadata, spec, status = {} } = link;
  const owner = ownerOf(link);
  const { generation } = metadata;
  const deleting = metadata.deletionTimestamp !== undefined;
  const { endpoints = [] } = (former ?? {}) as SageMakerPrivateLinkStatus;
  const knownIds = endpoints.flatMap(({ id }) => id ?? []);
  const enforced = status.conditions?.find(({ type }) => type === 'NotebookAccessEnforced');
  const isClaimed =
    enforced?.status === 'True' &&
    enforced.observedGeneration === metadata.generation &&
    !enforced.message.startsWith('As last seen');
  const notebooks = isClaimed ? notebookUntruths(aws, owner, spec.notebookAccess) : [];
  return [
    ...lies({ world: modelOf(aws), owner, spec, status, generation, deleting, knownIds, isStill }),
    ...notebooks.map((one) => `NotebookAccessEnforced is True, but ${one}`),
  ];
}
