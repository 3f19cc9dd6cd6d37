/**
 * `npm run test:kubernetes-versions [-- 1.33 1.32] [jest paths]`: runs the tests whose outcome the
 * API server decides on other versions of Kubernetes, by default on each older one of the list in
 * tools/kube-apiserver/versions.json. A version that is not in the cache yet is built with Go first,
 * which takes minutes. The last line is `N passed, N failed`, with `, N skipped` when there are any.
 */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { kubernetesVersions } from './kubernetes-versions.mjs';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const isVersion = (arg) => /^\d+\.\d+$/.test(arg);
const older = kubernetesVersions.slice(1).map(({ minor }) => minor);
const chosen = args.some(isVersion) ? args.filter(isVersion) : older;
const given = args.filter((arg) => !isVersion(arg));
/** The schema and its rules, the objects of the install and the policies on them, and a link's whole life. */
const lifecycle = [
  'test/kubernetes/environment.test.ts',
  'test/kubernetes/kind/',
  'test/kubernetes/cluster/',
  'test/kubernetes/deploy/install.test.ts',
  'test/kubernetes/deploy/creation-guard.test.ts',
  'test/process/lifecycle.test.ts',
  'test/process/upgrade.test.ts',
  'test/process/rbac.test.ts',
  'test/process/clients/',
];
const paths = given.length > 0 ? given : lifecycle;

const total = { passed: 0, failed: 0, skipped: 0 };
const results = [];
for (const version of chosen) {
  const counts = await testOn(version);
  for (const key of Object.keys(total)) total[key] += counts[key];
  results.push(`Kubernetes ${version}: ${inWords(counts)}`);
}
console.log(`\n${results.join('\n')}`);
console.log(inWords(total));
process.exit(total.failed > 0 ? 1 : 0);

/** How many tests passed and failed there. A run that says no number has failed once. */
async function testOn(version) {
  console.log(`\n+ SMPL_KUBERNETES_VERSION=${version} npm test -- ${paths.join(' ')}`);
  const { KUBEBUILDER_ASSETS: _, ...env } = process.env; // Its programs are of one version alone.
  const { status, text } = await shown(
    [join(root, 'scripts/test.mjs'), '--project', 'kubernetes', '--project', 'process', ...paths],
    { ...env, SMPL_KUBERNETES_VERSION: version },
  );
  const lines = [...text.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)];
  const [, passed = 0, failed = 0, skipped = 0] = (lines.at(-1) ?? []).map(Number);
  const isBroken = failed === 0 && (status !== 0 || passed === 0);
  return { passed, failed: isBroken ? 1 : failed, skipped };
}

/** Runs a program of Node, shows what it writes as it comes, and keeps it. */
function shown(command, env) {
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (status) => done({ status, text }));
  });
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
