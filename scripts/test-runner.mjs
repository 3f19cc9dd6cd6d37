/**
 * Runs one test file for jest (its option `testRunner`) in Node itself, not in a virtual machine.
 *
 * Jest's virtual machine loads every package anew for every test file, cannot load an ES module
 * without a flag of Node, and slows down each use of a global. Here the test file and our own
 * modules become one bundle, so that each file has fresh ones; packages stay outside, and a worker
 * loads them once. Everything else is jest's: its circus runs the tests, its workers run the files.
 */
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { url as debuggerUrl } from 'node:inspector';
import { createRequire, SourceMap } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ownFolder } from './own-folder.mjs';

const root = resolve(import.meta.dirname, '..');
// Beside the packages, which the bundle finds from here.
const folder = resolve(root, 'node_modules/.cache/test-bundles');
const require = createRequire(import.meta.url);
const { default: circus } = require('jest-circus/runner');

const testGlobals = Symbol.for('smpl.test-globals');
/** Names that jest-circus leaves on the global object. */
const handlersOfEvents = Symbol.for('EVENT_HANDLERS');
const timeoutOfFile = Symbol.for('TEST_TIMEOUT_SYMBOL');

let bundles = 0;

/** The bundle that runs, for the lines in stack traces. */
let running;

/** Jest takes a test runner by its default export; the arguments are those of jest-circus/runner. */
export default async function runTestFile(
  globalConfig,
  config,
  _environment,
  _runtime,
  testPath,
  sendMessageToJest,
) {
  const { env, exitCode } = process;
  const before = { ...env };
  delete globalThis[handlersOfEvents];
  delete globalThis[timeoutOfFile];
  Error.prepareStackTrace = stackInSources;
  Error.stackTraceLimit = 20; // More costs time wherever an error is made.
  try {
    const environment = { global: globalThis };
    return await circus(globalConfig, config, environment, runtime, testPath, sendMessageToJest);
  } finally {
    for (const name of Object.keys(env)) if (!(name in before)) delete env[name];
    Object.assign(env, before);
    process.exitCode = exitCode;
  }
}

/** The part of jest's runtime that jest-circus uses, in Node itself. */
const runtime = {
  /** Circus keeps its state in its module, so that each file gets a fresh one. */
  requireInternalModule(file) {
    delete require.cache[file];
    return require(file);
  },
  requireModule: (file) => require(file),
  setGlobalsForRuntime(globals) {
    globalThis[testGlobals] = globals;
  },
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: importTypeScript,
  enterTestCode() {},
  leaveTestCode() {},
};

/** Imports a TypeScript file with all of our own modules that it imports, as if for the first time. */
async function importTypeScript(file) {
  bundles += 1;
  const outfile = resolve(folder, `${process.pid}-${bundles}.mjs`);
  const { outputFiles } = await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    packages: 'external',
    alias: { '@jest/globals': resolve(root, 'scripts/test-globals.mjs') },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    logLevel: 'warning',
    plugins: [ownFolder],
  });
  const [map, code] = outputFiles;
  running = { file: outfile, mapText: map.text };
  await mkdir(folder, { recursive: true });
  await writeFile(outfile, code.contents);
  if (debuggerUrl() !== undefined) await appendFile(outfile, mapForDebugger(map.contents));
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile, { force: true });
  }
}

/** By it a debugger finds the place in the bundle for a breakpoint in a source. */
function mapForDebugger(map) {
  const data = Buffer.from(map).toString('base64');
  return `//# sourceMappingURL=data:application/json;base64,${data}\n`;
}

/** V8's own text of a stack, with the places in the bundle as places in the sources. */
function stackInSources(error, callSites) {
  const frames = callSites
    .map((site) => inSources(String(site).replace('file://', '')))
    .filter((frame) => !frame.includes(import.meta.filename))
    .map((frame) => `\n    at ${frame}`);
  return `${headOf(error)}${frames.join('')}`;
}

function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function inSources(frame) {
  if (running === undefined || !frame.includes(running.file)) return frame;
  return frame.replace(/\/\S+?:(\d+):(\d+)/, (place, line, column) => {
    running.map ??= new SourceMap(JSON.parse(running.mapText));
    const entry = running.map.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry.originalSource === undefined) return place;
    const source = resolve(folder, entry.originalSource);
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}
