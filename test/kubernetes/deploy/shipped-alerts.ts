import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const file = new URL('../../../deploy/components/monitoring/prometheus-rule.yaml', import.meta.url);

interface Alert {
  readonly alert: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The groups of the shipped PrometheusRule, as Prometheus takes them. */
export function shippedGroups(): readonly { readonly rules: readonly Alert[] }[] {
  const rule = parse(readFileSync(file, 'utf8')) as {
    spec: { groups: readonly { readonly rules: readonly Alert[] }[] };
  };
  return rule.spec.groups;
}

/** Every shipped alert, with its JSON pointer in the object. */
export function shippedAlerts(): readonly (Alert & { readonly path: string })[] {
  return shippedGroups().flatMap(({ rules }, group) =>
    rules.map((rule, index) => ({ ...rule, path: `/spec/groups/${group}/rules/${index}` })),
  );
}
