import type { Command } from 'commander';
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { orphanLines, resourceCount } from '../standalone/orphan-text.ts';
import { systemClock } from '../runtime/clock.ts';
import {
  addOrphanSearchOptions,
  type OrphanSearchOptions,
  searchCluster,
} from './orphan-search.ts';
import type { SetExitCode } from './exit-code.ts';
import { shutdownSignal } from './signals.ts';

/** Adds `status`. */
export function addStatusCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('status')
    .description("show a cluster's links, and what it left at AWS without a link")
    .addHelpText(
      'after',
      '\nExit code: 0 every link is ready and nothing is left, 2 not so, 1 error.',
    );
  addOrphanSearchOptions(command).action(async (options: OrphanSearchOptions) => {
    const { links, found, close } = await searchCluster(options, shutdownSignal());
    await close();
    const orphans = found.map(({ place: { region, account }, orphans: left }) => ({
      region,
      ...(account === undefined ? {} : { account }),
      orphans: left,
    }));
    const count = resourceCount(orphans);
    const lines = [
      ...links.map(linkLine),
      ...orphanLines(orphans, systemClock().wallTime()),
      `${links.length} links, ${count} resources without a link.${count > 0 ? ' See sagemaker-privatelink prune.' : ''}`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    setExitCode(count === 0 && links.every(isReady) ? 0 : 2);
  });
}

function readyOf({ status }: SageMakerPrivateLink) {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

function isReady(link: SageMakerPrivateLink): boolean {
  return readyOf(link)?.status === 'True';
}

function linkLine(link: SageMakerPrivateLink): string {
  const { status = 'Unknown', reason = 'not looked at yet', message = '' } = readyOf(link) ?? {};
  const why = isReady(link) ? '' : `: ${message}`;
  return `${link.metadata.name} (${link.spec.region}): Ready=${status} (${reason})${why}`;
}
