import { expect, test } from '@jest/globals';
import { serviceFindings } from '../../../src/standalone/service-findings.ts';
import { plainSpec } from '../../model/generated-specs.ts';

const service = {
  name: 'com.amazonaws.eu-west-1.sagemaker.api',
  zones: [],
  privateDnsNames: ['api.sagemaker.eu-west-1.amazonaws.com'],
  policySupported: true,
  acceptanceRequired: false,
  ipAddressTypes: [],
};
const spec = {
  ...plainSpec,
  region: 'eu-west-1',
  endpoints: [{ service: 'api', privateDNS: true }],
} as const;

test('private DNS of a service without a private name is a problem, and only with private DNS', () => {
  expect(serviceFindings(spec, [service])).toEqual({ problems: [], notes: [] });
  const nameless = { ...service, privateDnsNames: [] };
  const { problems } = serviceFindings(spec, [nameless]);
  expect(problems).toMatchObject([{ reason: 'InvalidSpec', severity: 'stalled' }]);
  const without = { ...spec, endpoints: [{ service: 'api', privateDNS: false }] } as const;
  expect(serviceFindings(without, [nameless]).problems).toEqual([]);
});

test('a service that needs acceptance is noted', () => {
  const { notes } = serviceFindings(spec, [{ ...service, acceptanceRequired: true }]);
  expect(notes).toMatchObject([{ reason: 'PendingAcceptance' }]);
});
