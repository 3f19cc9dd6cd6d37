import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Files that say where packages come from, and what such a statement looks like in each. */
const PACKAGE_SOURCES = [
  { file: /(^|\/)package-lock\.json$/, statement: /"resolved": "\w+:/ },
  { file: /(^|\/)\.npmrc$/, statement: /^\s*(\S+:)?registry\s*=|\w+:\/\// },
  { file: /(^|\/)requirements[^/]*\.txt$/, statement: /^\s*-|\w+:\/\// },
];

/**
 * Lines that tie the project to one package registry: a clone must install from whichever one its
 * user has set up.
 */
export function findRegistryAddresses(files) {
  return report(files, ({ path }) =>
    PACKAGE_SOURCES.filter(({ file }) => file.test(path)).map(({ statement }) => ({
      what: 'says where packages come from',
      pattern: statement,
    })),
  );
}

/** Written in two halves, so that this file does not find itself. */
const MARKERS = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
);

const LEFTOVERS = [
  { what: 'unfinished work', pattern: MARKERS },
  { what: 'a merge conflict', pattern: /^(<{7}|>{7}) / },
  { what: 'a debugger statement', pattern: /^\s*debugger;/ },
  { what: 'a path of one machine', pattern: machinePaths() },
];

/**
 * Mutants of faults/mutants.json whose text is no longer in the sources: they would break nothing.
 *
 * @param files tracked files, each with `path` and `file`
 * @returns one finding a line, or undefined
 */
export function findLostMutants(files) {
  const fileOf = new Map(files.map(({ path, file }) => [path, file]));
  const mutants = JSON.parse(readFileSync(fileOf.get('faults/mutants.json'), 'utf8'));
  const lost = mutants.flatMap(({ name, also, ...change }) =>
    [change, ...(also === undefined ? [] : [also])]
      .filter(({ file, from }) => {
        const source = fileOf.get(file);
        return source === undefined || !readFileSync(source, 'utf8').includes(from);
      })
      .map(({ file, from }) => `${name}: ${file} does not have ${JSON.stringify(from)}`),
  );
  return lost.length > 0 ? lost.join('\n') : undefined;
}

/** Lines that should not have been committed. */
export function findLeftovers(files) {
  return report(files, ({ path }) =>
    /^(LICENSE|package-lock\.json)$/.test(path) ? [] : LEFTOVERS,
  );
}

/** Home folders anywhere, and the folder this clone happens to be in. */
function machinePaths() {
  const here = [process.cwd(), userInfo().homedir].filter((path) => path.length > 4);
  const literal = here.map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(^|[^\\w./-])(${[...literal, '/(home|Users)/\\w+'].join('|')})(/|\\b)`);
}

function report(files, rulesFor) {
  const findings = [];
  for (const entry of files) {
    const rules = rulesFor(entry);
    if (rules.length === 0 || !existsSync(entry.file) || !statSync(entry.file).isFile()) continue;
    const text = readFileSync(entry.file, 'utf8');
    if (text.includes('\0')) continue; // Not text.
    for (const [index, line] of text.split('\n').entries()) {
      for (const { what, pattern } of rules) {
        if (pattern.test(line))
          findings.push(`${entry.path}:${index + 1}: ${what}: ${line.trim()}`);
      }
    }
  }
  return findings.length > 0 ? findings.join('\n') : undefined;
}
