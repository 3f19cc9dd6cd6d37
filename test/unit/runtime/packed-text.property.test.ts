import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTextPacker } from '../../../src/runtime/packed-text.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.nat({ max: 100_000 }).map((length) => 'x'.repeat(length)),
);

test('every text comes back as it was, whatever was packed before and after it', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 20 }), (texts) => {
      const packer = createTextPacker();
      const packed = texts.map((text) => packer.pack(text));
      expect(packed.map((one) => packer.unpack(one))).toEqual(texts);
    }),
  );
});

test('texts come back as they were after the dictionary has changed many times', () => {
  const packer = createTextPacker();
  const texts = Array.from({ length: 3_000 }, (_, at) =>
    Array.from({ length: 40 }, (_unused, part) => `${(at * 7919 + part * 104_729) ** 2}`).join(),
  );
  const packed = texts.map((text) => packer.pack(text));
  expect(packed.map((one) => packer.unpack(one))).toEqual(texts);
});

test('a text that another packer has packed is not read wrongly', () => {
  const packed = createTextPacker().pack('a text that is the first of its dictionary');
  expect(() => createTextPacker().unpack(packed)).toThrow('packed by another packer');
});
