/** Where an alert leads whoever is on call. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { anchorOf } from '../../../scripts/troubleshooting-sections.mjs';
import { shippedAlerts } from '../../kubernetes/deploy/shipped-alerts.ts';

function headingsOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

test.each(shippedAlerts().map(({ alert, annotations }) => [alert, annotations['runbook_url']]))(
  '%s leads to a section that is there',
  (_, url) => {
    const [, page = '', anchor = ''] = /\/docs\/([\w-]+\.md)#([\w-]+)$/.exec(url ?? '') ?? [];
    expect([url, headingsOf(page)]).toEqual([url, expect.arrayContaining([anchor])]);
  },
);

test('all of them have one beginning, which the chart can replace', () => {
  const places = shippedAlerts().map(({ annotations }) =>
    annotations['runbook_url']?.replace(/\/docs\/.*/, ''),
  );
  expect(new Set(places).size).toBe(1);
});
