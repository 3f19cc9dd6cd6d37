import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureGoProgram } from './go-program.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

const sources = join(import.meta.dirname, '../../tools/helm');

/** The path of Helm's own program, built once: that takes minutes. */
export async function ensureHelm(): Promise<string> {
  return ensureGoProgram(sources, { tool: 'helm.sh/helm/v4/cmd/helm' });
}

/** Runs Helm with folders of its own. A non-zero exit code is a result, not an error. */
export async function helm(
  args: readonly string[],
  options: { readonly kubeconfig?: string; readonly cwd?: string; readonly input?: string } = {},
): Promise<ProgramResult> {
  const { kubeconfig = '/dev/null', ...rest } = options;
  const home = await mkdtemp(join(tmpdir(), 'smpl-helm-'));
  try {
    const env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      HELM_CACHE_HOME: join(home, 'cache'),
      HELM_CONFIG_HOME: join(home, 'config'),
      HELM_DATA_HOME: join(home, 'data'),
    };
    return await runProgram(await ensureHelm(), args, { ...rest, env });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
