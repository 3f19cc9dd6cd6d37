/** Alerts and dashboard ask for metrics and labels that the operator has. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

const folder = new URL('../../../deploy/components/monitoring/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
}

const rule = parse(read('prometheus-rule.yaml')) as {
  spec: { groups: readonly { rules: readonly Alert[] }[] };
};
const alerts = rule.spec.groups.flatMap(({ rules }) => rules);
const { panels } = JSON.parse(read('dashboard.json')) as { panels: readonly Panel[] };
const queries = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr] as const),
);
const asked = [...alerts.map(({ alert, expr }) => [alert, expr] as const), ...queries];

/** Labels of each metric, under every name that Prometheus gives it. */
function knownMetrics(processMetrics: boolean): ReadonlyMap<string, readonly string[]> {
  const { registry } = createMetrics({ processMetrics });
  return new Map(
    registry.getMetricsAsArray().flatMap((metric) => {
      const { name, labelNames = [] } = metric as { name: string; labelNames?: string[] };
      const parts = ['', '_bucket', '_sum', '_count'].map((suffix) => `${name}${suffix}`);
      return parts.map((part) => [part, [...labelNames, 'le']] as const);
    }),
  );
}

const known = knownMetrics(true);

/** Prometheus puts these on what it scrapes from a pod. */
const ofTarget = ['pod', 'job'];

/** Words that are no metric: functions, keywords, labels after `by` and in braces, durations. */
function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\bby \([^)]*\)/g, '')
    .replaceAll(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/[a-z_][a-z0-9_]*(?!\w*\s*\()/gi)]
    .map(([word]) => word)
    .filter((word) => word.includes('_'));
}

function labelsIn(expr: string): readonly string[] {
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
  const matched = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers = '']) =>
    [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  );
  return [...grouped, ...matched];
}

test.each(asked)('%s asks for metrics that the operator has', (_, expr) => {
  const metrics = metricsIn(expr);
  expect(metrics).not.toEqual([]);
  expect(metrics.filter((metric) => !known.has(metric))).toEqual([]);
});

test.each(asked)('%s asks for labels that its metrics have', (_, expr) => {
  const labels = [...ofTarget, ...metricsIn(expr).flatMap((metric) => known.get(metric) ?? [])];
  expect(labelsIn(expr).filter((label) => !labels.includes(label))).toEqual([]);
});

test('every metric of the operator is on the dashboard or in an alert, but for a few', () => {
  const used = new Set(
    asked.flatMap(([, expr]) => metricsIn(expr)).map((name) => name.replace(/_bucket$/, '')),
  );
  const names = createMetrics({ processMetrics: false })
    .registry.getMetricsAsArray()
    .map(({ name }) => name);
  expect(names.filter((name) => !used.has(name)).toSorted()).toEqual([
    'sagemaker_privatelink_link_conditions_left_out',
    'sagemaker_privatelink_watch_events_total',
    'workqueue_adds_total',
    'workqueue_longest_running_processor_seconds',
    'workqueue_retries_total',
    'workqueue_unfinished_work_seconds',
    'workqueue_work_duration_seconds',
  ]);
});

describe('each alert', () => {
  test.each(alerts)('$alert says what is wrong and where to look', ({ labels, annotations }) => {
    expect(['critical', 'warning']).toContain(labels['severity']);
    expect(annotations['summary']).toMatch(/\.$|\)\.$/);
    expect(annotations['description']?.length).toBeGreaterThan(40);
  });
});

test('no two panels of the dashboard are in one place', () => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});
