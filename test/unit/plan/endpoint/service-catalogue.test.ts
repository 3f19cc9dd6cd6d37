import { expect, test } from '@jest/globals';
import {
  carriesSignedRequestsOnly,
  serviceNameOf,
  shortServiceNames,
} from '../../../../src/plan/endpoint/service-catalogue.ts';

test.each([
  ['aws', 'eu-west-1', 'com.amazonaws.eu-west-1.sagemaker.api'],
  ['aws-us-gov', 'us-gov-west-1', 'com.amazonaws.us-gov-west-1.sagemaker.api'],
  ['aws-cn', 'cn-north-1', 'cn.com.amazonaws.cn-north-1.sagemaker.api'],
  ['aws-iso', 'us-iso-east-1', 'gov.ic.c2s.us-iso-east-1.sagemaker.api'],
  ['aws-iso-b', 'us-isob-east-1', 'gov.sgov.sc2s.us-isob-east-1.sagemaker.api'],
  ['aws-eusc', 'eusc-de-east-1', 'com.amazonaws.eusc-de-east-1.sagemaker.api'],
])('the api of partition %s in %s is %s', (partition, region, name) => {
  expect(serviceNameOf({ service: 'api' }, region, partition)).toBe(name);
});

test.each([
  ['api-fips', 'com.amazonaws.eu-west-1.sagemaker.api-fips'],
  ['runtime', 'com.amazonaws.eu-west-1.sagemaker.runtime'],
  ['runtime-fips', 'com.amazonaws.eu-west-1.sagemaker.runtime-fips'],
  ['featurestore-runtime', 'com.amazonaws.eu-west-1.sagemaker.featurestore-runtime'],
  ['featurestore-runtime-fips', 'com.amazonaws.eu-west-1.sagemaker.featurestore-runtime-fips'],
  ['metrics', 'com.amazonaws.eu-west-1.sagemaker.metrics'],
  ['geospatial', 'com.amazonaws.eu-west-1.sagemaker-geospatial'],
  ['data-science-assistant', 'com.amazonaws.eu-west-1.sagemaker-data-science-assistant'],
  ['notebook', 'aws.sagemaker.eu-west-1.notebook'],
  ['studio', 'aws.sagemaker.eu-west-1.studio'],
  ['experiments', 'aws.sagemaker.eu-west-1.experiments'],
  ['mlflow', 'aws.sagemaker.eu-west-1.mlflow'],
  ['partner-app', 'aws.sagemaker.eu-west-1.partner-app'],
])('%s is %s', (service, name) => {
  expect(serviceNameOf({ service }, 'eu-west-1', 'aws')).toBe(name);
});

test('notebook and studio have the plain prefix in China too', () => {
  const name = serviceNameOf({ service: 'notebook' }, 'cn-north-1', 'aws-cn');
  expect(name).toBe('aws.sagemaker.cn-north-1.notebook');
});

test('a full name is taken as it is, in every partition', () => {
  const serviceName = 'aws.sagemaker.eu-west-1.new-thing';
  expect(serviceNameOf({ serviceName }, 'cn-north-1', 'aws-cn')).toBe(serviceName);
});

test('an unknown short name is a fault, for the schema refuses it', () => {
  expect(() => serviceNameOf({ service: 'canvas' }, 'eu-west-1', 'aws')).toThrow(
    'unknown SageMaker service canvas',
  );
});

test('short names have distinct services', () => {
  const names = shortServiceNames.map((service) => serviceNameOf({ service }, 'r', 'aws'));
  expect(new Set(names).size).toBe(14);
});

test('only services without browser sessions are sure to carry signed requests', () => {
  expect(carriesSignedRequestsOnly('com.amazonaws.eu-west-1.sagemaker.runtime')).toBe(true);
  expect(carriesSignedRequestsOnly('aws.sagemaker.eu-west-1.studio')).toBe(false);
});
