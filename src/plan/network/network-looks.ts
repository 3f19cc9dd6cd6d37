/** The looks at the network of a link. */
import type { EndpointSpec, SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import { listedElsewhere } from './choose-subnets.ts';
import type { Subnet, Vpc } from '../facts.ts';
import type { Look, VpcSelector } from '../looks.ts';
import type { LookOf } from '../observation.ts';

/** A spec entry with its full service name. */
export interface NamedEntry {
  readonly entry: EndpointSpec;
  readonly serviceName: string;
}

/** The VPCs that the spec may mean. */
function vpcSelector({ vpc }: SageMakerPrivateLinkSpec): VpcSelector {
  return vpc.id === undefined ? { tags: vpc.tags ?? {} } : { id: vpc.id };
}

export function vpcsLook(spec: SageMakerPrivateLinkSpec): LookOf<'Vpcs'> {
  return { kind: 'Vpcs', selector: vpcSelector(spec) };
}

export function subnetsLook({ id }: Vpc): LookOf<'Subnets'> {
  return { kind: 'Subnets', vpcId: id };
}

export function dnsAttributesLook({ id }: Vpc): LookOf<'VpcDnsAttributes'> {
  return { kind: 'VpcDnsAttributes', vpcId: id };
}

export function servicesLook(entries: readonly NamedEntry[]): LookOf<'EndpointServices'> {
  return { kind: 'EndpointServices', names: entries.map(({ serviceName }) => serviceName) };
}

/** Everything that the choice of subnets and the endpoints need to know of a VPC. */
export function networkLooks(
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
  entries: readonly NamedEntry[],
): readonly Look[] {
  const looks: Look[] = [subnetsLook(vpc), servicesLook(entries)];
  if (spec.endpoints.some(({ privateDNS }) => privateDNS)) looks.push(dnsAttributesLook(vpc));
  return looks;
}

/** A listed subnet that the VPC does not have may be in another one: that is worth a word. */
export function looksElsewhere(
  spec: SageMakerPrivateLinkSpec,
  subnets: readonly Subnet[] | undefined,
): readonly LookOf<'SubnetsById'>[] {
  const ids = subnets === undefined ? [] : listedElsewhere(spec, subnets);
  return ids.length === 0 ? [] : [{ kind: 'SubnetsById', ids }];
}
