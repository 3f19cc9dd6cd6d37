import { expect, test } from '@jest/globals';
import { clientServiceStatuses } from '../../../../../src/plan/clients/status/client-services.ts';
import type { ServiceEndpoint } from '../../../../../src/plan/facts.ts';
import { clientLink, policyWith } from '../client-links.ts';

const { spec } = clientLink({ clients: { networkPolicy: policyWith({ awsServices: ['sts'] }) } });

function endpoint(parts: Partial<ServiceEndpoint>): ServiceEndpoint {
  return {
    serviceName: 'com.amazonaws.eu-west-1.sts',
    state: 'available',
    addresses: ['10.0.0.1'],
    isPartlyShown: false,
    cidrs: [],
    ...parts,
  };
}

function statusOf(...endpoints: readonly ServiceEndpoint[]) {
  const [status] = clientServiceStatuses(spec, 'aws', endpoints);
  return status;
}

test('a service has the addresses of all its endpoints, and the best state of them', () => {
  expect(
    statusOf(endpoint({ state: 'pending', addresses: ['10.0.0.2'] }), endpoint({})),
  ).toMatchObject({ state: 'available', addresses: ['10.0.0.1', '10.0.0.2'] });
});

test('a service of which AWS does not show every address is unknown, with those that it shows', () => {
  expect(statusOf(endpoint({ isPartlyShown: true }))).toMatchObject({
    state: 'Unknown',
    addresses: ['10.0.0.1'],
    message: expect.stringContaining('every address'),
  });
});

test('a service without an endpoint is missing by name', () => {
  expect(statusOf()).toMatchObject({
    state: 'Missing',
    message: expect.stringContaining('com.amazonaws.eu-west-1.sts'),
  });
});
