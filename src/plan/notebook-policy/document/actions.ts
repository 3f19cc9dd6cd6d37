import type { NotebookAction } from '../../../api/sagemaker-private-link.ts';
import { globMatches } from './action-patterns.ts';

/**
 * IAM's names of the actions that make presigned URLs, and of those that open the same things
 * without one: the MLflow API, which AWS's page on restricting MLflow by network names as
 * `sagemaker-mlflow:*`, and `StartSession`, by which a local IDE connects to a Studio space.
 * Source: the Service Authorization References of SageMaker and of SageMaker with MLflow.
 * `CreateHubContentPresignedUrls` is not among them: it hands out model artifacts from S3 and opens
 * nothing.
 */
const iamActions: Readonly<Record<NotebookAction, string>> = {
  NotebookInstances: 'sagemaker:CreatePresignedNotebookInstanceUrl',
  Studio: 'sagemaker:CreatePresignedDomainUrl',
  MLflowTrackingServers: 'sagemaker:CreatePresignedMlflowTrackingServerUrl',
  MLflowApps: 'sagemaker:CreatePresignedMlflowAppUrl',
  PartnerApps: 'sagemaker:CreatePartnerAppPresignedUrl',
  MLflowAPI: 'sagemaker-mlflow:*',
  StudioRemoteAccess: 'sagemaker:StartSession',
};

/** IAM's names of these actions, sorted. */
export function iamActionsOf(actions: readonly NotebookAction[]): readonly string[] {
  return [...new Set(actions.map((action) => iamActions[action]))].sort();
}

/** The user's name for an action of IAM, where it is one of ours. IAM's names have no case. */
export function notebookActionOf(iamAction: string): NotebookAction | undefined {
  const names = Object.keys(iamActions) as NotebookAction[];
  return names.find((name) => globMatches(iamActions[name], iamAction));
}

/** One action of IAM to ask about: where the policy names many, one of them stands for all. */
export function exampleAction(action: NotebookAction): string {
  return iamActions[action].replace('*', 'AccessUI');
}

/**
 * Resources that the action is asked for. The names stand for any name. Source of the forms: the
 * Service Authorization Reference of SageMaker.
 */
const resources: Readonly<Record<NotebookAction, readonly [string, ...string[]]>> = {
  NotebookInstances: ['notebook-instance/any'],
  Studio: ['user-profile/d-any/any'],
  MLflowTrackingServers: ['mlflow-tracking-server/any'],
  MLflowApps: ['mlflow-app/any'],
  PartnerApps: ['partner-app/any'],
  MLflowAPI: ['mlflow-tracking-server/any', 'mlflow-app/any'],
  StudioRemoteAccess: ['space/d-any/any'],
};

/**
 * A resource that the action is asked for, to try a document with.
 *
 * @param scope partition, region and account, as in `arn:<partition>:sagemaker:<region>:<account>:`
 */
export function exampleResource(action: NotebookAction, scope: string): string {
  return `${scope}${resources[action][0]}`;
}

/** The kinds of resource that the action is asked for, such as `notebook-instance`. */
export function resourceTypesOf(action: NotebookAction): readonly string[] {
  return resources[action].map((one) => one.slice(0, one.indexOf('/')));
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
  readonly service?: string | undefined;
  readonly serviceName?: string | undefined;
}): boolean {
  if (entry.service !== undefined) return openingServices.some((one) => one === entry.service);
  return entry.serviceName?.includes('sagemaker') ?? false;
}
