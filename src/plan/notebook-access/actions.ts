import type { NotebookAction } from '../../api/sagemaker-private-link.ts';

/**
 * IAM's names of the actions that make presigned URLs. Source: the Service Authorization Reference
 * of SageMaker. `CreateHubContentPresignedUrls` is not among them: it hands out model artifacts
 * from S3 and opens nothing.
 */
const iamActions: Readonly<Record<NotebookAction, string>> = {
  NotebookInstances: 'sagemaker:CreatePresignedNotebookInstanceUrl',
  Studio: 'sagemaker:CreatePresignedDomainUrl',
  MLflowTrackingServers: 'sagemaker:CreatePresignedMlflowTrackingServerUrl',
  MLflowApps: 'sagemaker:CreatePresignedMlflowAppUrl',
  PartnerApps: 'sagemaker:CreatePartnerAppPresignedUrl',
};

/** IAM's names of these actions, sorted. */
export function iamActionsOf(actions: readonly NotebookAction[]): readonly string[] {
  return [...new Set(actions.map((action) => iamActions[action]))].sort();
}

/** What a user calls an action of IAM, where it is one of ours. */
export function notebookActionOf(iamAction: string): NotebookAction | undefined {
  const found = Object.entries(iamActions).find(
    ([, name]) => name.toLowerCase() === iamAction.toLowerCase(),
  );
  return found?.[0] as NotebookAction | undefined;
}

/**
 * A resource that the action is asked for, to try a document with. The names in it stand for any
 * name. Source of the forms: the Service Authorization Reference of SageMaker.
 *
 * @param scope partition, region and account, as in `arn:<partition>:sagemaker:<region>:<account>:`
 */
export function exampleResource(action: NotebookAction, scope: string): string {
  const resources: Readonly<Record<NotebookAction, string>> = {
    NotebookInstances: 'notebook-instance/any',
    Studio: 'user-profile/d-any/any',
    MLflowTrackingServers: 'mlflow-tracking-server/any',
    MLflowApps: 'mlflow-app/any',
    PartnerApps: 'partner-app/any',
  };
  return `${scope}${resources[action]}`;
}

const openingServices: readonly string[] = [
  'api',
  'api-fips',
  'notebook',
  'studio',
  'experiments',
  'mlflow',
  'partner-app',
];

/**
 * True for an endpoint whose id belongs into the policy: presigned URLs are made or opened through
 * it. A service that is given by its long name counts, whichever it is: AWS adds names, and an
 * endpoint too many in the list lets in nobody who is not in the link's own VPC. The schema's rule
 * for `allowEndpoints` says the same.
 */
export function opensNotebooks(entry: {
  readonly service?: string;
  readonly serviceName?: string;
}): boolean {
  if (entry.service !== undefined) return openingServices.some((one) => one === entry.service);
  return entry.serviceName?.includes('sagemaker') ?? false;
}
