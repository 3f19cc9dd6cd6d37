/**
 * Writes the generated parts of docs/metrics.md: every metric of the operator from the code, and every alert
 * from deploy/components/monitoring. With --check it writes nothing and exits 1 when the page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { replacePart } from './generated-part.mjs';
import { importSource } from './import-source.mjs';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/metrics.md';

/** The operator's own metrics, without those of the Node process. */
async function metrics() {
  const { createMetrics } = await importSource(
    "export { createMetrics } from './src/telemetry/metrics.ts';",
  );
  return createMetrics({ processMetrics: false }).registry.getMetricsAsArray();
}

function metricRow({ name, type, help, labelNames = [] }) {
  const labels = labelNames.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${labels} | ${help} |`;
}

/** The section that an alert links to, as a link in this page. */
function sectionLink(url) {
  const target = url.replace(/^.*\/docs\//, '');
  return `[${target.slice(target.indexOf('#') + 1).replaceAll('-', ' ')}](${target})`;
}

function alertRow({ alert, expr, for: pending, labels, annotations }) {
  const cells = [
    `\`${alert}\``,
    labels.severity,
    `\`${expr.replaceAll('|', '\\|')}\` for ${pending}`,
    annotations.description
      .trim()
      .replaceAll(/\{\{ \$labels\.link \}\}/g, 'NAME')
      .replaceAll('|', '\\|'),
    sectionLink(annotations.runbook_url),
  ];
  return `| ${cells.join(' | ')} |`;
}

const rule = parse(
  readFileSync(join(root, 'deploy/components/monitoring/prometheus-rule.yaml'), 'utf8'),
);
const alerts = rule.spec.groups.flatMap((group) => group.rules);
const former = readFileSync(join(root, page), 'utf8');
const metricTable = [
  '| metric | type | labels | |',
  '| --- | --- | --- | --- |',
  ...(await metrics()).toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(metricRow),
  '',
].join('\n');
const alertTable = [
  '| alert | severity | when | then | runbook |',
  '| --- | --- | --- | --- | --- |',
  ...alerts.map(alertRow),
  '',
].join('\n');
const text = replacePart(
  replacePart(former, 'metrics', metricTable, page),
  'alerts',
  alertTable,
  page,
);
if (process.argv.includes('--check')) {
  if (text !== former) console.error(`${page} is out of date: npm run generate`);
  process.exit(text === former ? 0 : 1);
}
if (text !== former) writeFileSync(join(root, page), text);
