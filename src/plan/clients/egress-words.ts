import type {
  ClientEgressStatus,
  LabelSelector,
  NetworkPolicyPeer,
} from '../../api/sagemaker-private-link.ts';
import type { AllowedEgress, AllowedPods, WantedEgress } from './egress.ts';

/** The egress in words, as `status.clients.egress` has it: one entry for each part of the wish. */
export function egressWords({ allowed }: WantedEgress): readonly ClientEgressStatus[] {
  return allowed.map((one) => ({
    reason: reasonOf(one),
    to: destinationsOf(one),
    ports: portsOf(one),
  }));
}

function reasonOf(one: AllowedEgress): string {
  return one.kind === 'Native' ? 'egress.rules' : one.reason;
}

function destinationsOf(one: AllowedEgress): readonly string[] {
  switch (one.kind) {
    case 'Networks':
      return one.cidrs;
    case 'Pods':
      return [podsWords(one)];
    case 'Native':
      return one.rule.to.map(peerWords);
  }
}

function podsWords({ namespaces, podSelector }: AllowedPods): string {
  const pods = podSelector === undefined ? 'every pod' : `pods with ${selectorWords(podSelector)}`;
  switch (namespaces.kind) {
    case 'Own':
      return `${pods} of the same namespace`;
    case 'All':
      return `${pods} of every namespace`;
    case 'Selected':
      return `${pods} of namespaces with ${selectorWords(namespaces.selector)}`;
  }
}

function peerWords({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): string {
  if (ipBlock !== undefined) {
    const { cidr, except = [] } = ipBlock;
    return except.length === 0 ? cidr : `${cidr} without ${except.join(', ')}`;
  }
  const pods = podSelector === undefined ? {} : { podSelector };
  const namespaces: AllowedPods['namespaces'] =
    namespaceSelector === undefined
      ? { kind: 'Own' }
      : { kind: 'Selected', selector: namespaceSelector };
  return podsWords({ kind: 'Pods', reason: '', ports: [], namespaces, ...pods });
}

/** The selector as kubectl's `-l` takes it; `any labels` for the empty one. */
function selectorWords({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const words = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        case 'In':
          return `${key} in (${values.join(', ')})`;
        case 'NotIn':
          return `${key} notin (${values.join(', ')})`;
      }
    }),
  ];
  return words.length === 0 ? 'any labels' : words.join(', ');
}

function portsOf(one: AllowedEgress): string {
  const ports = one.kind === 'Native' ? (one.rule.ports ?? []) : one.ports;
  if (ports.length === 0) return 'every port';
  return ports
    .map(({ protocol, port, endPort }) => {
      if (port === undefined) return `every ${protocol} port`;
      return endPort === undefined ? `${protocol} ${port}` : `${protocol} ${port} to ${endPort}`;
    })
    .join(', ');
}
