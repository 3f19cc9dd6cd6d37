/** The namespaces of the picture. Pure. */
import { printable } from '../api/printable.ts';
import type { ClientServiceStatus, LabelSelector } from '../api/sagemaker-private-link.ts';
import type { Findings } from './findings-of-part.ts';
import type { ClientsPart, LinkView, ServicePart } from './topology.ts';

/** Undefined for a link without clients. */
export function clientsPart(
  { spec, status }: LinkView,
  findings: Findings,
): ClientsPart | undefined {
  const wanted = spec.clients;
  if (wanted === undefined) return undefined;
  const shown = status?.clients;
  return {
    selector: printable(selectorWords(wanted.namespaceSelector)),
    ...(shown === undefined ? {} : { namespaces: shown.namespaces, ready: shown.ready }),
    failing: (shown?.failing ?? []).map(({ namespace, message }) => ({
      namespace: printable(namespace),
      message: printable(message),
    })),
    services: (shown?.services ?? []).map(servicePart),
    egress: (shown?.egress ?? []).map(({ to, ports }) => ({
      to: to.map(printable),
      ports: printable(ports),
    })),
    tone: findings.tone('ClientsConfigured'),
    notes: findings.notes('ClientsConfigured'),
  };
}

function servicePart({
  service,
  state,
  addresses,
  cidrs,
  message,
}: ClientServiceStatus): ServicePart {
  const tones: Readonly<Record<string, ServicePart['tone']>> = {
    available: 'well',
    Missing: 'broken',
    Unknown: 'unknown',
  };
  return {
    service: printable(service),
    state: printable(state),
    addresses: [...(addresses ?? []), ...(cidrs ?? [])].map(printable),
    tone: tones[state] ?? 'waiting',
    notes: message === undefined ? [] : [printable(message)],
  };
}

function selectorWords({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const words = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) =>
      values.length === 0 ? `${key} ${operator}` : `${key} ${operator} (${values.join(', ')})`,
    ),
  ];
  return words.length === 0 ? 'every namespace' : words.join(', ');
}
