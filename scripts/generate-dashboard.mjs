/**
 * Writes deploy/components/monitoring/dashboard.json. With --check it writes nothing and exits 1 when the file
 * is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dashboardText } from './dashboard.mjs';

const file = 'deploy/components/monitoring/dashboard.json';
const path = join(resolve(import.meta.dirname, '..'), file);
const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === dashboardText;
if (process.argv.includes('--check')) {
  if (!isCurrent) console.error(`${file} is out of date: npm run generate`);
  process.exit(isCurrent ? 0 : 1);
}
if (!isCurrent) writeFileSync(path, dashboardText);
