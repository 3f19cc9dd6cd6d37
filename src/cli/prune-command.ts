import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import type { PlaceOrphans } from '../reconcile/find-orphans.ts';
import { specOfOrphan } from '../plan/orphans.ts';
import { defaultPatience } from '../plan/sightings.ts';
import { orphanLines, resourceCount } from '../standalone/orphan-text.ts';
import { createProgressText } from '../standalone/progress-text.ts';
import { runStandalone } from '../standalone/standalone-run.ts';
import { systemClock } from '../runtime/clock.ts';
import { addWaitOptions } from './link-input.ts';
import {
  addOrphanSearchOptions,
  type OrphanSearchOptions,
  searchCluster,
} from './orphan-search.ts';
import type { SetExitCode } from './exit-code.ts';
import { shutdownSignal } from './signals.ts';

interface PruneOptions extends OrphanSearchOptions {
  readonly yes?: true;
  readonly timeoutMs: number;
  readonly pollMs: number;
  readonly consistencyMs: number;
  readonly output: 'text' | 'json';
}

/** Adds `prune`. */
export function addPruneCommand(program: Command, setExitCode: SetExitCode): void {
  const prunes = program
    .command('prune')
    .description('show what the cluster left at AWS without a link, and delete it when told')
    .option('--yes', 'delete without asking');
  const command = addWaitOptions(prunes)
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit code: 0 nothing is left, 2 orphans stay, 1 error.');
  addOrphanSearchOptions(command).action(async (options: PruneOptions) => {
    setExitCode(await prune(options));
  });
}

async function prune(options: PruneOptions): Promise<number> {
  const interrupted = shutdownSignal();
  const { found, close } = await searchCluster(options, interrupted);
  try {
    show(found, options);
    const count = resourceCount(located(found));
    if (count === 0) return 0;
    if (options.yes !== true && !(await isConfirmed(count, interrupted))) return 2;
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(options.timeoutMs)]);
    const outcomes: string[] = [];
    // One after the other: what went wrong with one is read before the next one goes.
    for (const one of found) outcomes.push(...(await deleteIn(one, options, signal)));
    return outcomes.every((outcome) => outcome === 'gone') ? 0 : 2;
  } finally {
    await close();
  }
}

function located(found: readonly PlaceOrphans[]) {
  return found.map(({ place: { region, account }, orphans }) => ({
    region,
    ...(account === undefined ? {} : { account }),
    orphans,
  }));
}

function show(found: readonly PlaceOrphans[], { output }: PruneOptions): void {
  const orphans = located(found);
  const lines = orphanLines(orphans, systemClock().wallTime());
  const text = lines.length === 0 ? 'There are no orphans.' : lines.join('\n');
  process.stdout.write(
    output === 'json' ? `${JSON.stringify({ orphans }, undefined, 2)}\n` : `${text}\n`,
  );
}

/** Asks where somebody can answer; a pipeline has to say --yes. */
async function isConfirmed(count: number, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('nothing was deleted: give --yes to delete what is shown\n');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `Delete these ${count} resources? Others may rely on them. Type yes: `;
    return (await terminal.question(question, { signal })).trim() === 'yes';
  } finally {
    terminal.close();
  }
}

async function deleteIn(
  { place, orphans }: PlaceOrphans,
  { pollMs, consistencyMs, output }: PruneOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const { owner } of orphans) {
    const text = createProgressText(owner.name);
    const { outcome } = await runStandalone({
      link: { name: owner.name, uid: owner.uid, owner, spec: specOfOrphan(place.region) },
      goal: 'absent',
      cloud: place.cloud,
      clock: systemClock(),
      pollMs,
      consistencyMs,
      patience: defaultPatience,
      until: 'settled',
      signal,
      onProgress: (progress) => {
        if (output === 'json') return;
        for (const line of text.linesOf(progress)) process.stdout.write(`${line}\n`);
      },
    });
    outcomes.push(outcome);
  }
  return outcomes;
}
