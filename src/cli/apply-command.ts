import { type Command, Option } from 'commander';
import type { StandaloneLink } from '../standalone/link-files.ts';
import {
  createPatienceText,
  createProgressText,
  endpointLines,
} from '../standalone/progress-text.ts';
import { runStandalone, type StandaloneEnd } from '../standalone/standalone-run.ts';
import { systemClock } from '../runtime/clock.ts';
import {
  addLinkInputOptions,
  addWaitOptions,
  cloudOfLink,
  clusterIdOf,
  type LinkInputOptions,
  loadLinks,
  openClouds,
} from './link-input.ts';
import { DurationOption } from './duration-option.ts';
import type { SetExitCode } from './exit-code.ts';
import { shutdownSignal } from './signals.ts';
import { UserError } from '../runtime/user-error.ts';

interface RunOptions extends LinkInputOptions {
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly pollMs: number;
  readonly consistencyMs: number;
  readonly dnsSettleMs: number;
  readonly iamSettleMs: number;
  readonly wayDeadlineMs: number;
  readonly output: 'text' | 'json';
}

/** Adds `apply`: the operator's work for links in files, without a cluster. */
export function addApplyCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('apply')
    .description('make AWS match the links in files, without a cluster')
    .option('--wait', 'wait until every link is ready; without it one pass is made', false);
  addRunOptions(command).action(async (options: RunOptions) => {
    setExitCode(await run(options, 'present'));
  });
}

/** Adds `delete`. */
export function addDeleteCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('delete')
    .description('take away what apply made at AWS for the links in files')
    .option('--no-wait', 'make one pass only, and leave the rest to another run');
  addRunOptions(command).action(async (options: RunOptions) => {
    setExitCode(await run(options, 'absent'));
  });
}

function addRunOptions(command: Command): Command {
  return addWaitOptions(addLinkInputOptions(command))
    .addOption(
      new DurationOption(
        '--dns-settle',
        'how long callers may take to follow a change of private DNS, after AWS shows it; a notebook policy is tightened only then',
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
        'how long a notebook policy waits at most for an endpoint that callers are to be led to',
        { usual: '10m' },
      ),
    )
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'));
}

/** Silence that is longer than this looks like a hang. */
const remindEveryMs = 30_000;

type Goal = 'present' | 'absent';

async function run(options: RunOptions, goal: Goal): Promise<number> {
  const clusterId = clusterIdOf(options);
  const links = await loadLinks(options, { clusterId });
  const clouds = await openClouds(options, clusterId);
  const goOn = 'what was done stays: run the same command again to go on';
  const signal = AbortSignal.any([shutdownSignal(goOn), timeoutSignal(options.timeoutMs)]);
  try {
    // A link whose account is not to be had ends the command before any other one is changed.
    const works = links.map((link) => ({ link, cloud: cloudOfLink(clouds, link) }));
    const active = works.filter(({ link }) => goal === 'absent' || !link.spec.suspend);
    const suspended = links.filter((link) => !active.some((work) => work.link === link));
    if (options.output === 'text') for (const { name } of suspended) printSuspended(name);
    const ends = await Promise.all(
      active.map(({ link, cloud }) => runOne(link, { ...options, goal, cloud, signal })),
    );
    return report({ links: active.map(({ link }) => link), ends, suspended }, options);
  } finally {
    clouds.close();
  }
}

function timeoutSignal(timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const message = `not done after ${timeoutMs / 1000} s (--timeout); run it again to go on`;
  setTimeout(() => controller.abort(new UserError(message)), timeoutMs).unref();
  return controller.signal;
}

function runOne(
  link: StandaloneLink,
  options: RunOptions & {
    readonly goal: Goal;
    readonly cloud: Parameters<typeof runStandalone>[0]['cloud'];
    readonly signal: AbortSignal;
  },
): Promise<StandaloneEnd> {
  const text = createProgressText(link.name);
  const { goal, cloud, signal, wait, pollMs, consistencyMs, output } = options;
  const { dnsSettleMs, iamSettleMs, wayDeadlineMs } = options;
  const patienceText = createPatienceText(link.name);
  const begun = Date.now();
  const reminder = setInterval(() => {
    if (output === 'text') process.stderr.write(`${patienceText.line(Date.now() - begun)}\n`);
  }, remindEveryMs);
  return runStandalone({
    link,
    goal,
    cloud,
    clock: systemClock(),
    pollMs,
    consistencyMs,
    patience: { dnsSettleMs, iamSettleMs, wayDeadlineMs },
    until: wait ? 'settled' : 'once',
    signal,
    onProgress: (progress) => {
      if (progress.kind === 'status') patienceText.note(progress.status);
      if (output === 'json') return;
      for (const line of text.linesOf(progress)) process.stdout.write(`${line}\n`);
    },
  }).finally(() => clearInterval(reminder));
}

function printSuspended(name: string): void {
  process.stdout.write(`${name}: spec.suspend is true: nothing is looked at or changed\n`);
}

interface Ended {
  readonly links: readonly StandaloneLink[];
  /** Of the links, in the same order. */
  readonly ends: readonly StandaloneEnd[];
  readonly suspended: readonly StandaloneLink[];
}

function report({ links, ends, suspended }: Ended, options: RunOptions): number {
  if (options.output === 'json') {
    const results = [
      ...links.map(({ name, spec: { region } }, index) => ({
        name,
        region,
        outcome: ends[index]?.outcome,
        status: ends[index]?.status,
      })),
      ...suspended.map(({ name, spec: { region } }) => ({ name, region, outcome: 'suspended' })),
    ];
    process.stdout.write(`${JSON.stringify({ links: results }, undefined, 2)}\n`);
  } else {
    for (const line of ends.flatMap(({ status, outcome }, index) =>
      outcome === 'gone'
        ? [`${links[index]?.name}: gone`]
        : endpointLines(status).map((line) =>
            links.length === 1 ? line : `${links[index]?.name}: ${line}`,
          ),
    )) {
      process.stdout.write(`${line}\n`);
    }
  }
  return ends.every(isGood(options.wait)) ? 0 : 1;
}

/** Without waiting, work that goes on at AWS is no failure. */
function isGood(wait: boolean): (end: StandaloneEnd) => boolean {
  return ({ outcome, findings }) => {
    if (outcome === 'ready' || outcome === 'gone') return true;
    return !wait && outcome === 'unfinished' && findings.problems.length === 0;
  };
}
