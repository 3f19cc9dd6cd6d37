import { StringDecoder } from 'node:string_decoder';

/** The chunks of a stream of UTF-8 as text, each as it comes: characters that are cut in two are whole again. */
export async function* textsOfStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  for await (const chunk of chunks) yield decoder.write(chunk);
  yield decoder.end();
}

/**
 * Reads a stream of UTF-8 to its end. Each chunk becomes text as it comes: the bytes of a whole answer, and
 * copies of them, would stay outside of V8's heap until its next garbage collection, which comes no sooner for them.
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
  const texts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > longest) return undefined;
    texts.push(decoder.write(chunk));
  }
  return texts.join('') + decoder.end();
}
