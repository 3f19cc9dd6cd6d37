import { type Command, Option } from 'commander';
import type { Cloud } from '../../plan/cloud.ts';
import type {
  CheckedLink,
  CheckedPlace,
  DoctorReport,
} from '../../standalone/reports/doctor-report.ts';
import type { OrphanPlace, OrphanSearch } from '../../reconcile/orphans/find-orphans.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import { outputWidth, useColor } from '../colors.ts';
import type { SetExitCode } from '../exit-code.ts';
import { addLinkInputOptions, cloudOfLink, openClouds } from '../link-input.ts';
import { addPlannedLinksOptions, linksToPlan, type PlannedLinksOptions } from '../planned-links.ts';
import type { PlannedCheck } from './link-checks.ts';
import { quotaFlag, type QuotaValues } from './quota-checks.ts';
import { rememberedWays, type RememberedWays } from '../remembered-ways.ts';
import { shutdownSignal } from '../signals.ts';

interface DoctorOptions extends PlannedLinksOptions {
  readonly quota: QuotaValues;
  readonly output: 'text' | 'json';
}

/** Adds `doctor`: whether links could be brought about from here, and what to do where not. */
export function addDoctorCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('doctor')
    .description(
      'check credentials, routes to AWS, permissions, quotas and obstacles to links from this machine; changes nothing',
    )
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .option(
      '--quota <code=value>',
      "the account's own value of a quota, such as L-29B6F2EB=100, in place of AWS's default; may be repeated",
      quotaFlag,
      new Map(),
    )
    .addHelpText('after', help);
  addPlannedLinksOptions(
    addLinkInputOptions(command, { isFileRequired: false }),
    'examine the links of this cluster, by a context of the kubeconfig',
  ).action(async (given: DoctorOptions) => {
    const idIsGiven = command.getOptionValueSource('clusterId') === 'cli';
    // Without files the cluster's own links are meant.
    const options = given.filename === undefined ? { ...given, server: true as const } : given;
    setExitCode(await runDoctor(options, idIsGiven));
  });
}

const help = `
Exit code: 0 no problem, 2 a problem, 1 error. Warnings and checks without an answer are not problems.
The JSON output is described by docs/doctor.schema.json.`;

async function runDoctor(options: DoctorOptions, idIsGiven: boolean): Promise<number> {
  const signal = shutdownSignal();
  const { clusterId, links } = await linksToPlan(options, idIsGiven, signal);
  const ways = await rememberedWays();
  const clouds = await openClouds(options, clusterId, ways.create);
  try {
    const works = links.map((link) => ({ link, cloud: cloudOfLink(clouds, link) }));
    const { doctorLines, isHealthy } = await import('../../standalone/reports/doctor-report.ts');
    // Files do not say which links of a cluster live.
    const living = options.server === true ? () => livingOwners(options, signal) : undefined;
    const search = living === undefined ? undefined : { clusterId, living, signal };
    const report = await examine(works, ways, { quotaValues: options.quota, search, signal });
    process.stdout.write(
      options.output === 'json'
        ? `${JSON.stringify(report, undefined, 2)}\n`
        : `${doctorLines(report, { color: useColor(process.stdout), width: outputWidth() }).join('\n')}\n`,
    );
    return isHealthy(report) ? 0 : 2;
  } finally {
    clouds.close();
  }
}

interface Work {
  readonly link: StandaloneLink;
  readonly cloud: Cloud;
}

/** The links of the cluster, asked again: one that was made meanwhile lives. */
async function livingOwners(options: DoctorOptions, signal: AbortSignal) {
  const { readLinksOfCluster } = await import('../cluster-links.ts');
  const links = await readLinksOfCluster(options, signal);
  return links.map(({ metadata: { uid, name } }) => ({ uid, name }));
}

interface Examination extends Pick<PlannedCheck, 'quotaValues' | 'signal'> {
  /** Undefined where nobody knows which links live. */
  readonly search: Pick<OrphanSearch, 'clusterId' | 'living' | 'signal'> | undefined;
}

async function examine(
  works: readonly Work[],
  ways: RememberedWays,
  { quotaValues, search, signal }: Examination,
): Promise<DoctorReport> {
  const { checkPlace } = await import('./place-checks.ts');
  const { checkLink, planCheck } = await import('./link-checks.ts');
  const places: CheckedPlace[] = [];
  const reached = new Map<CheckedPlace, OrphanPlace>();
  const planned: PlannedCheck[] = [];
  for (const [first, ...others] of byPlace(works)) {
    if (first === undefined) continue;
    const all = [first, ...others];
    const needsIam = all.some(({ link }) => link.spec.notebookAccess !== undefined);
    const { region, account } = first.link.spec;
    const { checks, isReached } = await checkPlace(first.cloud, { needsIam, signal });
    const place = { region, ...(account === undefined ? {} : { account }) };
    const checked = { ...place, checks };
    places.push(checked);
    if (!isReached) continue;
    reached.set(checked, { ...place, cloud: first.cloud });
    for (const { link, cloud } of all) {
      const transport = ways.wayFor(link.spec);
      planned.push(await planCheck({ link, cloud, transport, quotaValues, signal }));
    }
  }
  const links: CheckedLink[] = [];
  for (const one of planned) links.push(await checkLink(one, planned));
  return { places: await withOrphans(places, reached, search), links };
}

async function withOrphans(
  places: readonly CheckedPlace[],
  reached: ReadonlyMap<CheckedPlace, OrphanPlace>,
  search: Examination['search'],
): Promise<readonly CheckedPlace[]> {
  if (search === undefined || reached.size === 0) return places;
  const { checkOrphans } = await import('./orphan-checks.ts');
  const orphans = await checkOrphans({ ...search, places: [...reached.values()] });
  return places.map((one) => {
    const place = reached.get(one);
    const found = place === undefined ? [] : (orphans.get(place) ?? []);
    return { ...one, checks: [...one.checks, ...found] };
  });
}

function byPlace(works: readonly Work[]): readonly (readonly Work[])[] {
  const groups = new Map<string, Work[]>();
  for (const work of works) {
    const { region, account } = work.link.spec;
    const key = JSON.stringify([region, account ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), work]);
  }
  return [...groups.values()];
}
