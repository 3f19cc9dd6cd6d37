/** DNS inside of the simulated VPC, asked over UDP by a real resolver. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegionControl } from '../src/simulator/control/region-control.ts';
import type { NameAnswer } from '../src/verify/observation.ts';
import { type ResolveName, serverResolver } from '../src/verify/probe/resolve-name.ts';
import { startDnsServer } from '../test/environment/dns-server.ts';

/**
 * Stands for every public address of AWS: a demo asks no server of the internet. An address for
 * documentation. https://www.rfc-editor.org/rfc/rfc5737
 */
export const publicAddress = '198.51.100.7';

export interface VpcResolver {
  readonly resolve: ResolveName;
  /** How many answers led to an endpoint that takes no traffic. */
  unserved(): number;
  close(): Promise<void>;
}

/** Serves the names of a VPC by the simulator's rules, on a port of this machine. */
export async function startVpcResolver(region: RegionControl, vpcId: string): Promise<VpcResolver> {
  let unserved = 0;
  const server = await startDnsServer((name) => {
    const found = region.resolve(vpcId, name);
    if (found === undefined) return isServiceName(region, name) ? [publicAddress] : undefined;
    if (!found.isServing) unserved += 1;
    return addressesOf(region, found.endpointId);
  });
  return {
    resolve: serverResolver(server.address, 2_000),
    unserved: () => unserved,
    close: () => server.close(),
  };
}

/** The addresses of an endpoint's interfaces. */
export function addressesOf(region: RegionControl, endpointId: string): readonly string[] {
  const own = region.interfaces().filter((one) => one.endpointId === endpointId);
  return own.flatMap(({ ipv4 }) => ipv4 ?? []);
}

function isServiceName(region: RegionControl, name: string): boolean {
  return region.services().some(({ privateDnsNames }) => privateDnsNames.includes(name));
}

/** The same answer, so many times in a row. */
export interface AnswersInARow {
  readonly addresses: readonly string[];
  readonly times: number;
}

export interface NameWatch {
  /** Asks a last time; answers all answers in the order in which they came. */
  stop(): Promise<readonly AnswersInARow[]>;
}

/** Asks for a name again and again, as clients do. Resolves when it has asked for the first time. */
export async function watchName(
  resolve: ResolveName,
  name: string,
  everyMs: number,
): Promise<NameWatch> {
  const rows: { addresses: readonly string[]; times: number }[] = [];
  async function ask(): Promise<void> {
    const addresses = addressesIn(await resolve(name));
    const row = rows.at(-1);
    if (row?.addresses.join() === addresses.join()) row.times += 1;
    else rows.push({ addresses, times: 1 });
  }
  await ask();
  const over = new AbortController();
  const asking = repeat(ask, everyMs, over.signal);
  asking.catch(() => undefined);
  return {
    async stop() {
      over.abort();
      await asking;
      await ask();
      return rows;
    },
  };
}

async function repeat(
  work: () => Promise<void>,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    await work();
  }
}

/** @throws Error for a name that is not there, or a server that does not answer */
export function addressesIn(answer: NameAnswer): readonly string[] {
  if (answer.kind === 'Addresses') return answer.addresses;
  throw new Error(`the resolver of the VPC has no addresses: ${JSON.stringify(answer)}`);
}
