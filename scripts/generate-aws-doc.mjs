/**
 * Writes the generated parts of docs/aws-calls.md: the calls with their permissions, from the code
 * and deploy/iam, and the table of AWS's error codes. With --check it writes nothing and exits 1
 * when the page is out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replacePart } from './generated-part.mjs';
import { importSource } from './import-source.mjs';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/aws-calls.md';

/** The operator's own tables. */
function tables() {
  return importSource(`
    export { callPurposes } from './src/aws/call-purposes.ts';
    export { defaultLimitOf } from './src/aws/rate-limit/call-limits.ts';
    export { actors } from './src/plan/aws-errors/error-row.ts';
    export { errorRows } from './src/plan/aws-errors/error-table.ts';
  `);
}

/** Names of the statements in deploy/iam that allow an action, by file. */
function grantsOf(action) {
  const folder = join(root, 'deploy/iam');
  const files = readdirSync(folder).filter((file) => /^operator-.*\.json$/.test(file));
  return files.toSorted().flatMap((file) => {
    const { Statement } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return Statement.filter(
      ({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes(action),
    )
      .map(({ Sid }) => Sid)
      .map((sid) => `\`${sid}\` (${file.replace(/\.json$/, '')})`);
  });
}

function permissionWords(
  action,
  { permission = action, alsoNeeds = [], needsPermission = true, onlyFor },
) {
  if (!needsPermission) return 'needs none';
  if (onlyFor !== undefined) return `whoever runs \`${onlyFor}\`; the operator does without`;
  return [permission, ...alsoNeeds]
    .map((needed) => {
      const grants = grantsOf(needed);
      if (grants.length === 0) throw new Error(`nothing in deploy/iam allows ${needed}`);
      const name = needed === action ? '' : `\`${needed}\`: `;
      const also = needed === permission ? '' : 'and ';
      return `${also}${name}${grants.join(', ')}`;
    })
    .join('; ');
}

function rateWords({ perSecond, burst }) {
  return `${perSecond}/s, burst ${burst}`;
}

function callTable({ callPurposes, defaultLimitOf }) {
  const rows = Object.entries(callPurposes).map(([action, call]) => {
    const kind = /:(Describe|Get|List|Simulate|Receive)|^sts:/.test(action) ? 'reads' : 'changes';
    const cells = [
      `\`${action}\``,
      kind,
      call.purpose,
      permissionWords(action, call),
      rateWords(defaultLimitOf(action)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return table(['call', '', 'what for', 'permission', 'rate'], rows);
}

function errorTable({ errorRows, actors }) {
  const severities = { wait: 'waits', retry: 'retries', stalled: 'stalled' };
  const rows = errorRows.map((row) => {
    const codes = row.codes.map((code) => `\`${code}\``).join(', ');
    const where = row.where === undefined ? '' : ` (${row.where})`;
    const quota = row.quota;
    const named =
      quota === undefined
        ? ''
        : ` Quota: ${quota.name}${quota.code === undefined ? '' : ` (${quota.service}/${quota.code})`}.`;
    const cells = [
      `${codes}${where}`,
      row.kind,
      `\`${row.reason}\``,
      severities[row.severity],
      actors[row.actor],
      `${row.advice}${named}`,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return table(['code', 'class', 'reason', '', 'who acts', 'advice'], rows);
}

function table(heads, rows) {
  return [`| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...rows, ''].join('\n');
}

const own = await tables();
const actual = readFileSync(join(root, page), 'utf8');
const withCalls = replacePart(actual, 'calls', callTable(own), page);
const wanted = replacePart(withCalls, 'errors', errorTable(own), page);
if (!process.argv.includes('--check')) {
  writeFileSync(join(root, page), wanted);
} else if (wanted !== actual) {
  console.error(`${page} is out of date: run node scripts/generate-aws-doc.mjs`);
  process.exitCode = 1;
}
