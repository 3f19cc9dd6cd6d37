import type { EndpointStatus, SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import { shortNameOf } from '../../endpoint/service-catalogue.ts';
import { partitionOfRegion } from '../../network/partitions.ts';
import { endpointVariable, isFips, sdkServiceKey } from './sdk-variables.ts';

/** Settings of AWS SDKs in the pods of a namespace. */
export interface ClientSettings {
  readonly region: string;
  /** URLs by the service's key in an AWS config file, such as `sagemaker_runtime`. */
  readonly urls: Readonly<Record<string, string>>;
  /** Sorted hosts that must not be asked through a proxy; `.x` for every name below x. */
  readonly noProxy: readonly string[];
}

/** The settings that a link wants, and what keeps them from being known. */
export interface SettingsOfLink {
  readonly settings: ClientSettings;
  /** Endpoints whose names AWS did not say yet. While there are some, nothing is written. */
  readonly unknown: readonly string[];
}

/**
 * The settings by which SDKs use a link's endpoints, from `status.endpoints[].url`: never a name
 * that was put together here.
 *
 * Where a service has a plain and a FIPS endpoint, the variable has the plain one. A URL does not go
 * together with AWS_USE_FIPS_ENDPOINT: some SDKs refuse the pair, others dial the URL. Clients which
 * want FIPS must leave the URL out and find the FIPS endpoint by its private DNS name.
 */
export function clientSettings({
  spec,
  status,
}: Pick<SageMakerPrivateLink, 'spec' | 'status'>): SettingsOfLink {
  const { region } = spec;
  const endpoints = (status?.endpoints ?? []).map((endpoint) => ({
    endpoint,
    service: serviceOf(endpoint, region),
  }));
  const known = new Set(
    endpoints.flatMap(({ endpoint, service }) => [service, endpoint.serviceName]),
  );
  // FIPS first, so that the plain one overwrites it.
  const byFips = [...endpoints].sort(
    (a, b) => Number(isFips(b.service)) - Number(isFips(a.service)),
  );
  const urls = byFips.flatMap(({ endpoint, service }) => {
    const key = sdkServiceKey(service);
    return key === undefined || endpoint.url === undefined ? [] : [[key, endpoint.url] as const];
  });
  const unread = endpoints.filter(({ endpoint: { url }, service }) => {
    return url === undefined && sdkServiceKey(service) !== undefined;
  });
  const absent = spec.endpoints
    .map(({ service, serviceName }) => service ?? serviceName ?? '')
    .filter((name) => !known.has(name));
  return {
    settings: {
      region,
      urls: Object.fromEntries(urls),
      noProxy: noProxyHosts(endpoints.map(({ endpoint }) => endpoint)),
    },
    unknown: [...unread.map(({ service }) => service), ...absent].map(
      (name) => `the endpoint of ${name}`,
    ),
  };
}

function serviceOf({ service, serviceName }: EndpointStatus, region: string): string {
  return service ?? shortNameOf(serviceName, region, partitionOfRegion(region)) ?? serviceName;
}

/** The private names, a wildcard as the suffix that proxy settings know, and the endpoints' own. */
function noProxyHosts(endpoints: readonly EndpointStatus[]): readonly string[] {
  const names = endpoints.flatMap(({ dnsNames = [], url }) => [
    ...dnsNames,
    ...(url === undefined ? [] : [url.replace('https://', '')]),
  ]);
  return [...new Set(names.map((name) => name.replace(/^\*\./, '.')))].sort();
}

/** Two settings as one, or the variables on which they disagree. */
export function mergeSettings(
  a: ClientSettings,
  b: ClientSettings,
): { readonly settings: ClientSettings } | { readonly disagreement: readonly string[] } {
  const different = Object.keys(a.urls).filter(
    (key) => Object.hasOwn(b.urls, key) && a.urls[key] !== b.urls[key],
  );
  const disagreement = [
    ...(a.region === b.region ? [] : ['AWS_REGION']),
    ...different.map(endpointVariable),
  ];
  if (disagreement.length > 0) return { disagreement };
  return {
    settings: {
      region: a.region,
      urls: { ...a.urls, ...b.urls },
      noProxy: [...new Set([...a.noProxy, ...b.noProxy])].sort(),
    },
  };
}

/** The key of the ConfigMap that has the AWS config file. */
const configFileKey = 'aws-config';

/**
 * The variable that has the hosts for NO_PROXY. It is a part and not NO_PROXY itself, which would
 * displace the cluster's own entries: a container joins them, as `$(SAGEMAKER_NO_PROXY),.svc`.
 */
const noProxyVariable = 'SAGEMAKER_NO_PROXY';

/**
 * The `data` of the ConfigMap, for `envFrom`, and with the same settings as an AWS config file for
 * programs whose environment cannot be set.
 *
 * AWS_DEFAULT_REGION: botocore, and with it boto3 and the AWS CLI 1, reads the region from no other
 * variable. https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
 *
 * AWS_STS_REGIONAL_ENDPOINTS: older SDKs ask sts.amazonaws.com, which no VPC endpoint answers for.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
 */
export function wantedConfigMap({ region, urls, noProxy }: ClientSettings): Record<string, string> {
  const keys = Object.keys(urls).sort();
  const services = keys.map((key) => `${key} =\n  endpoint_url = ${urls[key]}\n`);
  const profile = ['[default]', `region = ${region}`, 'sts_regional_endpoints = regional'];
  const sections = keys.length === 0 ? [] : ['services = sagemaker', '', '[services sagemaker]'];
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_STS_REGIONAL_ENDPOINTS: 'regional',
    ...Object.fromEntries(keys.map((key) => [endpointVariable(key), urls[key] ?? ''])),
    [noProxyVariable]: noProxy.join(','),
    [configFileKey]: `${[...profile, ...sections].join('\n')}\n${services.join('')}`,
  };
}
