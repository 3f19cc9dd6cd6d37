/** Everything that the status of a link knows to be at AWS. Pure. */
import type { SageMakerPrivateLinkStatus } from '../api/sagemaker-private-link.ts';

/** Ids of what was seen at AWS last, and not seen to go. */
export function heldResources(status: SageMakerPrivateLinkStatus | undefined): readonly string[] {
  const { endpoints = [], securityGroup, notebookAccess } = status ?? {};
  return [
    ...endpoints.flatMap(({ id, state }) => (id === undefined || state === undefined ? [] : [id])),
    ...(securityGroup?.managed === true ? [securityGroup.id] : []),
    ...(notebookAccess?.policyArn === undefined ? [] : [notebookAccess.policyArn]),
  ];
}

/** Whether the link has ever been worked on: then something of it may be at AWS. */
export function wasWorkedOn(status: SageMakerPrivateLinkStatus | undefined): boolean {
  const { lastSweepTime, appliedTagKeys, appliedPrincipals } = status ?? {};
  return (
    lastSweepTime !== undefined ||
    appliedTagKeys !== undefined ||
    appliedPrincipals !== undefined ||
    heldResources(status).length > 0
  );
}
