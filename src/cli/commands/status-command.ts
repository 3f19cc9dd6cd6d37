import { type Command, Option } from 'commander';
import { systemClock } from '../../runtime/clock.ts';
import { isWell, statusLines, statusReport } from '../../standalone/reports/status-report.ts';
import type { SetExitCode } from '../exit-code.ts';
import {
  addOrphanSearchOptions,
  type OrphanSearchOptions,
  searchOrphans,
} from '../orphan-search.ts';
import { shutdownSignal } from '../signals.ts';

interface StatusOptions extends OrphanSearchOptions {
  readonly output: 'text' | 'json';
}

/** Adds `status`: a cluster's links, and the resources at AWS that are of no link. */
export function addStatusCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('status')
    .description(
      "show the identity at AWS, a cluster's links, and its resources at AWS without a link; changes nothing",
    )
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .addHelpText('after', help);
  addOrphanSearchOptions(command).action(async (options: StatusOptions) => {
    const { clusterId, links, found, close } = await searchOrphans(options, shutdownSignal());
    await close();
    const report = statusReport(clusterId, links, found);
    process.stdout.write(
      options.output === 'json'
        ? `${JSON.stringify(report, undefined, 2)}\n`
        : `${statusLines(report, systemClock().wallTime()).join('\n')}\n`,
    );
    setExitCode(isWell(report) ? 0 : 2);
  });
}

const help = `
Exit code: 0 every link is ready and nothing is left, 2 a link is not ready or orphans are left, 1 error.
The JSON output is described by docs/status.schema.json.`;
