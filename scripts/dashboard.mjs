import { rows } from './dashboard-panels.mjs';

const datasource = { type: 'prometheus', uid: '${datasource}' };
const columns = 24;
const sizes = {
  stat: { w: 6, h: 4 },
  table: { w: 12, h: 8 },
  timeseries: { w: 12, h: 8 },
};

/** Panels one after the other, from left to right, each row of the dashboard on a line of its own. */
function placed() {
  const panels = [];
  let id = 0;
  let y = 0;
  for (const { title, panels: inRow } of rows) {
    panels.push({
      id: ++id,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: columns, h: 1 },
    });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of inRow) {
      const { w, h } = sizes[panel.kind];
      if (x + w > columns || (height > 0 && h !== height)) [x, y, height] = [0, y + height, 0];
      panels.push({ id: ++id, ...panelOf(panel), gridPos: { x, y, w, h } });
      [x, height] = [x + w, h];
    }
    y += height;
  }
  return panels;
}

function panelOf({ title, kind, unit, queries, bad }) {
  const steps = [
    { color: 'green', value: null },
    ...(bad === undefined ? [] : [{ color: 'red', value: bad }]),
  ];
  return {
    type: kind,
    title,
    datasource,
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      expr,
      ...(kind === 'table' ? { format: 'table', instant: true } : { legendFormat }),
    })),
    fieldConfig: {
      defaults: { unit, min: 0, thresholds: { mode: 'absolute', steps } },
      overrides: [],
    },
    options: {},
    ...(kind === 'table'
      ? {
          transformations: [
            { id: 'organize', options: { excludeByName: { Time: true, Value: true } } },
          ],
        }
      : {}),
  };
}

const dashboard = {
  uid: 'sagemaker-privatelink',
  title: 'SageMaker PrivateLink operator',
  tags: ['kubernetes', 'aws', 'sagemaker'],
  schemaVersion: 39,
  editable: true,
  refresh: '1m',
  time: { from: 'now-6h', to: 'now' },
  templating: {
    list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }],
  },
  annotations: { list: [] },
  panels: placed(),
};

/** A dashboard of Grafana 10 and newer, as a file. */
export const dashboardText = `${JSON.stringify(dashboard, undefined, 2)}\n`;
