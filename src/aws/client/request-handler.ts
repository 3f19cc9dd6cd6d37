import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** The address of the HTTP proxy for a request; undefined for one that goes there directly. */
export type ProxyFor = (url: URL) => string | undefined;

const defaultTimeoutMs = 20_000;
/** CreateVpcEndpoint was seen to take 30 s to answer, and what is cut off has to be found again. */
const slowCallTimeoutMs = 60_000;

/** SQS holds a request back for up to 20 s while its queue is empty. */
const longPollTimeoutMs = 30_000;

/** How long a call may take to be answered, in ms; undefined: as the handler of requests has it. */
export function requestTimeoutOf(action: string): number | undefined {
  if (action === 'sqs:ReceiveMessage') return longPollTimeoutMs;
  return /:(Create|Modify)/.test(action) ? slowCallTimeoutMs : undefined;
}

/**
 * The HTTP side of all clients of a process. Without `throwOnRequestTimeout` the SDK only warns
 * about a request that hangs, and without limits it waits for ever.
 */
export function createRequestHandler(proxyFor: ProxyFor = () => undefined): NodeHttpHandler {
  return new ForwardingHandler(proxyFor);
}

const limits: NodeHttpHandlerOptions = {
  connectionTimeout: 3000,
  requestTimeout: defaultTimeoutMs,
  throwOnRequestTimeout: true,
};

/** A proxy has a name to resolve and a connection to make before there is one to AWS. */
const proxiedLimits: NodeHttpHandlerOptions = { ...limits, connectionTimeout: 10_000 };

type Handle = NodeHttpHandler['handle'];

/** With the code of Node's error for a text that is no URL at all: the handler would ask it over TLS. */
function noWebAddress(protocol: string): Error {
  return Object.assign(new TypeError(`${protocol} is no protocol of the web`), {
    code: 'ERR_INVALID_URL',
  });
}

/** Sends each request directly or through the proxy that is meant for its address. */
class ForwardingHandler extends NodeHttpHandler {
  private readonly proxyFor: ProxyFor;
  private readonly byProxy = new Map<string, NodeHttpHandler>();

  constructor(proxyFor: ProxyFor) {
    super(limits);
    this.proxyFor = proxyFor;
  }

  override handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const { protocol, hostname, port } = request;
    if (!/^https?:$/.test(protocol)) return Promise.reject(noWebAddress(protocol));
    const authority = port === undefined ? hostname : `${hostname}:${port}`;
    const proxy = this.proxyFor(new URL(`${protocol}//${authority}`));
    return proxy === undefined
      ? super.handle(request, options)
      : this.through(proxy).handle(request, options);
  }

  override destroy(): void {
    super.destroy();
    for (const handler of this.byProxy.values()) handler.destroy();
  }

  private through(proxy: string): NodeHttpHandler {
    const known = this.byProxy.get(proxy);
    if (known !== undefined) return known;
    const pool = { keepAlive: true, maxSockets: 50 };
    const handler = new NodeHttpHandler({
      ...proxiedLimits,
      httpAgent: new HttpProxyAgent(proxy, pool),
      httpsAgent: new HttpsProxyAgent(proxy, pool),
    });
    this.byProxy.set(proxy, handler);
    return handler;
  }
}
