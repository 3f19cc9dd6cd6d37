/** Which proxy a request goes through, by the environment variables that everybody has for it. */
import { BlockList, isIP } from 'node:net';
import { UserError } from '../runtime/user-error.ts';

/** The address of the proxy for a request; undefined for a request that goes there directly. */
export type ProxyFor = (url: URL) => string | undefined;

export type Environment = Readonly<Record<string, string | undefined>>;

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in upper or lower case, by the rules of Go's
 * `httpproxy`, which kubectl and controllers follow: an entry of `NO_PROXY` is a domain with its
 * subdomains, `.domain` without the domain itself, an address or a CIDR block, each but the block
 * with an optional port, or `*`. This machine itself is never reached through a proxy.
 *
 * @throws UserError for a value that is no address of an HTTP proxy
 */
export function proxyFromEnvironment(environment: Environment): ProxyFor {
  const proxies = {
    'http:': proxyOf(environment, 'HTTP_PROXY'),
    'https:': proxyOf(environment, 'HTTPS_PROXY'),
  };
  const exceptions = exceptionsOf(valueOf(environment, 'NO_PROXY') ?? '');
  return (url) => {
    const proxy = proxies[url.protocol as keyof typeof proxies];
    if (proxy === undefined) return undefined;
    const host = url.hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
    const port = url.port || defaultPorts[url.protocol];
    const isExcepted = isThisMachine(host) || exceptions.some((matches) => matches(host, port));
    return isExcepted ? undefined : proxy;
  };
}

function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name] ?? environment[name.toLowerCase()];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function proxyOf(environment: Environment, name: string): string | undefined {
  const value = valueOf(environment, name);
  if (value === undefined) return undefined;
  const address = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    // The value may hold a password, so it is not repeated.
    throw new UserError(
      `${name} is not the address of an HTTP proxy; it has to be like http://proxy.example.com:3128`,
    );
  }
  return address;
}

type Exception = (host: string, port: string | undefined) => boolean;

function exceptionsOf(list: string): readonly Exception[] {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => exceptionOf(entry.toLowerCase()));
}

function exceptionOf(entry: string): Exception {
  if (entry === '*') return () => true;
  const block = blockOf(entry);
  if (block !== undefined) return (host) => isIP(host) !== 0 && block.check(host, familyOf(host));
  const { host: wanted, port: wantedPort } = hostAndPort(entry);
  return (host, port) =>
    (wantedPort === undefined || wantedPort === port) && isHostOf(wanted, host);
}

/** The addresses of a CIDR block; undefined for anything else. */
function blockOf(entry: string): BlockList | undefined {
  const [, address = '', bits] = /^\[?([^\]/]+)\]?\/(\d{1,3})$/.exec(entry) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const block = new BlockList();
  block.addSubnet(address, Number(bits), familyOf(address));
  return block;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function hostAndPort(entry: string): { readonly host: string; readonly port?: string } {
  if (isIP(entry) === 6) return { host: entry };
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(entry) ?? [];
  return host === undefined || port === undefined
    ? { host: entry.replace(/^\[|\]$/g, '') }
    : { host, port };
}

function isHostOf(wanted: string, host: string): boolean {
  if (isIP(wanted) !== 0) return wanted === host;
  const domain = wanted.replace(/^\*(?=\.)/, '');
  if (domain.startsWith('.')) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isThisMachine(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && loopback.check(host, familyOf(host));
}
