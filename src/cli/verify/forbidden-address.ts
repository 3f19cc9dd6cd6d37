import { InvalidArgumentError } from 'commander';
import { isIP } from 'node:net';
import type { ForbiddenAddress } from '../../verify/judge-shut.ts';

/** Takes `192.0.2.1:443` or `[2001:db8::1]:443` to the former ones of a flag that is repeated. */
export function forbiddenAddresses(
  text: string,
  former: readonly ForbiddenAddress[] | undefined,
): readonly ForbiddenAddress[] {
  const [, address = '', port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (isIP(address) === 0 || Number(port) < 1 || Number(port) > 65_535) {
    throw new InvalidArgumentError('must be an address and a port, such as 192.0.2.1:443');
  }
  return [...(former ?? []), { address, port: Number(port) }];
}
