import { expect, test } from '@jest/globals';
import type { Endpoint, EndpointService } from '../../../../src/plan/facts.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { endpointStatuses, urlOf } from '../../../../src/plan/report/report-endpoints.ts';

const own = 'vpce-0abc-x7k2';

function endpointWith(parts: Partial<Endpoint>): Endpoint {
  return {
    id: 'vpce-0abc',
    vpcId: 'vpc-1',
    serviceName: 's',
    state: 'available',
    subnetIds: [],
    securityGroupIds: [],
    networkInterfaceIds: [],
    privateDnsEnabled: true,
    dnsNames: [],
    requesterManaged: false,
    tags: {},
    ...parts,
  };
}

function serviceWith(privateDnsNames: readonly string[]): EndpointService {
  return {
    name: 's',
    zones: [],
    privateDnsNames,
    policySupported: true,
    acceptanceRequired: false,
    ipAddressTypes: [],
  };
}

const studio = { serviceName: 'aws.sagemaker.eu-west-1.studio' };
const studioNames = [
  'studio.eu-west-1.sagemaker.aws',
  '*.studio.eu-west-1.sagemaker.aws',
  'studio.sagemaker.eu-west-1.app.aws',
  '*.studio.sagemaker.eu-west-1.app.aws',
];

test('with private DNS clients of the api go on to dial the usual name', () => {
  const privateNames = ['api.sagemaker.eu-west-1.amazonaws.com', 'api.sagemaker.eu-west-1.api.aws'];
  const dnsNames = [
    `${own}-eu-west-1a.api.sagemaker.eu-west-1.vpce.amazonaws.com`,
    `${own}.api.sagemaker.eu-west-1.vpce.amazonaws.com`,
    ...[...privateNames].reverse(),
  ];
  expect(urlOf(endpointWith({ dnsNames }), serviceWith(privateNames))).toBe(
    'https://api.sagemaker.eu-west-1.amazonaws.com',
  );
});

test('the service’s order decides among private names, whatever order the endpoint has', () => {
  const dnsNames = [`${own}.studio.eu-west-1.vpce.sagemaker.aws`, ...[...studioNames].reverse()];
  expect(urlOf(endpointWith({ ...studio, dnsNames }), serviceWith(studioNames))).toBe(
    'https://*.studio.eu-west-1.sagemaker.aws',
  );
});

test('pages of a browser have the wildcard of their names, and nothing without private DNS', () => {
  const serviceName = 'aws.sagemaker.eu-west-1.notebook';
  const regional = `${own}.notebook.eu-west-1.vpce.sagemaker.aws`;
  const dnsNames = [regional, '*.notebook.eu-west-1.sagemaker.aws'];
  const service = serviceWith(['*.notebook.eu-west-1.sagemaker.aws']);
  const notebook = { serviceName, dnsNames };
  expect(urlOf(endpointWith(notebook), service)).toBe('https://*.notebook.eu-west-1.sagemaker.aws');
  expect(urlOf(endpointWith({ ...notebook, privateDnsEnabled: false }), service)).toBeUndefined();
  expect(urlOf(endpointWith({ serviceName, dnsNames: [regional] }), undefined)).toBeUndefined();
});

test.each(['eu-west-1a', 'us-west-2-lax-1a', 'us-gov-west-1b', 'ap-southeast-2c'])(
  'without private DNS the regional name is dialled, not the one of zone %s',
  (zone) => {
    const regional = `${own}.api.sagemaker.eu-west-1.vpce.amazonaws.com`;
    const zonal = `${own}-${zone}.api.sagemaker.eu-west-1.vpce.amazonaws.com`;
    const endpoint = endpointWith({ privateDnsEnabled: false, dnsNames: [zonal, regional] });
    expect(urlOf(endpoint, serviceWith([]))).toBe(`https://${regional}`);
  },
);

test('without any name from AWS there is no URL', () => {
  expect(urlOf(endpointWith({ privateDnsEnabled: false }), undefined)).toBeUndefined();
  expect(urlOf(endpointWith({}), undefined)).toBeUndefined();
});

test('a new endpoint whose private names AWS does not list yet has the service’s first name', () => {
  expect(urlOf(endpointWith(studio), serviceWith(studioNames))).toBe(
    'https://*.studio.eu-west-1.sagemaker.aws',
  );
});

test('an interface that AWS has not shown is there by its id alone', () => {
  const networkInterfaceIds = ['eni-b', 'eni-a', 'eni-c'];
  const [status] = endpointStatuses({
    spec: { ...plainSpec, endpoints: [{ service: 'api', privateDNS: true }] },
    partition: 'aws',
    vpcId: 'vpc-1',
    owned: [
      endpointWith({ serviceName: 'com.amazonaws.eu-west-1.sagemaker.api', networkInterfaceIds }),
    ],
    services: [],
    interfaces: [{ id: 'eni-b', subnetId: 'subnet-b', zone: 'eu-west-1b', ipv4: '10.0.0.2' }],
    settledNames: {},
    formerIds: {},
  });
  expect(status?.networkInterfaces).toEqual([
    { id: 'eni-b', subnetId: 'subnet-b', zone: 'eu-west-1b', ipv4: '10.0.0.2' },
    { id: 'eni-a' },
    { id: 'eni-c' },
  ]);
});
