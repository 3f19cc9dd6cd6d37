/** The shell of somebody who reads a page of the documentation and has a cluster. */
import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../environment/control-plane-programs.ts';
import { type Shell, shellWith } from '../../environment/guide-commands.ts';

const bundle = join(import.meta.dirname, '../../../dist/sagemaker-privatelink.mjs');

export interface ReaderTools {
  /** Where the commands run. */
  readonly folder: string;
  /** Of the cluster, whose context the pages call `prod`. */
  readonly kubeconfig: string;
  /** A path for each command beside kubectl and the shipped program. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Makes a shell with kubectl and the shipped program. Throws where the context cannot be renamed. */
export async function readersShell({
  folder,
  kubeconfig,
  programs = {},
  variables = {},
}: ReaderTools): Promise<Shell> {
  const program = join(folder, 'sagemaker-privatelink.mjs');
  await symlink(bundle, program);
  const own = join(folder, 'kubeconfig');
  await copyFile(kubeconfig, own);
  const kubectl = await findProgram('kubectl');
  const all = { ...programs, kubectl, 'sagemaker-privatelink': program };
  const shell = await shellWith(folder, all, { ...variables, KUBECONFIG: own }, folder);
  const { exitCode, stderr } = await shell.run(
    'kubectl config rename-context "$(kubectl config current-context)" prod',
  );
  if (exitCode !== 0) throw new Error(`the context of ${kubeconfig} is not renamed: ${stderr}`);
  return shell;
}
