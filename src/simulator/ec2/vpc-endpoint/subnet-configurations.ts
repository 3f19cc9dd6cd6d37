import { type Form, requiredTextOf, structuresOf, textOf } from '../../protocol/form.ts';
import type { FixedAddresses } from './endpoint-addresses.ts';
import { invalidParameter } from './endpoint-errors.ts';

/** `SubnetConfiguration.N` by subnet; each must be one of the endpoint's subnets. */
export function fixedAddressesIn(
  form: Form,
  subnetIds: readonly string[],
): ReadonlyMap<string, FixedAddresses> {
  const configurations = structuresOf(form, 'SubnetConfiguration').map((configuration) => {
    const subnetId = requiredTextOf(configuration, 'SubnetId');
    if (!subnetIds.includes(subnetId)) {
      throw invalidParameter(`The subnet ${subnetId} is configured but not one of the endpoint's.`);
    }
    const fixed = { ipv4: textOf(configuration, 'Ipv4'), ipv6: textOf(configuration, 'Ipv6') };
    return [subnetId, fixed] as const;
  });
  return new Map(configurations);
}
