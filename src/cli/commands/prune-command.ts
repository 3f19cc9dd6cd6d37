import { type Command, Option } from 'commander';
import type { PlaceOrphans } from '../../reconcile/orphans/find-orphans.ts';
import { specOfOrphan } from '../../plan/ownership/orphans.ts';
import { defaultPatience } from '../../plan/sightings.ts';
import { systemClock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/user-error.ts';
import {
  type LocatedOrphans,
  orphanLines,
  resourceCount,
} from '../../standalone/reports/orphan-text.ts';
import { pruneJson } from '../../standalone/reports/prune-report.ts';
import { locatedOrphans } from '../../standalone/reports/status-report.ts';
import type { SetExitCode } from '../exit-code.ts';
import { addWaitOptions, clusterIdOf, type WaitOptions } from '../link-input.ts';
import {
  addOrphanSearchOptions,
  type OrphanSearchOptions,
  searchOrphans,
} from '../orphan-search.ts';
import { type EndedRun, runLink } from '../run-link.ts';
import { shutdownSignal } from '../signals.ts';
import { canAsk, confirmed } from '../confirm.ts';
import { timeLimit } from '../time-limit.ts';

interface PruneOptions extends OrphanSearchOptions, WaitOptions {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly yes?: true;
  readonly output: 'text' | 'json';
}

/** Adds `prune`. */
export function addPruneCommand(program: Command, setExitCode: SetExitCode): void {
  const prunes = program
    .command('prune')
    .description(
      'list resources at AWS whose link of a cluster, or of files, no longer exists, and delete them on confirmation',
    )
    .option('-y, --yes', 'delete without asking')
    .addOption(
      new Option(
        '-f, --filename <file>',
        'treat the links of these files as the living ones, in place of those of a cluster: give all files with this --cluster-id, as for apply',
      ).argParser((file: string, former: readonly string[] | undefined) => [
        ...(former ?? []),
        file,
      ]),
    )
    .option('-R, --recursive', 'include files of subfolders');
  const command = addWaitOptions(prunes)
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .addHelpText('after', help);
  addOrphanSearchOptions(command).action(async (options: PruneOptions) => {
    setExitCode(await prune(withFileIdentity(options)));
  });
}

const help = `
Exit code: 0 nothing is left, 2 orphans stay, 1 error; 130 and 143 for Ctrl-C and SIGTERM.
The JSON output is described by docs/prune.schema.json.`;

/** Files have an identity of their own, which the environment may hold; a cluster has not. */
function withFileIdentity(options: PruneOptions): PruneOptions {
  if (options.filename === undefined) return options;
  return { ...options, clusterId: clusterIdOf(options, process.env) };
}

async function prune(options: PruneOptions): Promise<number> {
  let hasBegun = false;
  const interrupted = shutdownSignal(() =>
    hasBegun ? 'what was deleted stays so: run the same command again' : 'nothing was deleted',
  );
  const { clusterId, found, close } = await searchOrphans(options, interrupted);
  try {
    const orphans = locatedOrphans(found);
    const count = resourceCount(orphans);
    if (options.output === 'text') process.stdout.write(`${orphanText(orphans)}\n`);
    const isTold =
      count > 0 && (options.yes === true || (await isConfirmed(orphans, options, interrupted)));
    const signal = AbortSignal.any([interrupted, timeLimit(options.timeoutMs)]);
    hasBegun = isTold;
    const ended = isTold ? await deleteAll(found, options, signal) : [];
    if (options.output === 'json') {
      const runs = new Map(ended.map(({ uid, run }) => [uid, run]));
      process.stdout.write(pruneJson(clusterId, orphans, runs));
    }
    return codeOf(ended, count);
  } finally {
    await close();
  }
}

/** Throws a fault and the interruption: with these the program ends in another way. */
function codeOf(ended: readonly EndedOrphan[], count: number): number {
  const cut = ended.find(({ error }) => error !== undefined);
  if (cut !== undefined && cut.run.cutOff !== 'timeout') throw cut.error;
  if (cut?.error instanceof UserError) process.stderr.write(`error: ${cut.error.message}\n`);
  return count === 0 || (ended.length > 0 && ended.every(isGone)) ? 0 : 2;
}

function isGone({ run }: EndedOrphan): boolean {
  return run.outcome === 'gone';
}

function orphanText(orphans: readonly LocatedOrphans[]): string {
  const lines = orphanLines(orphans, systemClock().wallTime());
  return lines.length === 0 ? 'There are no orphans.' : lines.join('\n');
}

/** Asks where somebody can read and answer; a pipeline has to say --yes. */
async function isConfirmed(
  orphans: readonly LocatedOrphans[],
  { output }: PruneOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (!canAsk()) {
    process.stderr.write('nothing was deleted: give --yes to delete what is shown\n');
    return false;
  }
  // The document of standard output comes at the end: whoever is asked has to see them before.
  if (output === 'json') process.stderr.write(`${orphanText(orphans)}\n`);
  const count = resourceCount(orphans);
  return confirmed(`Delete these ${count} resources? Others may rely on them.`, signal);
}

interface EndedOrphan extends EndedRun {
  readonly uid: string;
}

/** One after the other, until the time is over: what went wrong with one is read before the next. */
async function deleteAll(
  found: readonly PlaceOrphans[],
  { pollMs, consistencyMs, output }: PruneOptions,
  signal: AbortSignal,
): Promise<readonly EndedOrphan[]> {
  const ended: EndedOrphan[] = [];
  for (const { place, orphans } of found) {
    for (const { owner } of orphans) {
      const { name, uid } = owner;
      const link = { name, uid, owner, spec: specOfOrphan(place.region) };
      const times = { pollMs, consistencyMs, ...defaultPatience };
      const how = { goal: 'absent', wait: true, output, ...times } as const;
      ended.push({ uid, ...(await runLink(link, { ...how, cloud: place.cloud, signal })) });
      if (signal.aborted) return ended;
    }
  }
  return ended;
}
