/** Links with their status, for commands that draw them: from a cluster or from files. */
import type { Command } from 'commander';
import type { LinkView } from '../topology/topology.ts';
import { linksNamed } from './links-named.ts';
import { mistakesError } from './mistakes.ts';
import { UserError } from '../runtime/user-error.ts';
import { readLinkFiles } from './read-link-files.ts';

export interface ReadLinksOptions {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** Adds `--context`, `--kubeconfig`, `-f` and `-R`. */
export function addReadLinksOptions(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig; default: its current context')
    .option('--kubeconfig <file>', 'kubeconfig; default: $KUBECONFIG, ~/.kube/config')
    .option(
      '-f, --filename <file>',
      'YAML with links and their status, as kubectl get -o yaml prints them, in place of a cluster; - for standard input; may be repeated',
      (file: string, former: readonly string[] | undefined) => [...(former ?? []), file],
    )
    .option('-R, --recursive', 'include files of subfolders');
}

/**
 * The links of these names, or all.
 *
 * @throws UserError for a name that no link has, a file that is wrong, and a cluster that cannot be read
 */
export async function readLinks(
  names: readonly string[],
  options: ReadLinksOptions,
  signal: AbortSignal,
): Promise<readonly LinkView[]> {
  const { filename, context, kubeconfig } = options;
  if (filename === undefined) return linksNamed(await linksOfCluster(options, signal), names);
  if (context !== undefined || kubeconfig !== undefined) {
    throw new UserError('-f takes links from files and no cluster: leave one out');
  }
  return linksNamed(await linksOfFiles({ ...options, filename }), names);
}

/** Every link of a cluster. Rejects with a UserError for a cluster that cannot be read. */
export async function linksOfCluster(
  options: Pick<ReadLinksOptions, 'context' | 'kubeconfig'>,
  signal: AbortSignal,
): Promise<readonly LinkView[]> {
  const { readLinksOfCluster } = await import('./cluster-links.ts');
  const links = await readLinksOfCluster(options, signal);
  return links.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    spec,
    ...(status === undefined ? {} : { status }),
    ...(metadata.deletionTimestamp === undefined ? {} : { isDeleting: true }),
  }));
}

async function linksOfFiles(
  options: ReadLinksOptions & { readonly filename: readonly string[] },
): Promise<readonly LinkView[]> {
  const { linkViews } = await import('../standalone/link-views.ts');
  const files = await readLinkFiles(options);
  const { links, errors } = linkViews(files);
  if (errors.length > 0) throw mistakesError(errors);
  if (links.length > 0) return links;
  const where = files.map(({ fileName }) => fileName).join(', ');
  throw new UserError(`${where}: no SageMakerPrivateLink found`);
}
