import { expect, test } from '@jest/globals';
import type { EndpointStatus } from '../../../../../src/api/sagemaker-private-link.ts';
import { sdkServiceKey } from '../../../../../src/plan/clients/config-map/sdk-variables.ts';
import {
  clientSettings,
  wantedConfigMap,
} from '../../../../../src/plan/clients/config-map/wanted-config-map.ts';
import { shortServiceNames } from '../../../../../src/plan/endpoint/service-catalogue.ts';
import { clientLink } from '../client-links.ts';

const region = 'eu-west-1';

function endpoint(service: string, url?: string, dnsNames: readonly string[] = []): EndpointStatus {
  const serviceName = `com.amazonaws.${region}.sagemaker.${service}`;
  return { service, serviceName, dnsNames, ...(url === undefined ? {} : { url }) };
}

function linkWith(...endpoints: readonly EndpointStatus[]) {
  return clientLink({
    spec: {
      endpoints: endpoints.map(({ service = 'api' }) => ({
        service: service as 'api',
        privateDNS: true,
      })),
    },
    status: { endpoints },
  });
}

function dataOf(...endpoints: readonly EndpointStatus[]) {
  return wantedConfigMap(clientSettings(linkWith(...endpoints)).settings);
}

test('the ConfigMap has the SDKs’ own variables and the same as a config file', () => {
  const data = dataOf(
    endpoint('api', 'https://api.example.org', ['api.example.org', 'vpce-1.example.org']),
    endpoint('runtime', 'https://runtime.example.org'),
    endpoint('featurestore-runtime', 'https://store.example.org'),
    endpoint('metrics', 'https://metrics.example.org'),
    endpoint('geospatial', 'https://geo.example.org'),
    endpoint('notebook', 'https://*.notebook.example.org', ['notebook.example.org']),
  );
  expect(data).toEqual({
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_STS_REGIONAL_ENDPOINTS: 'regional',
    AWS_ENDPOINT_URL_SAGEMAKER: 'https://api.example.org',
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: 'https://runtime.example.org',
    AWS_ENDPOINT_URL_SAGEMAKER_FEATURESTORE_RUNTIME: 'https://store.example.org',
    AWS_ENDPOINT_URL_SAGEMAKER_METRICS: 'https://metrics.example.org',
    AWS_ENDPOINT_URL_SAGEMAKER_GEOSPATIAL: 'https://geo.example.org',
    SAGEMAKER_NO_PROXY: [
      '.notebook.example.org',
      'api.example.org',
      'geo.example.org',
      'metrics.example.org',
      'notebook.example.org',
      'runtime.example.org',
      'store.example.org',
      'vpce-1.example.org',
    ].join(','),
    'aws-config': `[default]
region = eu-west-1
sts_regional_endpoints = regional
services = sagemaker

[services sagemaker]
sagemaker =
  endpoint_url = https://api.example.org
sagemaker_featurestore_runtime =
  endpoint_url = https://store.example.org
sagemaker_geospatial =
  endpoint_url = https://geo.example.org
sagemaker_metrics =
  endpoint_url = https://metrics.example.org
sagemaker_runtime =
  endpoint_url = https://runtime.example.org
`,
  });
});

test('a link that browsers alone use has no services section, which SDKs would refuse empty', () => {
  const data = dataOf(endpoint('studio', 'https://*.studio.example.org'));
  expect(data['aws-config']).toBe(
    '[default]\nregion = eu-west-1\nsts_regional_endpoints = regional\n',
  );
});

test('only services that an SDK dials have a variable', () => {
  const dialled = shortServiceNames.filter((service) => sdkServiceKey(service) !== undefined);
  expect(dialled).toEqual([
    'api',
    'api-fips',
    'runtime',
    'runtime-fips',
    'featurestore-runtime',
    'featurestore-runtime-fips',
    'metrics',
    'geospatial',
  ]);
  expect(sdkServiceKey('constructor')).toBeUndefined();
});

test('a FIPS endpoint has the variable where there is no plain one', () => {
  const fips = endpoint('runtime-fips', 'https://fips.example.org');
  const plain = endpoint('runtime', 'https://plain.example.org');
  const variable = 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME';
  expect(dataOf(fips)[variable]).toBe('https://fips.example.org');
  expect(dataOf(fips, plain)[variable]).toBe('https://plain.example.org');
  expect(dataOf(plain, fips)[variable]).toBe('https://plain.example.org');
});

test('the long form of a service name has the same variable', () => {
  const { service: _none, ...long } = endpoint('runtime', 'https://runtime.example.org');
  const link = clientLink({
    spec: { endpoints: [{ serviceName: long.serviceName, privateDNS: true }] },
    status: { endpoints: [long] },
  });
  const { settings, unknown } = clientSettings(link);
  expect(settings.urls).toEqual({ sagemaker_runtime: 'https://runtime.example.org' });
  expect(unknown).toEqual([]);
});

test('an endpoint without a URL is unknown if an SDK would dial it', () => {
  expect(clientSettings(linkWith(endpoint('api'), endpoint('notebook'))).unknown).toEqual([
    'the endpoint of api',
  ]);
  expect(clientSettings(clientLink({ status: { endpoints: [] } })).unknown).toEqual([
    'the endpoint of api',
  ]);
});
