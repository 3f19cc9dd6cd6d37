import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type KubernetesVersion,
  kubernetesModuleFolder,
  kubernetesVersion,
} from './kubernetes-version.ts';
import { userCachePath, withFileLock } from './user-cache.ts';

const run = promisify(execFile);

export type ProgramName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kubectl';

const ARCHIVE_FOLDER = 'https://github.com/kubernetes-sigs/controller-tools/releases/download';
const ARCHIVE_CONNECT_MS = 10_000;
const ARCHIVE_TRANSFER_MS = 300_000;

const GO_PACKAGES: Readonly<Record<ProgramName, { package: string; binary: string }>> = {
  etcd: { package: 'go.etcd.io/etcd/server/v3', binary: 'server' },
  'kube-apiserver': { package: 'k8s.io/kubernetes/cmd/kube-apiserver', binary: 'kube-apiserver' },
  'kube-controller-manager': {
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    binary: 'kube-controller-manager',
  },
  kubectl: { package: 'k8s.io/kubernetes/cmd/kubectl', binary: 'kubectl' },
};

/**
 * The path of a program of the Kubernetes control plane, in the version that this run tests on:
 * from `KUBEBUILDER_ASSETS`, else from the user's cache, which is filled from the published envtest archive or, where that cannot be had,
 * by building with Go (some minutes, once). `kubectl` may also come from the `PATH`.
 * Throws with every way that was tried when there is none.
 */
export async function findProgram(name: ProgramName): Promise<string> {
  const present = await presentProgram(name);
  if (present !== undefined) return present;
  const kubernetes = kubernetesVersion();
  const folder = await programsFolder(kubernetes);
  const cached = join(folder, name);
  await withFileLock(`${folder}.lock`, async () => {
    if (!(await isExecutable(cached))) await makeProgram(name, kubernetes, folder);
  });
  return cached;
}

/** True if `findProgram` finds all of them without a download or a build. */
export async function hasPrograms(names: readonly ProgramName[]): Promise<boolean> {
  const present = await Promise.all(names.map(presentProgram));
  return present.every((path) => path !== undefined);
}

async function presentProgram(name: ProgramName): Promise<string | undefined> {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets && (await isExecutable(join(assets, name)))) return join(assets, name);
  const cached = join(await programsFolder(kubernetesVersion()), name);
  if (await isExecutable(cached)) return cached;
  return name === 'kubectl' ? findOnPath(name) : undefined;
}

/** A change of the pinned sources makes a new folder, so a stale program is never used. */
async function programsFolder(kubernetes: KubernetesVersion): Promise<string> {
  const { version, archive } = kubernetes;
  const hash = createHash('sha256')
    .update(version)
    .update(archive?.version ?? '');
  for (const file of ['go.mod', 'go.sum'])
    hash.update(await readFile(join(kubernetesModuleFolder(kubernetes), file)));
  const key = `${version}-${platformKey()}-${hash.digest('hex').slice(0, 12)}`;
  return userCachePath('kubernetes', key);
}

async function makeProgram(
  name: ProgramName,
  kubernetes: KubernetesVersion,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(`${folder}.new-`);
  try {
    const names = await fillScratch(name, kubernetes, scratch);
    for (const each of names) await rename(join(scratch, each), join(folder, each));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Puts `name`, and what comes at no extra cost with it, into the folder; returns what is there. */
async function fillScratch(
  name: ProgramName,
  kubernetes: KubernetesVersion,
  scratch: string,
): Promise<readonly ProgramName[]> {
  let archiveFailure = 'it is not part of the published archives';
  if (name !== 'kube-controller-manager') {
    try {
      return await unpackArchive(kubernetes, scratch);
    } catch (error) {
      archiveFailure = error instanceof Error ? reasonOf(error) : String(error);
    }
  }
  const names: readonly ProgramName[] =
    name === 'etcd' || name === 'kube-apiserver' ? ['etcd', 'kube-apiserver'] : [name];
  try {
    await buildWithGo(names, kubernetes, scratch);
  } catch (error) {
    throw new Error(
      `No ${name} for the tests. Download: ${archiveFailure}. Build: ${String(error)}. ` +
        'Set KUBEBUILDER_ASSETS to a folder that has etcd and kube-apiserver, or install Go 1.24.',
    );
  }
  return names;
}

async function unpackArchive(
  { version, archive }: KubernetesVersion,
  scratch: string,
): Promise<readonly ProgramName[]> {
  const expected = archive?.sha256[platformKey()];
  if (!archive || !expected) {
    throw new Error(`no archive of ${version} for ${platformKey()} is in versions.json`);
  }
  const file = `envtest-${archive.version}-${platformKey()}.tar.gz`;
  const bytes = await download(`${ARCHIVE_FOLDER}/envtest-${archive.version}/${file}`);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected) throw new Error(`${file} has SHA-256 ${actual}, expected ${expected}`);
  await writeFile(join(scratch, file), bytes);
  // The archive holds controller-tools/envtest/{etcd,kube-apiserver,kubectl}.
  await run('tar', ['-xzf', join(scratch, file), '-C', scratch, '--strip-components=2']);
  return ['etcd', 'kube-apiserver', 'kubectl'];
}

/** One short limit for the answer to begin, so that a machine without internet goes on to build. */
async function download(url: string): Promise<Buffer> {
  const abort = new AbortController();
  const giveUp = (ms: number) => setTimeout(() => abort.abort(new Error(`not in ${ms} ms`)), ms);
  const connectTimer = giveUp(ARCHIVE_CONNECT_MS);
  const transferTimer = giveUp(ARCHIVE_TRANSFER_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(connectTimer);
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(connectTimer);
    clearTimeout(transferTimer);
  }
}

async function buildWithGo(
  names: readonly ProgramName[],
  kubernetes: KubernetesVersion,
  scratch: string,
): Promise<void> {
  process.stderr.write(
    `Building ${names.join(' and ')} ${kubernetes.version} with Go, once: this takes minutes.\n`,
  );
  const packages = names.map((name) => GO_PACKAGES[name].package);
  await run(
    'go',
    ['build', '-trimpath', '-ldflags', linkerFlags(kubernetes), '-o', `${scratch}/`, ...packages],
    {
      cwd: kubernetesModuleFolder(kubernetes),
      env: { ...process.env, CGO_ENABLED: '0' },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  for (const name of names) {
    const { binary } = GO_PACKAGES[name];
    if (binary !== name) await rename(join(scratch, binary), join(scratch, name));
  }
}

/** Without a version the API server calls itself v0.0.0 and refuses some of its own features. */
function linkerFlags({ version }: KubernetesVersion): string {
  const [major, minor] = version.slice(1).split('.');
  const settings = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(settings).map(
    ([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`,
  );
  return ['-s', '-w', ...flags].join(' ');
}

/** The name of this machine in Go's words. */
function platformKey(): string {
  return `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
}

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
