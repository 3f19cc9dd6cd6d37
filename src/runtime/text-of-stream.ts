import { StringDecoder } from 'node:string_decoder';

/**
 * Reads a stream of UTF-8 to its end. Each piece becomes text as it comes: the bytes of a whole answer, and
 * copies of them, would stay outside of V8's heap until it next collects garbage, which does not count them.
 *
 * @param longest in bytes
 * @returns undefined if the stream is longer; it is not read further then
 */
export async function textOfStream(chunks: AsyncIterable<Uint8Array>): Promise<string>;
export async function textOfStream(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
): Promise<string | undefined>;
export async function textOfStream(
  chunks: AsyncIterable<Uint8Array>,
  longest = Number.POSITIVE_INFINITY,
): Promise<string | undefined> {
  const decoder = new StringDecoder('utf8');
  const pieces: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > longest) return undefined;
    pieces.push(decoder.write(chunk));
  }
  return pieces.join('') + decoder.end();
}
