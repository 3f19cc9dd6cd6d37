/** What is asked about the network of a link. */
import type { EndpointSpec, SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import { listedElsewhere } from './choose-subnets.ts';
import type { Subnet, Vpc } from '../facts.ts';
import type { Look, VpcSelector } from '../looks.ts';

/** A spec entry with its full service name. */
export interface NamedEntry {
  readonly entry: EndpointSpec;
  readonly serviceName: string;
}

/** The VPCs that the spec may mean. */
export function vpcSelector({ vpc }: SageMakerPrivateLinkSpec): VpcSelector {
  return vpc.id === undefined ? { tags: vpc.tags ?? {} } : { id: vpc.id };
}

/** Everything that the choice of subnets and the endpoints need to know of a VPC. */
export function networkLooks(
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
  entries: readonly NamedEntry[],
): readonly Look[] {
  const looks: Look[] = [
    { kind: 'Subnets', vpcId: vpc.id },
    { kind: 'EndpointServices', names: entries.map(({ serviceName }) => serviceName) },
  ];
  if (spec.endpoints.some(({ privateDNS }) => privateDNS)) {
    looks.push({ kind: 'VpcDnsAttributes', vpcId: vpc.id });
  }
  return looks;
}

/** A listed subnet that the VPC does not have may be in another one: that is worth a word. */
export function looksElsewhere(
  spec: SageMakerPrivateLinkSpec,
  subnets: readonly Subnet[] | undefined,
): readonly Look[] {
  const ids = subnets === undefined ? [] : listedElsewhere(spec, subnets);
  return ids.length === 0 ? [] : [{ kind: 'SubnetsById', ids }];
}
