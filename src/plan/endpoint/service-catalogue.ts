/**
 * The SageMaker endpoint services by their short names. Source: the AWS PrivateLink integration
 * list and the CDK's prefix tables, as collected in the AWS documentation of the services.
 * Only names are derived here, never DNS names: those are read from AWS.
 */

/** How a service's name is built from its region. */
interface CatalogueEntry {
  /** `sagemaker.api` in `com.amazonaws.eu-west-1.sagemaker.api`. */
  readonly suffix: string;
  /** `partition`: the partition's prefix (`com.amazonaws`); `sagemaker`: `aws.sagemaker`. */
  readonly prefix: 'partition' | 'sagemaker';
}

const catalogue: Readonly<Record<string, CatalogueEntry>> = {
  api: { prefix: 'partition', suffix: 'sagemaker.api' },
  'api-fips': { prefix: 'partition', suffix: 'sagemaker.api-fips' },
  runtime: { prefix: 'partition', suffix: 'sagemaker.runtime' },
  'runtime-fips': { prefix: 'partition', suffix: 'sagemaker.runtime-fips' },
  'featurestore-runtime': { prefix: 'partition', suffix: 'sagemaker.featurestore-runtime' },
  'featurestore-runtime-fips': {
    prefix: 'partition',
    suffix: 'sagemaker.featurestore-runtime-fips',
  },
  metrics: { prefix: 'partition', suffix: 'sagemaker.metrics' },
  geospatial: { prefix: 'partition', suffix: 'sagemaker-geospatial' },
  'data-science-assistant': { prefix: 'partition', suffix: 'sagemaker-data-science-assistant' },
  notebook: { prefix: 'sagemaker', suffix: 'notebook' },
  studio: { prefix: 'sagemaker', suffix: 'studio' },
  experiments: { prefix: 'sagemaker', suffix: 'experiments' },
  mlflow: { prefix: 'sagemaker', suffix: 'mlflow' },
  'partner-app': { prefix: 'sagemaker', suffix: 'partner-app' },
};

/** The prefix in every partition that is not listed below. */
const general = 'com.amazonaws';

/** Prefixes of the `partition` kind. */
const partitionPrefixes: Readonly<Record<string, string>> = {
  'aws-cn': 'cn.com.amazonaws',
  'aws-iso': 'gov.ic.c2s',
  'aws-iso-b': 'gov.sgov.sc2s',
};

/**
 * The prefixes of a partition's service names: beside its own one, services of China have the
 * general one too (S3, for example, is com.amazonaws.cn-north-1.s3).
 */
export function servicePrefixes(partition: string): readonly string[] {
  return [...new Set([partitionPrefixes[partition] ?? general, general])];
}

/** True for the whole name of an endpoint service, as opposed to the end of one. */
export function isFullServiceName(name: string): boolean {
  const prefixes = [general, 'aws', ...Object.values(partitionPrefixes)];
  return prefixes.some((prefix) => name.startsWith(`${prefix}.`));
}

/** Short names that a spec may use. */
export const shortServiceNames: readonly string[] = Object.keys(catalogue);

/** Which endpoint of a spec. Exactly one of the two is set. */
export interface ServiceReference {
  readonly service?: string | undefined;
  readonly serviceName?: string | undefined;
}

/**
 * The full endpoint service name, such as `com.amazonaws.eu-west-1.sagemaker.api`.
 *
 * @throws RangeError for a short name that the catalogue does not have (the schema refuses it)
 */
export function serviceNameOf(
  reference: ServiceReference,
  region: string,
  partition: string,
): string {
  if (reference.serviceName !== undefined) return reference.serviceName;
  const entry = catalogue[reference.service ?? ''];
  if (entry === undefined) throw new RangeError(`unknown SageMaker service ${reference.service}`);
  if (entry.prefix === 'sagemaker') return `aws.sagemaker.${region}.${entry.suffix}`;
  return `${partitionPrefixes[partition] ?? general}.${region}.${entry.suffix}`;
}

/**
 * True for services whose every request is a signed AWS API call, so that condition keys about the
 * principal are always present. The interactive ones (`aws.sagemaker.…`: notebooks, Studio, MLflow,
 * partner apps) carry browser sessions, for which that is not documented.
 */
export function carriesSignedRequestsOnly(serviceName: string): boolean {
  return !serviceName.startsWith('aws.sagemaker.');
}

/** The opposite of `serviceNameOf`: undefined for a service that has no short name. */
export function shortNameOf(
  serviceName: string,
  region: string,
  partition: string,
): string | undefined {
  return shortServiceNames.find(
    (service) => serviceNameOf({ service }, region, partition) === serviceName,
  );
}
