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
