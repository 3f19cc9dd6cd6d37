import pMap from 'p-map';
import { addressesToTry } from './choose-addresses.ts';
import { judgeLink, type TargetObservation } from './judge-link.ts';
import type { ForbiddenAddress } from './judge-shut.ts';
import type { NameObservation } from './observation.ts';
import { answersTcp, openConnection } from './probe/open-connection.ts';
import type { ResolveName } from './probe/resolve-name.ts';
import { type Target, targetsOf, type VerifiableLink } from './target.ts';
import type { LinkVerdict } from './verdict.ts';

/** How and where a link is verified. */
export interface VerifyOptions {
  readonly resolve: ResolveName;
  /** The proxy that the environment has for a URL, without credentials; undefined: none. */
  readonly proxyFor: (url: URL) => string | undefined;
  /** For each connection, in milliseconds. */
  readonly timeoutMs: number;
  /** Authorities in PEM that are trusted beside the usual ones. */
  readonly authorities?: string | undefined;
  /** Whether the link's network policy selects the place where this runs. */
  readonly isSelected: boolean;
  /** Addresses that must not answer. */
  readonly forbidden: readonly ForbiddenAddress[];
}

/** Connections that are open at the same time. */
const concurrency = 16;

/**
 * Looks at the private path of a link from this machine: names, TCP, TLS. Makes no AWS call and
 * sends no request. Never rejects for what it finds.
 */
export async function verifyLink(
  link: VerifiableLink & { readonly name: string },
  options: VerifyOptions,
): Promise<LinkVerdict> {
  const { targets, unknown } = targetsOf(link);
  const observed = await pMap(targets, (target) => observe(target, options), { concurrency: 4 });
  const shut = await pMap(
    options.forbidden,
    async (at) => ({ at, answers: await answersTcp({ ...at, timeoutMs: options.timeoutMs }) }),
    { concurrency },
  );
  const securityGroupId = link.status?.securityGroup?.id;
  const seen = { name: link.name, targets: observed, unknown, shut };
  return judgeLink(seen, { isSelected: options.isSelected, securityGroupId });
}

async function observe(target: Target, options: VerifyOptions): Promise<TargetObservation> {
  const names = await pMap(target.names, (name) => resolveName(name, target, options), {
    concurrency,
  });
  const { dialled: name, port } = target;
  const { timeoutMs, authorities } = options;
  const addresses = await pMap(
    addressesToTry(target, names),
    async ({ zone, address }) => {
      const request = { address, port, name, timeoutMs, authorities };
      return { zone, address, connection: await openConnection(request) };
    },
    { concurrency },
  );
  return { target, names, addresses };
}

async function resolveName(
  name: string,
  { port }: Target,
  { resolve, proxyFor }: VerifyOptions,
): Promise<NameObservation> {
  const proxy = proxyFor(new URL(`https://${name}:${port}`));
  return { name, answer: await resolve(name), proxy };
}
