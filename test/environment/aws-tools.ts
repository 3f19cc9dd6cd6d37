import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensurePythonEnvironment } from './python.ts';
import { runProgram } from './run-program.ts';
import { withFileLock } from './user-cache.ts';

/** Tools that automate AWS, in an environment of their own. */
export interface AwsTools {
  readonly ansiblePlaybook: string;
  readonly custodian: string;
  readonly python: string;
}

const requirements = join(import.meta.dirname, 'requirements-tools.txt');

/**
 * The package that has the collection `amazon.aws` of that ansible-core. It has a hundred others
 * as well, so that one is taken out of it and the rest left alone.
 */
const collections = 'ansible==12.3.0';

const unpack = `
import glob, sys, sysconfig, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0])
names = [name for name in wheel.namelist() if name.startswith('ansible_collections/amazon/')]
wheel.extractall(sysconfig.get_paths()['purelib'], names)
`;

/** Ansible with its modules for AWS, and Cloud Custodian: made once, kept in the user's cache. */
export async function ensureAwsTools(): Promise<AwsTools> {
  const { python } = await ensurePythonEnvironment(requirements);
  const bin = dirname(python);
  const folder = dirname(bin);
  const marker = join(folder, collections);
  if (!(await exists(marker))) {
    await withFileLock(`${folder}.lock`, async () => {
      if (!(await exists(marker))) await addCollection(python, folder, marker);
    });
  }
  return {
    python,
    ansiblePlaybook: join(bin, 'ansible-playbook'),
    custodian: join(bin, 'custodian'),
  };
}

async function addCollection(python: string, folder: string, marker: string): Promise<void> {
  const wheels = join(folder, 'wheels');
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await mustRun(python, [...pip, '--dest', wheels, collections]);
  await mustRun(python, ['-c', unpack, wheels]);
  await rm(wheels, { recursive: true });
  await mkdir(marker);
}

async function mustRun(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runProgram(command, args);
  if (exitCode === 0) return;
  throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
