import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { textOfStream } from '../../../src/runtime/text-of-stream.ts';

/** A text, and places to cut its bytes at: within a character as well. */
const cutText = fc.tuple(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(40), { maxLength: 6 }));

function* piecesOf(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  let from = 0;
  for (const length of lengths) {
    yield bytes.subarray(from, from + length);
    from += length;
  }
  yield bytes.subarray(from);
}

test('a text comes back as it was, wherever its bytes were cut', async () => {
  await fc.assert(
    fc.asyncProperty(cutText, async ([text, lengths]) => {
      const pieces = piecesOf(Buffer.from(text), lengths);
      expect(await textOfStream(Readable.from(pieces))).toBe(text);
    }),
  );
});

test('bytes that are no text are read as Node reads them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (bytes) => {
      expect(await textOfStream(Readable.from([bytes]))).toBe(Buffer.from(bytes).toString());
    }),
  );
});

test('a text that is longer in bytes than it may be is not read to its end', async () => {
  let isEnded = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('ä');
    yield Buffer.from('ö');
    isEnded = true;
  }
  expect(await textOfStream(chunks(), 3)).toBeUndefined();
  expect(isEnded).toBe(false);
  expect(await textOfStream(chunks(), 4)).toBe('äö');
});
