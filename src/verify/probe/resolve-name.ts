import { lookup, Resolver } from 'node:dns/promises';
import { timeLimited } from './time-limited.ts';
import type { NameAnswer } from '../observation.ts';

/** Asks for the addresses of a name. Never rejects. */
export type ResolveName = (name: string) => Promise<NameAnswer>;

/**
 * The resolver that programs on this machine use: /etc/hosts, /etc/resolv.conf, search domains.
 *
 * @param timeoutMs how long an answer may take; the question itself cannot be taken back
 */
export function hostResolver(timeoutMs: number): ResolveName {
  return async (name) => {
    try {
      const found = await timeLimited(lookup(name, { all: true, verbatim: true }), timeoutMs);
      if (found === undefined) return { kind: 'NoAnswer', detail: 'timed out' };
      return addressesOf(found.map(({ address }) => address));
    } catch (error) {
      return failureOf(error);
    }
  };
}

/** A resolver by its address, `10.0.0.2` or `10.0.0.2:53`. */
export function serverResolver(server: string, timeoutMs: number): ResolveName {
  const resolver = new Resolver({ timeout: Math.max(1, Math.round(timeoutMs / 2)), tries: 2 });
  resolver.setServers([server]);
  return async (name) => {
    const answers = await Promise.all(
      [resolver.resolve4(name), resolver.resolve6(name)].map((asked) =>
        asked.then(addressesOf, failureOf),
      ),
    );
    const addresses = answers.flatMap((one) => (one.kind === 'Addresses' ? one.addresses : []));
    if (addresses.length > 0) return { kind: 'Addresses', addresses };
    return answers.find(({ kind }) => kind === 'NoAnswer') ?? { kind: 'NotFound' };
  };
}

function addressesOf(addresses: readonly string[]): NameAnswer {
  if (addresses.length === 0) return { kind: 'NotFound' };
  return { kind: 'Addresses', addresses: [...new Set(addresses)].sort() };
}

function failureOf(error: unknown): NameAnswer {
  const code = String((error as { readonly code?: unknown }).code ?? error);
  if (code === 'ENOTFOUND' || code === 'ENODATA') return { kind: 'NotFound' };
  return { kind: 'NoAnswer', detail: code };
}
