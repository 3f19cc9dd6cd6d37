import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { printable } from '../../api/printable.ts';
import type { Patience } from '../../plan/sightings.ts';
import { operatorNotes } from '../../standalone/operator-notes.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import {
  runExitCode,
  runJson,
  runLines,
  unfinishedLines,
} from '../../standalone/reports/run-report.ts';
import {
  addLinkInputOptions,
  addWaitOptions,
  cloudOfLink,
  clusterIdOf,
  clusterIdVariable,
  type LinkInputOptions,
  loadLinks,
  openClouds,
  type WaitOptions,
} from '../link-input.ts';
import { canAsk, confirmed } from '../confirm.ts';
import { checkCredentials } from '../credentials-check.ts';
import { DurationOption } from '../flags/duration-option.ts';
import type { SetExitCode } from '../exit-code.ts';
import { mistakesError } from '../mistakes.ts';
import { shutdownSignal } from '../signals.ts';
import { type EndedRun, type Goal, runLink } from '../run-link.ts';
import { timeLimit } from '../time-limit.ts';
import { UserError, userErrorFrom } from '../../runtime/user-error.ts';
import type { SavedPlan } from '../../standalone/saved-plan.ts';
import { type Cloud, CloudError } from '../../plan/cloud.ts';

interface RunOptions extends LinkInputOptions, WaitOptions, Patience {
  readonly wait: boolean;
  /** Of `delete` alone. */
  readonly yes?: true;
  readonly output: 'text' | 'json';
  readonly saved?: SavedPlan;
}

/** Adds `apply`: the operator's work for links in files, without a cluster. */
export function addApplyCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('apply')
    .argument(
      '[plan-file]',
      'a plan saved by plan --out, in place of -f: apply starts only if the changes are those that the plan shows; with --wait it also repairs drift meanwhile, as with -f',
    )
    .description('make AWS match the links in files, without a cluster')
    .option(
      '--wait',
      'wait until every link is ready; without it the command ends while AWS is still working',
      false,
    );
  addRunOptions(command, { isFileRequired: false }).action(
    async (file: string | undefined, options: RunOptions) => {
      const planned = await withSavedPlan(file, options);
      refuseOtherIdentity(planned, command.getOptionValueSource('clusterId'));
      setExitCode(await run(planned, 'present'));
    },
  );
}

/** Adds `delete`. */
export function addDeleteCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('delete')
    .description('delete the AWS resources that apply made for the links in files')
    .option('--no-wait', 'end while AWS is still working, and leave the rest to another run')
    .option('-y, --yes', 'delete without asking; only a terminal is asked');
  addRunOptions(command, { isFileRequired: true }).action(async (options: RunOptions) => {
    setExitCode(await run(options, 'absent'));
  });
}

function addRunOptions(command: Command, files: { readonly isFileRequired: boolean }): Command {
  return addWaitOptions(addLinkInputOptions(command, files))
    .addOption(
      new DurationOption(
        '--dns-settle',
        'how long callers may take to follow a change of private DNS after AWS shows it; a notebook policy is tightened only then',
        { usual: '60s' },
      ),
    )
    .addOption(
      new DurationOption(
        '--iam-settle',
        'how long IAM may take to enforce what it shows; endpoints that a notebook policy names change only then',
        { usual: '15s' },
      ),
    )
    .addOption(
      new DurationOption(
        '--way-deadline',
        'the longest that a notebook policy waits for an endpoint that callers need',
        { usual: '10m' },
      ),
    )
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .addHelpText('after', exitCodeHelp);
}

const exitCodeHelp = `
Exit code: 0 every link is ready (or gone), 1 an error or a link that needs a person,
2 nothing is wrong and work is left: run the command again; 130 and 143 for Ctrl-C and SIGTERM.
The JSON output is described by docs/run.schema.json.`;

async function run(options: RunOptions, goal: Goal): Promise<number> {
  const clusterId = options.saved?.clusterId ?? clusterIdOf(options);
  const links = await linksOf(options, clusterId);
  const active = links.filter(({ spec }) => goal === 'absent' || !spec.suspend);
  refuseShortTimeout(active, options, goal);
  const clouds = await openClouds(options, clusterId);
  let hasBegun = false;
  const interrupted = shutdownSignal(() =>
    hasBegun
      ? 'what was done stays: run the same command again to go on'
      : `nothing was ${goal === 'absent' ? 'deleted' : 'changed'}`,
  );
  const signal = AbortSignal.any([interrupted, timeLimit(options.timeoutMs)]);
  try {
    // A link whose account is not to be had ends the command before any other one is changed.
    const works = active.map((link) => ({ link, cloud: cloudOfLink(clouds, link) }));
    await checkCredentials(
      works.map(({ cloud }) => cloud),
      signal,
    );
    if (goal === 'absent' && !(await mayDelete(works, options, signal))) {
      return report(active.map(keptRun), options, goal);
    }
    if (options.saved !== undefined) await checkSaved(options.saved, works, signal);
    const suspended = links.filter((link) => !active.includes(link));
    if (options.output === 'text') for (const { name } of suspended) printSuspended(name);
    if (options.output === 'text' && goal === 'present') active.forEach(printNotes);
    hasBegun = true;
    const ended = await Promise.all(
      works.map(({ link, cloud }) => runLink(link, { ...options, goal, cloud, signal })),
    );
    return report([...ended, ...suspended.map(suspendedRun)], options, goal);
  } finally {
    clouds.close();
  }
}

async function withSavedPlan(file: string | undefined, options: RunOptions): Promise<RunOptions> {
  if (file === undefined && options.filename === undefined) {
    throw new UserError('no links: give files with -f, or a plan saved by plan --out');
  }
  if (file === undefined) return options;
  if (options.filename !== undefined) {
    throw new UserError('a saved plan has its links: leave out -f, or the plan');
  }
  const { readSavedPlan } = await import('../../standalone/saved-plan.ts');
  try {
    return { ...options, saved: readSavedPlan(await readFile(file, 'utf8')) };
  } catch (error) {
    const why = error instanceof RangeError ? error.message : userErrorFrom(error).message;
    throw new UserError(`${file}: ${why}`);
  }
}

/** A saved plan has its identity: another one next to it would be passed over in silence. */
function refuseOtherIdentity({ saved, clusterId }: RunOptions, source: string | undefined): void {
  // A variable that is set to nothing is not set.
  if (saved === undefined || clusterId === undefined || clusterId === '') return;
  if (clusterId === saved.clusterId) return;
  const given = source === 'env' ? clusterIdVariable : '--cluster-id';
  throw new UserError(
    `${given} is ${clusterId}, and the saved plan is for ${saved.clusterId}: leave it out, or plan again with it`,
  );
}

async function linksOf(options: RunOptions, clusterId: string): Promise<readonly StandaloneLink[]> {
  if (options.saved === undefined) return loadLinks(options, { clusterId });
  const { readLinks } = await import('../../standalone/link-files.ts');
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: options.saved.manifests });
  const { links, errors } = readLinks([{ fileName: 'the saved plan', text }], { clusterId });
  if (errors.length > 0) throw mistakesError(errors);
  return links;
}

/** @throws UserError where a plan of now does something that the saved one does not say */
async function checkSaved(
  saved: SavedPlan,
  works: readonly { readonly link: StandaloneLink; readonly cloud: Cloud }[],
  signal: AbortSignal,
): Promise<void> {
  const { planLinkChanges } = await import('../../standalone/link-plan.ts');
  const { firstUnplanned } = await import('../../standalone/saved-plan.ts');
  const plans = await Promise.all(
    works.map(({ link, cloud }) => planLinkChanges({ link, goal: 'present', cloud, signal })),
  );
  const unplanned = firstUnplanned(saved, plans);
  if (unplanned === undefined) return;
  throw new UserError(
    `the saved plan is not what would be done now: ${printable(unplanned)}. Something changed at AWS since, or the file was edited. Nothing was done: plan --out again, or apply -f with the links' files.`,
  );
}

interface Work {
  readonly link: StandaloneLink;
  readonly cloud: Cloud;
}

/** A slip of the hand at a terminal takes the endpoints of a team away: there it is asked. */
async function mayDelete(
  works: readonly Work[],
  { yes }: RunOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (yes === true || !canAsk() || works.length === 0) return true;
  const names = await Promise.all(works.map((work) => placedName(work, signal)));
  const question = `Delete the AWS resources of ${names.join(', ')}? plan --destroy lists them.`;
  if (await confirmed(question, signal)) return true;
  process.stderr.write('nothing was deleted\n');
  return false;
}

/** A link with its region and the account that AWS tells, where it tells one. */
async function placedName(
  { link: { name, spec }, cloud }: Work,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { account } = await cloud.look({ kind: 'Caller' }, { since: cloud.now(), signal });
    return `${name} (${spec.region}, account ${account})`;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    signal.throwIfAborted();
    return `${name} (${spec.region}, account unknown)`;
  }
}

/**
 * The settle times are measured by the command itself: in less time than they take together it
 * never gets further, however often it is run.
 */
function refuseShortTimeout(
  links: readonly StandaloneLink[],
  { timeoutMs, consistencyMs, dnsSettleMs, iamSettleMs }: RunOptions,
  goal: Goal,
): void {
  const hasPolicy = links.some(({ spec }) => spec.notebookAccess !== undefined);
  const needs = [
    ...(goal === 'absent' ? ([['--consistency', consistencyMs]] as const) : []),
    ...(hasPolicy ? ([['--iam-settle', iamSettleMs]] as const) : []),
    ...(hasPolicy && goal === 'present' ? ([['--dns-settle', dnsSettleMs]] as const) : []),
  ];
  const neededMs = needs.reduce((sum, [, ms]) => sum + ms, 0);
  if (needs.length === 0 || timeoutMs > neededMs) return;
  const flags = needs.map(([flag, ms]) => `${flag} ${ms / 1000} s`).join(' and ');
  throw new UserError(
    `--timeout ${timeoutMs / 1000} s is too short: ${flags} have to pass within one run. Give more than ${neededMs / 1000} s.`,
  );
}

function keptRun({ name, spec: { region } }: StandaloneLink): EndedRun {
  return { run: { name, region, outcome: 'kept', changes: [], problems: [] } };
}

function suspendedRun({ name, spec: { region } }: StandaloneLink): EndedRun {
  return { run: { name, region, outcome: 'suspended', changes: [], problems: [] } };
}

function printNotes(link: StandaloneLink): void {
  for (const { message } of operatorNotes(link)) {
    process.stdout.write(`${link.name}: note: ${message}\n`);
  }
}

function printSuspended(name: string): void {
  process.stdout.write(`${name}: spec.suspend is true: nothing is looked at or changed\n`);
}

/**
 * Prints the end of every link, whatever ended the others.
 *
 * @throws the first fault, and the interruption: with these the program ends in another way
 */
function report(
  ended: readonly EndedRun[],
  { output, wait }: Pick<RunOptions, 'output' | 'wait'>,
  goal: Goal,
): number {
  const runs = ended.map(({ run }) => run);
  if (output === 'json') process.stdout.write(runJson(runs));
  else for (const line of runLines(runs)) process.stdout.write(`${line}\n`);
  const fault = ended.find(({ run, error }) => error !== undefined && run.cutOff !== 'timeout');
  if (fault !== undefined) throw fault.error;
  const late = ended.find(({ error }) => error instanceof UserError);
  if (late?.error instanceof UserError) process.stderr.write(`error: ${late.error.message}\n`);
  const waiting = goal === 'present' ? 'apply --wait' : 'delete without --no-wait';
  if (!wait) for (const line of unfinishedLines(runs, waiting)) process.stderr.write(`${line}\n`);
  return runExitCode(runs);
}
