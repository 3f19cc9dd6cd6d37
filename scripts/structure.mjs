/**
 * `npm run structure`: how far the structure of src has come, as far as a program can count it.
 * `-- --check` says which figure misses its goal, `-- --json` prints all of it for programs.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from '@swc/core';

const root = resolve(import.meta.dirname, '..');
/** A list of fewer action kinds than this is a group of a few, no table of all. */
const fewestOfAll = 5;

const files = sourceFiles('src')
  .filter((path) => !path.includes('/generated/'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const operator = files.filter(({ path }) => !path.startsWith('src/simulator/'));
const programs = operator.map((file) => ({ ...file, tree: parse(file.text) }));
const rooms = roomsOf();
const kinds = actionKinds();

const naming = kinds.map((kind) => ({ kind, files: filesThatName(kind) }));
const most = naming.toSorted((one, other) => other.files.length - one.files.length)[0];
const tables = programs.map(({ path, tree }) => ({ path, ...tablesOf(tree) }));
const outside = tables.filter(({ path }) => !rooms.test(path));
const roots = compositionRoots();
const circles = circlesOf(files);

/** `before` is the first version, as far as it was counted; `most` is what `npm run verify` allows. */
const rows = [
  {
    what: 'files outside its own folders that name one action kind, most',
    before: '9 to 11',
    today: most.files.length,
    where: most.files.length === 0 ? [] : [most.kind],
    most: 3,
  },
  {
    what: `switches over ${fewestOfAll} action kinds or more`,
    before: '10',
    today: sum(tables, 'switches'),
    where: pathsWith('switches'),
    most: 0,
  },
  {
    what: `records, sets and lists of ${fewestOfAll} action kinds or more outside their own folders`,
    before: '3',
    today: sum(outside, 'lists'),
    where: pathsWith('lists'),
    most: 0,
  },
  { what: 'composition roots', before: '2', today: roots.length, where: roots, most: 1 },
  { what: 'files in the widest flat folder', before: '48', ...widestFolder(), most: 20 },
  {
    what: 'circles of imports, type-only ones included',
    before: '8',
    today: circles.length,
    where: circles.flat(),
    most: 0,
  },
  { what: 'lines of the longest file', before: '', ...longestFile(), most: 400 },
];

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ rows, kinds, naming, tables, circles }, null, 2));
} else if (process.argv.includes('--check')) {
  const missed = rows.filter(({ today, most: limit }) => today > limit);
  for (const { what, today, where, most: limit } of missed) {
    console.log(`${what}: ${today}, not ${limit} or fewer (${where.join(', ')})`);
  }
  process.exitCode = missed.length > 0 ? 1 : 0;
} else {
  console.log('| what | first version | today | to reach |\n| --- | --- | --- | --- |');
  for (const { what, before, today, where, most: limit } of rows) {
    const places = where.length === 0 ? '' : ` (${where.join(', ')})`;
    console.log(`| ${what} | ${before} | ${today}${places} | ≤ ${limit} |`);
  }
}

function sourceFiles(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function parse(text) {
  return parseSync(text, { syntax: 'typescript', target: 'es2022' });
}

/**
 * Folders that belong to one kind of resource, where its actions may be named: those of src/plan that
 * have actions, and those of the same name elsewhere.
 */
function roomsOf() {
  const names = operator.flatMap(
    ({ path }) => /^src\/plan\/([\w-]+)\/actions\.ts$/.exec(path)?.[1] ?? [],
  );
  return new RegExp(`/(${names.join('|')})/`);
}

/** The kinds of the actions: `kind: 'CreateVpcEndpoint'` in interfaces of files called actions. */
function actionKinds() {
  const sources = operator.filter(
    ({ path }) => path.endsWith('/actions.ts') && path.includes('/plan/'),
  );
  const found = sources.flatMap(({ text }) =>
    [...text.matchAll(/^ {2}readonly kind:((?:\s*\|?\s*'[A-Z]\w+')+);/gm)].flatMap(([, literals]) =>
      [...literals.matchAll(/'(\w+)'/g)].map(([, kind]) => kind),
    ),
  );
  if (found.length === 0) throw new Error('found no action kind in src/plan');
  return [...new Set(found)];
}

function filesThatName(kind) {
  const name = new RegExp(`['"]${kind}['"]|^\\s*${kind}:|\\.${kind}\\b`, 'm');
  return operator
    .filter(({ path, text }) => !rooms.test(path) && name.test(text))
    .map(({ path }) => path);
}

/** Switches and literals of a file that go over many action kinds. */
function tablesOf(tree) {
  const count = { switches: 0, lists: 0 };
  visit(tree, (node) => {
    const names = namesIn(node);
    if (names.filter((name) => kinds.includes(name)).length < fewestOfAll) return;
    if (node.type === 'SwitchStatement') count.switches += 1;
    else count.lists += 1;
  });
  return count;
}

/** The texts that a switch, an object or a list goes over. */
function namesIn(node) {
  if (node.type === 'SwitchStatement') return node.cases.map(({ test }) => test?.value);
  if (node.type === 'ObjectExpression') {
    return node.properties.map(({ key }) => key?.value);
  }
  if (node.type === 'ArrayExpression') return node.elements.map((one) => one?.expression?.value);
  return [];
}

function visit(node, look) {
  if (Array.isArray(node)) for (const one of node) visit(one, look);
  if (node === null || typeof node !== 'object' || Array.isArray(node)) return;
  look(node);
  for (const value of Object.values(node)) if (typeof value === 'object') visit(value, look);
}

function widestFolder() {
  const counts = new Map();
  for (const { path } of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  const widest = Math.max(...counts.values());
  const where = [...counts].filter(([, count]) => count === widest).map(([folder]) => folder);
  return { today: widest, where };
}

/** Files that join a reconciler with its controller: the shipped program's, and any copy of it. */
function compositionRoots() {
  const elsewhere = ['faults', 'bench', 'demo'].flatMap(sourceFiles);
  const others = elsewhere.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return [...operator, ...others]
    .filter(
      ({ path, text }) =>
        !path.startsWith('src/reconcile/') && /\bcreateLinkReconciler\(/.test(text),
    )
    .map(({ path }) => path);
}

/** Groups of files each of which imports, over others, itself: Tarjan's components. */
function circlesOf(all) {
  const imports = new Map(all.map(({ path, text }) => [path, importsOf(path, text)]));
  const [order, low, stack, found] = [new Map(), new Map(), [], []];
  for (const path of imports.keys()) if (!order.has(path)) connect(path);
  return found;

  function connect(path) {
    order.set(path, order.size);
    low.set(path, order.get(path));
    stack.push(path);
    for (const next of imports.get(path) ?? []) {
      if (!order.has(next)) connect(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path), low.get(next)));
    }
    if (low.get(path) !== order.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) found.push(circle);
  }
}

function importsOf(path, text) {
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, target]) =>
    join(dirname(path), target),
  );
}

function longestFile() {
  const lengths = files.map(({ path, text }) => [path, text.split('\n').length - 1]);
  const [path, lines] = lengths.toSorted(([, one], [, other]) => other - one)[0];
  return { today: lines, where: [path] };
}

/** The files that make a count of the tables. */
function pathsWith(key) {
  const counted = key === 'lists' ? outside : tables;
  return counted.filter((table) => table[key] > 0).map(({ path }) => path);
}

function sum(list, key) {
  return list.reduce((count, one) => count + one[key], 0);
}
