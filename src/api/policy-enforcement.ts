import type { SageMakerPrivateLink } from './sagemaker-private-link.ts';

/** Whether the link's policies are in force; `Unknown` where the API server has dropped the answer. */
export function enforcementOf({
  spec,
}: Pick<SageMakerPrivateLink, 'spec'>): 'Enforce' | 'Audit' | 'Unknown' | undefined {
  const policy = spec.clients?.networkPolicy as Partial<NetworkPolicy> | undefined;
  return policy === undefined ? undefined : (policy.enforcement ?? 'Unknown');
}

type NetworkPolicy = NonNullable<
  NonNullable<SageMakerPrivateLink['spec']['clients']>['networkPolicy']
>;
