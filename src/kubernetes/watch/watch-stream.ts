import { ApiConnectionError, ApiStatusError, type StatusBody } from '../client/api-error.ts';
import { connectionErrorOf } from '../client/api-request.ts';

/** A change of one object, or (BOOKMARK) only news of how far the watch has come. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** etcd keeps objects of at most 1.5 MB; a line this long is not an object. */
const longestLineBytes = 16 * 1024 * 1024;

const newline = 0x0a;

/**
 * Reads the lines of a watch. Ends when the server ends it; throws `ApiStatusError` for an event of
 * type ERROR (such as 410 Gone) and `ApiConnectionError` when the connection breaks or sends rubbish.
 */
export async function* readWatchEvents<T>(
  path: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const request = { verb: 'watch', path } as const;
  try {
    for await (const line of readLines(path, body)) {
      const event = parseEvent<T>(path, line);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    if (error instanceof ApiStatusError) throw error;
    throw connectionErrorOf(request, error);
  }
}

async function* readLines(
  path: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      begun.push(chunk.subarray(from, end));
      yield Buffer.concat(begun).toString('utf8');
      begun = [];
      begunBytes = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    begun.push(chunk.subarray(from));
    begunBytes += chunk.length - from;
    if (begunBytes > longestLineBytes) throw badBody(path, 'an event is too long');
  }
  // A line without its end was cut off with the connection: it comes again with the next watch.
}

function parseEvent<T>(path: string, line: string): WatchEvent<T> | undefined {
  if (line.trim() === '') return undefined;
  let event: { type?: unknown; object?: unknown };
  try {
    event = JSON.parse(line) as typeof event;
  } catch {
    throw badBody(path, 'an event is not JSON');
  }
  if (typeof event.object !== 'object' || event.object === null) {
    throw badBody(path, 'an event has no object');
  }
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object as T };
    case 'BOOKMARK': {
      const { metadata } = event.object as { metadata?: { resourceVersion?: string } };
      return { type: 'BOOKMARK', resourceVersion: metadata?.resourceVersion ?? '' };
    }
    case 'ERROR': {
      const status = event.object as StatusBody;
      throw new ApiStatusError({ verb: 'watch', path, code: status.code ?? 500, status });
    }
    default:
      return undefined;
  }
}

function badBody(path: string, detail: string): ApiConnectionError {
  return new ApiConnectionError({ verb: 'watch', path, code: 'BadBody', detail });
}
