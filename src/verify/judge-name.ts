import type { NameObservation } from './observation.ts';
import { isPublicAddress } from './public-address.ts';
import type { Target } from './target.ts';
import type { NameOutcome, NameVerdict } from './verdict.ts';

/** Judges the answer of a resolver about a name that must lead to the endpoint. */
export function judgeName(observation: NameObservation, target: Target): NameVerdict {
  const { name, answer, proxy } = observation;
  const verdict = (outcome: NameOutcome, message: string, advice?: string): NameVerdict => ({
    name,
    outcome,
    addresses: answer.kind === 'Addresses' ? answer.addresses : [],
    message,
    ...(advice === undefined ? {} : { advice }),
  });
  if (answer.kind === 'NotFound') {
    return verdict('NotFound', 'The resolver knows no address for it.', adviceNotFound(name));
  }
  if (answer.kind === 'NoAnswer') {
    return verdict('NoAnswer', `The resolver does not answer (${answer.detail}).`, noResolver);
  }
  const strange = answer.addresses.filter((one) => !isOf(target, one));
  const shown = strange.join(', ');
  if (strange.some(isPublicAddress)) {
    const message = `It leads to public addresses: ${shown}.`;
    return verdict('PublicAddresses', message, advicePublic(name, target));
  }
  if (strange.length > 0) {
    const message = `It leads to ${shown}, which ${target.endpointId} does not have.`;
    return verdict('OtherAddresses', message, otherEndpoint);
  }
  if (proxy !== undefined) {
    return verdict(
      'Proxy',
      `It leads to the endpoint, and the environment sends requests for it to the proxy ${proxy}.`,
      `Add ${name} to NO_PROXY: a request that a proxy makes does not come through the endpoint.`,
    );
  }
  return verdict('Private', 'It leads to the endpoint.');
}

function isOf({ addresses }: Target, address: string): boolean {
  return addresses.some((one) => one.address === address);
}

function isOwnName(name: string): boolean {
  return name.startsWith('vpce-');
}

/** Own names are in the public DNS, with private addresses in the answers. */
function adviceNotFound(name: string): string {
  return isOwnName(name)
    ? "Let the resolver ask the public DNS, and let it pass private addresses on: some drop them as protection against 'DNS rebinding'."
    : 'Let the resolver ask the VPC (its second address, or 169.254.169.253) for this name, and see whether another hosted zone of the VPC has its domain.';
}

const noResolver =
  'Let UDP and TCP 53 to the resolver through: a NetworkPolicy has to allow the cluster DNS. See /etc/resolv.conf for its address.';

function advicePublic(name: string, { endpointId, state }: Target): string {
  if (isOwnName(name)) {
    return `Compare the link's status with ${endpointId} at AWS: this name never has public addresses.`;
  }
  const pending = state === 'available' ? '' : ` (AWS calls ${endpointId} ${state} now)`;
  return `Let the resolver ask the VPC of the endpoint (its second address, or 169.254.169.253): a resolver of another VPC, of a corporate network or of the internet knows only the public addresses. Private DNS that was just turned on takes some minutes${pending}.`;
}

const otherEndpoint =
  'Another endpoint or a hosted zone has the name in the VPC that the resolver asks, or the endpoint was replaced and the status or a cache of the resolver is older.';
