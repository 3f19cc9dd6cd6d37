import { type Command, Option } from 'commander';
import type { IdentitySource } from '../../standalone/file-identity.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import { type LinkPlan, planLinkChanges } from '../../standalone/link-plan.ts';
import { planText } from '../../standalone/plan-text.ts';
import { withRivals } from '../../standalone/rival-links.ts';
import { useColor } from '../colors.ts';
import {
  addLinkInputOptions,
  cloudOfLink,
  clusterIdOf,
  type LinkInputOptions,
  loadLinks,
  openClouds,
} from '../link-input.ts';
import { checkCredentials } from '../credentials-check.ts';
import type { SetExitCode } from '../exit-code.ts';
import { shutdownSignal } from '../signals.ts';
import { UserError } from '../../runtime/user-error.ts';

interface PlanOptions extends LinkInputOptions {
  readonly output: 'text' | 'json';
  readonly destroy?: true;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly server?: true;
}

/** Adds `plan`. Exit code 0: nothing would change, 2: something would, 1: an error. */
export function addPlanCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('plan')
    .description('show what apply would do at AWS and why; changes nothing')
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .option('--destroy', 'show what delete would do instead')
    .option(
      '--context <name>',
      "plan for the operator of this cluster: a file of a name is the cluster's own link of that name",
    )
    .option('--kubeconfig <file>', 'as --context, with this kubeconfig')
    .option('--server', "plan the cluster's links as they are there, without files")
    .addHelpText('after', planHelp);
  addLinkInputOptions(command, { isFileRequired: false }).action(async (options: PlanOptions) => {
    const idIsGiven = command.getOptionValueSource('clusterId') === 'cli';
    setExitCode(await runPlan(options, idIsGiven));
  });
}

const planHelp = `
Exit code: 0 no changes, 2 changes, 1 error, also of one link among several.
The JSON output is described by docs/plan.schema.json.`;

interface PlannedLinks {
  readonly clusterId: string;
  readonly links: readonly StandaloneLink[];
}

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

async function linksToPlan(
  options: PlanOptions,
  idIsGiven: boolean,
  signal: AbortSignal,
): Promise<PlannedLinks> {
  const { context, kubeconfig, server, filename = [] } = options;
  if (server === true && filename.length > 0) {
    throw new UserError('--server plans what is in the cluster and takes no -f: leave one out');
  }
  if (server !== true && filename.length === 0) {
    throw new UserError('no links: give files with -f, or --server for those of the cluster');
  }
  if (server !== true && context === undefined && kubeconfig === undefined) {
    const clusterId = clusterIdOf(options);
    return { clusterId, links: await loadLinks(options, { clusterId }) };
  }
  const { readClusterLinks } = await import('../cluster-links.ts');
  const { linkOfObject } = await import('../../standalone/link-files.ts');
  // An id in the environment is the one for files: it is not the cluster's.
  const id = idIsGiven && options.clusterId !== undefined ? { clusterId: options.clusterId } : {};
  const place = {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...id,
  };
  const { clusterId, links: objects } = await readClusterLinks(place, signal);
  if (server === true) {
    return { clusterId, links: objects.map((one) => linkOfObject(one, clusterId)) };
  }
  const source: IdentitySource = {
    clusterId,
    objectOf: (name) => objects.find(({ metadata }) => metadata.name === name),
  };
  return { clusterId, links: await loadLinks(options, source) };
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
