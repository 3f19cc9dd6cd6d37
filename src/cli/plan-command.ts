import { type Command, Option } from 'commander';
import { type LinkPlan, planLinkChanges } from '../standalone/link-plan.ts';
import { planText } from '../standalone/plan-text.ts';
import {
  addLinkInputOptions,
  cloudOfLink,
  clusterIdOf,
  type LinkInputOptions,
  loadLinks,
  openClouds,
} from './link-input.ts';
import type { SetExitCode } from './program.ts';
import { shutdownSignal } from './signals.ts';

interface PlanOptions extends LinkInputOptions {
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
    .addHelpText('after', '\nExit code: 0 no changes, 2 changes, 1 error.');
  addLinkInputOptions(command).action(async (options: PlanOptions) => {
    setExitCode(await runPlan(options));
  });
}

async function runPlan(options: PlanOptions): Promise<number> {
  const clusterId = clusterIdOf(options);
  const links = await loadLinks(options, { clusterId });
  const clouds = await openClouds(options, clusterId);
  const goal = options.destroy === true ? 'absent' : 'present';
  const signal = shutdownSignal();
  try {
    const plans = await Promise.all(
      links.map((link) => {
        const cloud = cloudOfLink(clouds, link);
        return planLinkChanges({ link, goal, cloud, signal });
      }),
    );
    print(plans, options.output);
    return exitCodeOf(plans);
  } finally {
    clouds.close();
  }
}

function print(plans: readonly LinkPlan[], output: PlanOptions['output']): void {
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ plans }, undefined, 2)}\n`);
    return;
  }
  // Not a terminal: undefined, whatever its type says, and then colours would follow `CI`.
  const useColor = Boolean(process.stdout.isTTY);
  process.stdout.write(`${plans.map((plan) => planText(plan, useColor)).join('\n\n')}\n`);
}

function exitCodeOf(plans: readonly LinkPlan[]): number {
  if (plans.some(({ findings }) => findings.problems.length > 0)) return 1;
  return plans.some(({ actions }) => actions.length > 0) ? 2 : 0;
}
