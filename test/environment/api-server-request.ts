import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

/** Where an API server is and how to trust it. */
export interface ApiServerAddress {
  readonly url: string;
  /** PEM of the certificate authority that signed the server's certificate. */
  readonly certificateAuthority: string;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query, such as `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  readonly token: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body; JSON when absent. A patch needs its own. */
  readonly contentType?: string;
  readonly timeoutMs?: number;
}

export interface ApiResponse {
  readonly status: number;
  /** Parsed JSON, or the text as it came. */
  readonly body: unknown;
}

/** One raw request, by no client library, so that tests can look past the one under test. */
export async function requestApi(
  address: ApiServerAddress,
  request: ApiRequest,
): Promise<ApiResponse> {
  const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      `${address.url}${request.path}`,
      {
        method: request.method ?? 'GET',
        ca: address.certificateAuthority,
        agent: false,
        signal: AbortSignal.timeout(request.timeoutMs ?? 30_000),
        headers: {
          authorization: `Bearer ${request.token}`,
          accept: 'application/json',
          ...(payload === undefined
            ? {}
            : { 'content-type': request.contentType ?? 'application/json' }),
        },
      },
      (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, body: parseBody(body) }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
