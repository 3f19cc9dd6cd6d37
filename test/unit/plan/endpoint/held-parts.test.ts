import { expect, test } from '@jest/globals';
import type { DesiredEndpoint } from '../../../../src/plan/endpoint/desired-endpoint.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { planHeldParts } from '../../../../src/plan/endpoint/held-parts.ts';
import { endpoint } from '../../aws/aws-values.ts';

const desired: DesiredEndpoint = {
  serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
  label: 'api',
  vpcId: 'vpc-1',
  subnets: [],
  skipped: [],
  addresses: [],
  privateDns: true,
  ipAddressType: 'ipv4',
  held: { privateDns: 'NetworkResolved' },
};

function words(actual: Endpoint | undefined, held = desired.held): readonly string[] {
  return planHeldParts({ ...desired, held }, actual).waits.map(({ message }) => message);
}

test('an endpoint keeps only what it has', () => {
  const on = endpoint({ privateDnsEnabled: true });
  const off = endpoint({ privateDnsEnabled: false });
  expect(words(on)).toEqual([
    'The endpoint for api keeps its private DNS for now (see NetworkResolved).',
  ]);
  expect(words(off)).toEqual([
    'The endpoint for api has no private DNS for now (see NetworkResolved).',
  ]);
  const held = { privateDns: 'NetworkResolved', subnets: 'NetworkResolved' } as const;
  expect(words(off, held)).toEqual([
    'The endpoint for api keeps its subnets and has no private DNS for now (see NetworkResolved).',
  ]);
});

test('an endpoint that is not there keeps nothing', () => {
  expect(words(undefined)).toEqual([]);
  expect(words(undefined, { existence: 'NetworkResolved', subnets: 'NetworkResolved' })).toEqual([
    'The endpoint for api is not made yet (see NetworkResolved).',
  ]);
});
