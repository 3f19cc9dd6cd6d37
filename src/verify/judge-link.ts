import type { AddressObservation, NameObservation } from './observation.ts';
import { type Circumstances, judgeAddress } from './judge-address.ts';
import { judgeName } from './judge-name.ts';
import { type ForbiddenAddress, judgeShut } from './judge-shut.ts';
import type { Target, UnknownTarget } from './target.ts';
import type { EndpointVerdict, LinkVerdict } from './verdict.ts';

/** Everything that was seen of one target. */
export interface TargetObservation {
  readonly target: Target;
  readonly names: readonly NameObservation[];
  readonly addresses: readonly AddressObservation[];
}

/** Everything that was seen of one link. */
export interface LinkObservation {
  readonly name: string;
  readonly targets: readonly TargetObservation[];
  readonly unknown: readonly UnknownTarget[];
  readonly shut: readonly { readonly at: ForbiddenAddress; readonly answers: boolean }[];
}

/** The verdict on a link: a pure function of everything that was seen. */
export function judgeLink(seen: LinkObservation, circumstances: Circumstances): LinkVerdict {
  const endpoints = seen.targets.map((one) => judgeTarget(one, circumstances));
  const shut = seen.shut.map(({ at, answers }) => judgeShut(at, answers));
  const unknown = seen.unknown.map(({ serviceName, message }) => ({
    serviceName,
    message,
    advice: "See the link's conditions, and verify again when the endpoint is available.",
  }));
  const reachable =
    endpoints.length > 0 &&
    endpoints.every(isReachable) &&
    unknown.length === 0 &&
    shut.every(({ outcome }) => outcome === 'Shut');
  return { name: seen.name, reachable, endpoints, unknown, shut };
}

function judgeTarget(
  { target, names, addresses }: TargetObservation,
  circumstances: Circumstances,
): EndpointVerdict {
  return {
    serviceName: target.serviceName,
    endpointId: target.endpointId,
    names: names.map((one) => judgeName(one, target)),
    addresses: addresses.map((one) => judgeAddress(one, addresses, target, circumstances)),
  };
}

function isReachable({ names, addresses }: EndpointVerdict): boolean {
  return (
    names.every(({ outcome }) => outcome === 'Private') &&
    addresses.every(({ outcome }) => outcome === 'Reachable')
  );
}
