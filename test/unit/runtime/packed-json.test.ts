import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createJsonPacker } from '../../../src/runtime/packed-json.ts';

test('whatever JSON can say comes back as it was, whatever was packed before', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), (values) => {
      const packer = createJsonPacker<unknown>();
      const packed = values.map((one) => packer.pack(one));
      // JSON has one zero.
      const wanted = JSON.parse(JSON.stringify(values)) as unknown[];
      expect(packed.map((one) => packer.unpack(one))).toEqual(wanted);
    }),
  );
});

test.each([
  ['names of prototypes', JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
  ['text beyond ASCII', { name: 'é 中 😀 \u0000 \u2028' }],
  ['more than fits into any window', { text: Array.from({ length: 30_000 }, (_, n) => n) }],
])('%s come back too', (_what, value) => {
  const packer = createJsonPacker<unknown>();
  packer.pack({ name: 'the pattern' });
  const unpacked = packer.unpack(packer.pack(value));
  expect(JSON.stringify(unpacked)).toBe(JSON.stringify(value));
});

test('values that are alike take a fraction of their length', () => {
  const packer = createJsonPacker<unknown>();
  const like = (id: string) => ({
    id,
    tags: { owner: 'the platform team', purpose: 'notebooks of the data scientists' },
    names: [`${id}.api.sagemaker.eu-west-1.vpce.amazonaws.com`, `${id}-a.vpce.amazonaws.com`],
  });
  packer.pack(like('vpce-0123456789abcdef0'));
  const other = like('vpce-0fedcba9876543210');
  expect(packer.pack(other).length).toBeLessThan(JSON.stringify(other).length / 4);
});
