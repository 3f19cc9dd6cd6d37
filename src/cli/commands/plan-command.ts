import { readFile, stat, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UserError, userErrorFrom } from '../../runtime/user-error.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import { type LinkPlan, planLinkChanges } from '../../standalone/link-plan.ts';
import { usualPrices } from '../../standalone/monthly-cost.ts';
import { planText } from '../../standalone/reports/plan-text.ts';
import { withRivals } from '../../standalone/rival-links.ts';
import { useColor } from '../colors.ts';
import { addLinkInputOptions, cloudOfLink, openClouds } from '../link-input.ts';
import { addPlannedLinksOptions, linksToPlan, type PlannedLinksOptions } from '../planned-links.ts';
import { checkCredentials } from '../credentials-check.ts';
import type { SetExitCode } from '../exit-code.ts';
import { shutdownSignal } from '../signals.ts';

interface PlanOptions extends PlannedLinksOptions {
  readonly output: 'text' | 'json' | 'markdown';
  readonly destroy?: true;
  readonly out?: string;
  readonly endpointHourPrice: number;
  readonly gigabytePrice: number;
  readonly gigabytes: number;
}

/** Adds `plan`. Exit code 0: nothing would change, 2: something would, 1: an error. */
export function addPlanCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('plan')
    .description('show what apply would do at AWS and why; changes nothing')
    .addOption(
      new Option('-o, --output <form>', 'form; markdown is for comments on pull requests')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .option(
      '--out <file>',
      'also write the plan to this file; apply FILE begins only with its changes',
    )
    .option(
      '--endpoint-hour-price <usd>',
      'price of an endpoint in a zone for an hour, for the estimate',
      price,
      usualPrices.endpointHour,
    )
    .option('--gigabyte-price <usd>', 'price of a processed gigabyte', price, usualPrices.gigabyte)
    .option('--gigabytes <n>', 'gigabytes in a month, of each link', price, usualPrices.gigabytes)
    .option('--destroy', 'show what delete would do instead')
    .option('--server', "plan the cluster's links as they are there, without files")
    .addHelpText('after', planHelp);
  addPlannedLinksOptions(
    addLinkInputOptions(command, { isFileRequired: false }),
    'plan as the operator of this cluster would',
  );
  command.action(async (options: PlanOptions) => {
    const idIsGiven = command.getOptionValueSource('clusterId') === 'cli';
    setExitCode(await runPlan(options, idIsGiven));
  });
}

const planHelp = `
Exit code: 0 no changes, 2 changes, 1 error, also of one link among several.
The JSON output is described by docs/plan.schema.json.`;

async function runPlan(options: PlanOptions, idIsGiven: boolean): Promise<number> {
  const signal = shutdownSignal();
  refuseOut(options);
  if (options.out !== undefined) await refuseOverwriting(options.out);
  const { clusterId, links } = await linksToPlan(options, idIsGiven, signal);
  const clouds = await openClouds(options, clusterId);
  const prices = {
    endpointHour: options.endpointHourPrice,
    gigabyte: options.gigabytePrice,
    gigabytes: options.gigabytes,
  };
  const goal = options.destroy === true ? 'absent' : 'present';
  try {
    const works = links.map((link) => ({ link, cloud: cloudOfLink(clouds, link) }));
    const looking = works.filter(({ link }) => goal === 'absent' || !link.spec.suspend);
    await checkCredentials(
      looking.map(({ cloud }) => cloud),
      signal,
    );
    const plans = await Promise.all(
      works.map(({ link, cloud }) => planLinkChanges({ link, goal, cloud, signal, prices })),
    );
    const judged = goal === 'present' ? withRivals(plans, links) : plans;
    await print(judged, options.output);
    if (options.out !== undefined) await writePlan(options.out, clusterId, links, judged);
    return exitCodeOf(judged);
  } finally {
    clouds.close();
  }
}

function price(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('must be a number that is not negative');
}

/** `apply` works for files alone, and brings about. */
function refuseOut({ out, destroy, server, context, kubeconfig }: PlanOptions): void {
  if (out === undefined) return;
  if (out === '-') {
    throw new UserError('--out takes a file: for standard output, -o json prints the plan');
  }
  if (destroy === true) throw new UserError('--out saves what apply does: leave out --destroy');
  if (server === true || (context ?? kubeconfig) !== undefined) {
    throw new UserError(
      "--out is for links of files: a cluster's links are its operator's to apply",
    );
  }
}

/**
 * A slip of the hand must not take a file of links: nothing but a plan is written over. Pipes and
 * devices are no files that could be lost.
 */
async function refuseOverwriting(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isFile() !== true || there.size === 0) return;
  const { isSavedPlan } = await import('../../standalone/saved-plan.ts');
  const text = await readFile(file, 'utf8').catch(() => '');
  if (isSavedPlan(text)) return;
  throw new UserError(
    `${file} (--out) exists and is no saved plan: give another name, or remove the file`,
  );
}

async function writePlan(
  file: string,
  clusterId: string,
  links: readonly StandaloneLink[],
  plans: readonly LinkPlan[],
): Promise<void> {
  const { savedPlanText } = await import('../../standalone/saved-plan.ts');
  try {
    await writeFile(file, savedPlanText(clusterId, links, plans));
  } catch (error) {
    throw new UserError(`${file} (--out) cannot be written: ${userErrorFrom(error).message}`);
  }
}

async function print(plans: readonly LinkPlan[], output: PlanOptions['output']): Promise<void> {
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ plans }, undefined, 2)}\n`);
    return;
  }
  if (output === 'markdown') {
    const { planMarkdown } = await import('../../standalone/reports/plan-markdown.ts');
    process.stdout.write(planMarkdown(plans));
    return;
  }
  const texts = plans.map((plan) => planText(plan, useColor(process.stdout)));
  process.stdout.write(`${texts.length === 0 ? 'No links.' : texts.join('\n\n')}\n`);
}

function exitCodeOf(plans: readonly LinkPlan[]): number {
  if (plans.some(({ findings }) => findings.problems.length > 0)) return 1;
  return plans.some(({ actions }) => actions.length > 0) ? 2 : 0;
}
