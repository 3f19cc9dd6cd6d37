/** The settings of a TLS connection to the API server, as Node's `tls.connect` takes it. */
export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface RequestCredentials {
  /** Such as `authorization`; never logged. A list is a header that is sent several times. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly tls: TlsMaterial;
}

/** Where the API server is and how to prove who we are. */
export interface ClusterCredentials {
  /** Base URL without a trailing slash, such as `https://10.0.0.1:443`. */
  readonly server: string;
  /** An HTTP proxy to go through, if any. */
  readonly proxyUrl?: string;
  /** The credentials to use now: renewed when they are known to have expired. */
  current(): Promise<RequestCredentials>;
  /** Called after a 401: reads the token again, or runs the exec plugin again. */
  reload(): Promise<void>;
}

/** Fixed credentials, for tests and for a token at hand. */
export function fixedCredentials(
  server: string,
  credentials: RequestCredentials = { headers: {}, tls: {} },
): ClusterCredentials {
  return {
    server: server.replace(/\/+$/, ''),
    current: () => Promise.resolve(credentials),
    reload: () => Promise.resolve(),
  };
}
