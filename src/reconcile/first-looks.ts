/** The first looks of a process: thousands of links are looked at in a row. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { WorkItem } from '../kubernetes/queue/work-queue.ts';
import { type Cloud, CloudError } from '../plan/cloud.ts';
import type { PassInput } from './pass.ts';
import { cloudOrRefusal, type LinkPlace, placeOf } from './cloud-or-refusal.ts';

/** The network that a link will be looked at in. Links of one VPC have the same. */
export interface ExpectedNetwork extends Omit<LinkPlace, 'uid'> {
  /** Undefined where nobody knows it yet, and for a link that goes. */
  readonly vpcId: string | undefined;
}

/** The network of a link. */
export function networkOf(link: SageMakerPrivateLink): ExpectedNetwork {
  const { spec, status, metadata } = link;
  const { uid: _ofLink, ...place } = placeOf(link);
  const isGoing = metadata.deletionTimestamp !== undefined;
  return { ...place, vpcId: isGoing ? undefined : (spec.vpc.id ?? status?.vpcId) };
}

/**
 * Says that a VPC will be asked about: the first read about VPCs is then one of all of them, and not one
 * of those that the first workers happen to ask for.
 */
export function expectNetwork(
  network: ExpectedNetwork,
  cloudFor: (place: LinkPlace) => Cloud,
): void {
  const { vpcId: id } = network;
  if (id === undefined) return;
  const cloud = cloudOrRefusal(network, cloudFor);
  if (cloud instanceof CloudError) return;
  cloud.expect?.([
    { kind: 'Vpcs', selector: { id } },
    { kind: 'Subnets', vpcId: id },
  ]);
}

/**
 * The DNS attributes of the VPC of a link that is Ready and is looked at first after a start: AWS tells
 * them by two calls for each VPC, which would hold up all other links. A link with private DNS is Ready
 * only where both are on, and they were read by the process before; the sweep reads them anew.
 */
export function presumedDnsOf(
  { metadata, status }: SageMakerPrivateLink,
  { priority, reasons }: Pick<WorkItem, 'priority' | 'reasons'>,
): Pick<PassInput, 'presumedDns'> {
  const isTrue = (wanted: string): boolean =>
    status?.conditions?.some(({ type, status: is }) => type === wanted && is === 'True') === true;
  const isFirst = priority === 'low' && reasons.every((reason) => reason === 'Added');
  const isApplied = status?.appliedGeneration === metadata.generation;
  if (!isFirst || !isApplied || !isTrue('Ready') || !isTrue('NetworkResolved')) return {};
  return { presumedDns: { enableDnsSupport: true, enableDnsHostnames: true } };
}
