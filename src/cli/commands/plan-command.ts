import { type Command, Option } from 'commander';
import { type LinkPlan, planLinkChanges } from '../../standalone/link-plan.ts';
import { planText } from '../../standalone/plan-text.ts';
import { withRivals } from '../../standalone/rival-links.ts';
import { useColor } from '../colors.ts';
import { addLinkInputOptions, cloudOfLink, openClouds } from '../link-input.ts';
import { addPlannedLinksOptions, linksToPlan, type PlannedLinksOptions } from '../planned-links.ts';
import { checkCredentials } from '../credentials-check.ts';
import type { SetExitCode } from '../exit-code.ts';
import { shutdownSignal } from '../signals.ts';

interface PlanOptions extends PlannedLinksOptions {
  readonly output: 'text' | 'json';
  readonly destroy?: true;
}

/** Adds `plan`. Exit code 0: nothing would change, 2: something would, 1: an error. */
export function addPlanCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('plan')
    .description('show what apply would do at AWS and why; changes nothing')
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .option('--destroy', 'show what delete would do instead')
    .option('--server', "plan the cluster's links as they are there, without files")
    .addHelpText('after', planHelp);
  addPlannedLinksOptions(addLinkInputOptions(command, { isFileRequired: false }));
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
  const { clusterId, links } = await linksToPlan(options, idIsGiven, signal);
  const clouds = await openClouds(options, clusterId);
  const goal = options.destroy === true ? 'absent' : 'present';
  try {
    const works = links.map((link) => ({ link, cloud: cloudOfLink(clouds, link) }));
    const looking = works.filter(({ link }) => goal === 'absent' || !link.spec.suspend);
    await checkCredentials(
      looking.map(({ cloud }) => cloud),
      signal,
    );
    const plans = await Promise.all(
      works.map(({ link, cloud }) => planLinkChanges({ link, goal, cloud, signal })),
    );
    const judged = goal === 'present' ? withRivals(plans, links) : plans;
    print(judged, options.output);
    return exitCodeOf(judged);
  } finally {
    clouds.close();
  }
}

function print(plans: readonly LinkPlan[], output: PlanOptions['output']): void {
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ plans }, undefined, 2)}\n`);
    return;
  }
  const texts = plans.map((plan) => planText(plan, useColor(process.stdout)));
  process.stdout.write(`${texts.length === 0 ? 'No links.' : texts.join('\n\n')}\n`);
}

function exitCodeOf(plans: readonly LinkPlan[]): number {
  if (plans.some(({ findings }) => findings.problems.length > 0)) return 1;
  return plans.some(({ actions }) => actions.length > 0) ? 2 : 0;
}
