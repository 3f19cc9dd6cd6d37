import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';

/** The ids by which an event can be about a link: of what it has at AWS, and of what it stands on. */
export function idsOfLink({
  spec,
  status = {},
}: Pick<SageMakerPrivateLink, 'spec' | 'status'>): ReadonlySet<string> {
  const { vpcId, subnets = [], endpoints = [], securityGroup, notebookAccess } = status;
  const ids = [
    vpcId,
    ...subnets.map(({ id }) => id),
    ...endpoints.map(({ id }) => id),
    securityGroup?.id,
    notebookAccess?.policyArn,
    ...(spec.securityGroup?.ids ?? []),
  ];
  return new Set(ids.filter((id) => id !== undefined));
}

/**
 * Whether an id is of the network that a link stands on: what is known of that may be older than
 * what is known of the link's own resources.
 */
export function isOfNetwork(id: string): boolean {
  return /^(vpc|subnet)-/.test(id);
}
