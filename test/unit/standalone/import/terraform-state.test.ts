import { expect, test } from '@jest/globals';
import { stateAddresses } from '../../../../src/standalone/import/terraform-state.ts';

function state(...resources: readonly object[]): string {
  return JSON.stringify({ version: 4, terraform_version: '1.9.0', resources });
}

const endpoint = { mode: 'managed', type: 'aws_vpc_endpoint', name: 'this' };

test('addresses have their module and their key, as the command line takes them', () => {
  const text = state(
    { ...endpoint, instances: [{ attributes: { id: 'vpce-1' } }] },
    {
      ...endpoint,
      module: 'module.ml',
      instances: [
        { index_key: 0, attributes: { id: 'vpce-2' } },
        { index_key: 'a"${b}', attributes: { id: 'vpce-3' } },
        { attributes: { id: 'vpce-other' } },
      ],
    },
    { ...endpoint, mode: 'data', instances: [{ attributes: { id: 'vpce-1' } }] },
  );
  expect(stateAddresses(text, ['vpce-1', 'vpce-2', 'vpce-3'])).toEqual([
    { address: 'aws_vpc_endpoint.this', id: 'vpce-1' },
    { address: 'module.ml.aws_vpc_endpoint.this[0]', id: 'vpce-2' },
    { address: 'module.ml.aws_vpc_endpoint.this["a\\"$${b}"]', id: 'vpce-3' },
  ]);
});

test.each([
  ['aws_vpc_endpoint_policy', { id: 'vpce-1', vpc_endpoint_id: 'vpce-1', policy: '{}' }],
  ['aws_vpc_endpoint_private_dns', { vpc_endpoint_id: 'vpce-1', private_dns_enabled: true }],
  ['aws_vpc_endpoint_security_group_association', { id: 'a-1', vpc_endpoint_id: 'vpce-1' }],
  ['aws_vpc_endpoint_subnet_association', { id: 'a-2', vpc_endpoint_id: 'vpce-1' }],
  ['aws_ec2_tag', { id: 'vpce-1,team', resource_id: 'vpce-1', key: 'team' }],
])('%s leaves the state with the endpoint that it is a part of', (type, attributes) => {
  const resource = { mode: 'managed', type, name: 'part' };
  const text = state(
    { ...resource, instances: [{ index_key: 'a', attributes }] },
    {
      ...resource,
      name: 'other',
      instances: [{ attributes: { ...attributes, vpc_endpoint_id: 'x', resource_id: 'x' } }],
    },
  );
  expect(stateAddresses(text, ['vpce-1'])).toEqual([
    { address: `${type}.part["a"]`, id: 'vpce-1' },
  ]);
});

test('what only leads to an endpoint stays, such as the accepted connection of its service', () => {
  const text = state({
    mode: 'managed',
    type: 'aws_vpc_endpoint_connection_accepter',
    name: 'this',
    instances: [{ attributes: { id: 'vpce-svc-1_vpce-1', vpc_endpoint_id: 'vpce-1' } }],
  });
  expect(stateAddresses(text, ['vpce-1'])).toEqual([]);
});

test.each(['', 'no JSON', '[]', '{"version": 3, "modules": []}', '{"version": 4}'])(
  '%j is no state, which is said',
  (text) => {
    expect(() => stateAddresses(text, [])).toThrow(RangeError);
  },
);

test('whatever else a state has is passed over', () => {
  const text = state(
    { mode: 'managed' },
    { ...endpoint, instances: [null, {}, { attributes: 1 }] },
  );
  expect(stateAddresses(text, ['vpce-1'])).toEqual([]);
});
