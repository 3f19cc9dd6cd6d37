import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { CIDR, IPAddress, parseCIDR, parseIP } from './ip-address.ts';

/** Stands for the `ip` in `ip.isCanonical(text)`. */
class IPLibrary {}

/**
 * A CEL environment with `self`, `oldSelf` and the functions of Kubernetes' CEL libraries that the
 * CRD's rules use. https://kubernetes.io/docs/reference/using-api/cel/
 */
export function createCelEnvironment(): Environment {
  return new Environment()
    .registerVariable('self', 'dyn')
    .registerVariable('oldSelf', 'dyn')
    .registerType('IP', IPAddress)
    .registerType('CIDR', CIDR)
    .registerType('IPLibrary', IPLibrary)
    .registerConstant('ip', 'IPLibrary', new IPLibrary())
    .registerFunction('isIP(string): bool', (text: string) => parseIP(text) !== undefined)
    .registerFunction('ip(string): IP', (text: string) => must(parseIP(text), text))
    .registerFunction('IP.family(): int', (address: IPAddress) => BigInt(address.family))
    .registerFunction(
      'IPLibrary.isCanonical(string): bool',
      (_: IPLibrary, text: string) => must(parseIP(text), text).toString() === text,
    )
    .registerFunction('isCIDR(string): bool', (text: string) => parseCIDR(text) !== undefined)
    .registerFunction('cidr(string): CIDR', (text: string) => must(parseCIDR(text), text))
    .registerFunction('CIDR.masked(): CIDR', (block: CIDR) => block.masked())
    .registerFunction('CIDR.containsCIDR(string): bool', (block: CIDR, text: string) =>
      block.contains(must(parseCIDR(text), text)),
    )
    .registerFunction('string.matchesUnicode(string): bool', (text: string, pattern: string) =>
      new RegExp(pattern, 'u').test(text),
    )
    .registerFunction('string(CIDR): string', (block: CIDR) => block.toString());
}

/** Compiles a rule of the CRD. Throws if it is no valid CEL or uses an unknown function. */
export function compileRule(environment: Environment, rule: string): ParseResult {
  // The package's own `matches` reads patterns without Unicode classes, which RE2 has.
  return environment.parse(rule.replaceAll('.matches(', '.matchesUnicode('));
}

function must<T>(parsed: T | undefined, text: string): T {
  if (parsed === undefined) throw new Error(`${text} is no address or block of addresses`);
  return parsed;
}
