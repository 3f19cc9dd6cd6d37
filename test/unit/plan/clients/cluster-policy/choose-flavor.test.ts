import { describe, expect, test } from '@jest/globals';
import {
  chooseFlavor,
  type ServedKind,
} from '../../../../../src/plan/clients/cluster-policy/choose-flavor.ts';

const kinds = {
  cilium: { group: 'cilium.io', version: 'v2', kind: 'CiliumClusterwideNetworkPolicy' },
  calico: { group: 'projectcalico.org', version: 'v3', kind: 'GlobalNetworkPolicy' },
  tier: { group: 'projectcalico.org', version: 'v3', kind: 'Tier' },
  calicoStore: { group: 'crd.projectcalico.org', version: 'v1', kind: 'GlobalNetworkPolicy' },
  eks: { group: 'networking.k8s.aws', version: 'v1alpha1', kind: 'ClusterNetworkPolicy' },
  alpha: { group: 'policy.networking.k8s.io', version: 'v1alpha2', kind: 'ClusterNetworkPolicy' },
  beta: { group: 'policy.networking.k8s.io', version: 'v1beta1', kind: 'ClusterNetworkPolicy' },
} satisfies Record<string, ServedKind>;

function flavorOf(...[served, wanted, inUse]: Parameters<typeof chooseFlavor>): string {
  const choice = chooseFlavor(served, wanted, inUse);
  return choice.kind === 'Chosen' ? choice.served.flavor : choice.message;
}

describe('Auto', () => {
  test('takes the first of its order that the cluster serves', () => {
    const { cilium, calico, eks, alpha } = kinds;
    expect(flavorOf([alpha, eks, calico, cilium], 'Auto')).toBe('Cilium');
    expect(flavorOf([alpha, eks, calico], 'Auto')).toBe('Calico');
    expect(flavorOf([alpha, eks], 'Auto')).toBe('EKS');
    expect(flavorOf([alpha], 'Auto')).toBe('NetworkPolicyAPI');
  });

  test('stays with the flavor in use while it is served', () => {
    expect(flavorOf([kinds.eks, kinds.cilium], 'Auto', 'EKS')).toBe('EKS');
  });

  test('goes on to the next one when the flavor in use is served no more, and says so', () => {
    expect(chooseFlavor([kinds.eks], 'Auto', 'Cilium')).toMatchObject({
      kind: 'Chosen',
      served: { flavor: 'EKS' },
      gone: 'Cilium',
    });
  });

  test('names every kind when the cluster serves none', () => {
    const message = flavorOf([{ ...kinds.cilium, version: 'v1' }], 'Auto');
    expect(message).toBe(
      'The cluster does not serve CiliumClusterwideNetworkPolicy of cilium.io/v2 (Cilium), ' +
        'GlobalNetworkPolicy of projectcalico.org/v3 or crd.projectcalico.org/v1 (Calico), ' +
        'ClusterNetworkPolicy of networking.k8s.aws/v1alpha1 (EKS), ClusterNetworkPolicy of ' +
        'policy.networking.k8s.io/v1beta1 or policy.networking.k8s.io/v1alpha2 (NetworkPolicyAPI). ' +
        'Install a network plugin that has one of them, or leave clusterPolicy out.',
    );
  });
});

describe('a flavor by name', () => {
  test('is taken though Auto would prefer another, and though another is in use', () => {
    expect(flavorOf([kinds.cilium, kinds.alpha], 'NetworkPolicyAPI', 'Cilium')).toBe(
      'NetworkPolicyAPI',
    );
    expect(
      chooseFlavor([kinds.cilium, kinds.alpha], 'NetworkPolicyAPI', 'Cilium'),
    ).not.toHaveProperty('gone');
  });

  test('that went away is told with what became of its policies', () => {
    expect(flavorOf([kinds.alpha], 'EKS', 'EKS')).toBe(
      'The cluster no longer serves ClusterNetworkPolicy of networking.k8s.aws/v1alpha1 (EKS). The ' +
        'policies written as EKS are gone with it. Install it, set clusterPolicy.flavor to Auto, or ' +
        'leave clusterPolicy out.',
    );
  });

  test('is written in the best version that is served', () => {
    const version = (served: readonly ServedKind[], flavor: 'Calico' | 'NetworkPolicyAPI') => {
      const choice = chooseFlavor(served, flavor);
      return choice.kind === 'Chosen' ? choice.served : undefined;
    };
    const { alpha, beta, calico, calicoStore, tier } = kinds;
    expect(version([alpha, beta], 'NetworkPolicyAPI')?.apiVersion).toBe(
      'policy.networking.k8s.io/v1beta1',
    );
    expect(version([calicoStore, calico, tier], 'Calico')).toMatchObject({
      apiVersion: 'projectcalico.org/v3',
      tiers: true,
    });
    expect(version([calicoStore, tier], 'Calico')).toMatchObject({
      apiVersion: 'crd.projectcalico.org/v1',
      tiers: false,
    });
  });
});
