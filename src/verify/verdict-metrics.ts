import { Gauge, Registry } from 'prom-client';
import type { LinkVerdict } from './verdict.ts';

/**
 * The verdicts in the text format of Prometheus, for a textfile collector or a push gateway: 1 where
 * all is well, 0 where not, with the outcome as a label.
 */
export function verdictMetrics(verdicts: readonly LinkVerdict[]): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `sagemaker_privatelink_verify_${name}`, help, labelNames, registers });
  const reachable = gauge('reachable', 'Whether everything of the link is well.', ['link']);
  const names = gauge('name', 'Whether a name leads to the endpoint.', [
    'link',
    'service',
    'name',
    'outcome',
  ]);
  const address = ['link', 'service', 'zone', 'address', 'outcome'] as const;
  const addresses = gauge('address', 'Whether an address answers as SageMaker.', [...address]);
  const seconds = gauge('connect_seconds', 'How long TCP and TLS took.', [...address]);
  const shut = gauge('shut', 'Whether an address that must not answer does not.', [
    'link',
    'address',
  ]);
  for (const verdict of verdicts) {
    const link = verdict.name;
    reachable.set({ link }, Number(verdict.reachable));
    for (const { serviceName: service, ...endpoint } of verdict.endpoints) {
      for (const { name, outcome } of endpoint.names) {
        names.set({ link, service, name, outcome }, Number(outcome === 'Private'));
      }
      for (const { zone, address, outcome, milliseconds } of endpoint.addresses) {
        const labels = { link, service, zone, address, outcome };
        addresses.set(labels, Number(outcome === 'Reachable'));
        if (milliseconds !== undefined) seconds.set(labels, milliseconds / 1000);
      }
    }
    for (const { address, port, outcome } of verdict.shut) {
      shut.set({ link, address: `${address}:${port}` }, Number(outcome === 'Shut'));
    }
  }
  return registry.metrics();
}
