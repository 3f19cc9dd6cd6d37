/** docs/troubleshooting.md leads from every reason to a section, and every section is complete. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { anchorOf, parts, sectionsOf } from '../../../scripts/troubleshooting-sections.mjs';
import { reasons } from '../../../src/api/conditions.ts';

const page = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');
const sections = sectionsOf(page);

/** Rows of the table, read as a reader sees them. */
const rows = [...page.matchAll(/^\| `(\w+)` \| \[(.+)\]\(#(.+)\) \|$/gm)];

test('the table has each reason once, and nothing else', () => {
  expect(rows.map(([, reason]) => reason)).toEqual(Object.keys(reasons).toSorted());
});

test('each row leads to a section that has its words and lists the reason', () => {
  for (const [, reason = '', heading, anchor] of rows) {
    const section = sections.find((one) => anchorOf(one.heading) === anchor);
    expect(section?.heading).toBe(heading);
    expect(section?.reasons).toContain(reason);
  }
});

test.each(sections)('$heading: how to be sure, the cause, the repair, and the end', (section) => {
  expect(Object.keys(section.parts)).toEqual(parts);
  expect(section.parts['Make sure']?.blocks).not.toEqual([]);
  expect(section.parts['Well again']?.blocks).not.toEqual([]);
  for (const part of parts) expect(section.parts[part]?.text).not.toBe('');
});

test('a section that lacks a part, or says another word for it, is seen', () => {
  const [section] = sectionsOf('# Page\n\n## One\n\n**Make sure.** It is.\n\n**Fix.** Do it.\n');
  expect(Object.keys(section?.parts ?? {})).toEqual(['Make sure', 'Fix']);
});

test('every symptom of the first table leads somewhere', () => {
  const [, table = ''] = page.split('## From symptom to section');
  const symptoms = table.split('## From reason')[0]?.match(/^\| (?!you see|---).*$/gm) ?? [];
  expect(symptoms.length).toBeGreaterThan(10);
  for (const row of symptoms) expect(row).toMatch(/\]\([^)]+\)/);
});
