/**
 * How AWS SDKs spell the services that they dial. Sources: `serviceId` in botocore's service models
 * (1.44.5) and https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html, which says
 * the same of every SDK: the id with `_` for spaces, in upper case in the variable, in lower case
 * in the config file.
 *
 * Services that browsers open (notebook, studio, experiments, mlflow, partner-app), and the data
 * science assistant, are in no SDK's model.
 */
const serviceIds: Readonly<Record<string, string>> = {
  api: 'SageMaker',
  'api-fips': 'SageMaker',
  runtime: 'SageMaker Runtime',
  'runtime-fips': 'SageMaker Runtime',
  'featurestore-runtime': 'SageMaker FeatureStore Runtime',
  'featurestore-runtime-fips': 'SageMaker FeatureStore Runtime',
  metrics: 'SageMaker Metrics',
  geospatial: 'SageMaker Geospatial',
};

/**
 * The key of a service's section in an AWS config file, such as `sagemaker_runtime`.
 * @param service a short name of the service catalogue
 * @returns undefined for a service that no SDK dials
 */
export function sdkServiceKey(service: string): string | undefined {
  const id = Object.hasOwn(serviceIds, service) ? serviceIds[service] : undefined;
  return id?.toLowerCase().replaceAll(' ', '_');
}

/** The variable from which SDKs take a service's URL, by its key in the config file. */
export function endpointVariable(serviceKey: string): string {
  return `AWS_ENDPOINT_URL_${serviceKey.toUpperCase()}`;
}

/** Whether the service's endpoint takes connections with FIPS-validated cryptography alone. */
export function isFips(service: string): boolean {
  return service.endsWith('-fips');
}
