/** The links that `plan` and `doctor` are about: of files, of a cluster, or of both. */
import type { Command } from 'commander';
import type { IdentitySource } from '../standalone/file-identity.ts';
import type { StandaloneLink } from '../standalone/link-files.ts';
import { UserError } from '../runtime/user-error.ts';
import { clusterIdOf, type LinkInputOptions, loadLinks } from './link-input.ts';

export interface PlannedLinksOptions extends LinkInputOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly server?: true;
}

export interface PlannedLinks {
  readonly clusterId: string;
  readonly links: readonly StandaloneLink[];
}

/**
 * Adds `--context` and `--kubeconfig`.
 *
 * @param contextWords the use that the command makes of the cluster, for the help
 */
export function addPlannedLinksOptions(command: Command, contextWords: string): Command {
  return command
    .option(
      '--context <name>',
      `${contextWords}; a file stands for the cluster's link of the same name`,
    )
    .option('--kubeconfig <file>', 'as --context, with this kubeconfig');
}

/**
 * Reads the links.
 *
 * @param idIsGiven whether `--cluster-id` is a flag and no variable
 * @throws UserError where files and cluster contradict each other, or one cannot be read
 */
export async function linksToPlan(
  options: PlannedLinksOptions,
  idIsGiven: boolean,
  signal: AbortSignal,
): Promise<PlannedLinks> {
  const { context, kubeconfig, server, filename = [] } = options;
  if (server === true && filename.length > 0) {
    throw new UserError('--server plans what is in the cluster and takes no -f: leave one out');
  }
  if (server !== true && filename.length === 0) {
    throw new UserError('no links: give files with -f, or --server for those of the cluster');
  }
  if (server !== true && context === undefined && kubeconfig === undefined) {
    const clusterId = clusterIdOf(options);
    return { clusterId, links: await loadLinks(options, { clusterId }) };
  }
  const { readClusterLinks } = await import('./cluster-links.ts');
  const { linkOfObject } = await import('../standalone/link-files.ts');
  // An id in the environment is the one for files: it is not the cluster's.
  const id = idIsGiven && options.clusterId !== undefined ? { clusterId: options.clusterId } : {};
  const place = {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...id,
  };
  const { clusterId, links: objects } = await readClusterLinks(place, signal);
  if (server === true) {
    return { clusterId, links: objects.map((one) => linkOfObject(one, clusterId)) };
  }
  const source: IdentitySource = {
    clusterId,
    objectOf: (name) => objects.find(({ metadata }) => metadata.name === name),
  };
  return { clusterId, links: await loadLinks(options, source) };
}
