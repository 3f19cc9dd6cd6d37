import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** The reasons of modules that no test imports, by module. */
const REASONS = 'test/unit/aws/without-direct-test.json';

/** Anything that runs: a module of types alone can't be wrong by itself. */
const CODE = /^(?:export )?(?:async )?(?:const|let|function|class) /m;

/** Imports and exports of values: a type alone tests nothing. */
const IMPORT = /^(?:import|export) (?!type\b)(?:[^'";]* from )?['"](\.[^'"]+)['"]/gm;

/**
 * Modules of src/aws with code that no test imports and no reason excuses, and reasons that excuse nothing. A
 * module that is only reached through others is tested by nobody who changes it.
 *
 * @param files tracked files, each with `path` and `file`
 * @returns one finding a line, or undefined
 */
export function findUntestedModules(files) {
  const modules = files
    .filter(({ path }) => /^src\/aws\/.*\.ts$/.test(path) && !path.includes('/generated/'))
    .filter(({ file }) => CODE.test(readFileSync(file, 'utf8')))
    .map(({ path }) => path);
  const testOf = importedByTests(files);
  const reasons = reasonsIn(files);
  const findings = [
    ...modules
      .filter((path) => !testOf.has(path) && !Object.hasOwn(reasons, path))
      .map((path) => `${path}: no test imports it, and ${REASONS} has no reason`),
    ...Object.entries(reasons).flatMap(([path, reason]) => {
      const test = testOf.get(path);
      if (!modules.includes(path)) return [`${REASONS}: there is no module with code ${path}`];
      if (test !== undefined) return [`${REASONS}: ${test} imports ${path}, which needs no reason`];
      return String(reason).trim() === '' ? [`${REASONS}: the reason of ${path} is empty`] : [];
    }),
  ];
  return findings.length > 0 ? findings.join('\n') : undefined;
}

/** For each module that a test imports by itself, one such test. */
function importedByTests(files) {
  const testOf = new Map();
  for (const { path, file } of files) {
    if (!/^test\/.*\.test\.ts$/.test(path)) continue;
    for (const [, target] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      testOf.set(posix.join(posix.dirname(path), target), path);
    }
  }
  return testOf;
}

function reasonsIn(files) {
  const list = files.find(({ path }) => path === REASONS);
  return list === undefined ? {} : JSON.parse(readFileSync(list.file, 'utf8'));
}
