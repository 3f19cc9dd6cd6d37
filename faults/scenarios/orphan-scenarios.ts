/** Resources whose link is no more, and sweeps that tell of them or delete them. */
import { ownershipTags } from '../../src/plan/ownership/ownership.ts';
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { clusterId } from '../world/foreign.ts';
import { rebuild } from './identity-scenarios.ts';
import { linkName, type Scenario } from './scenario.ts';

const minuteMs = 60_000;
const lostName = 'ml-lost';
const graceMs = 3 * minuteMs;

type Spec = Record<string, unknown>;

function accessFor(role: string): Spec {
  return { notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: [role] } } };
}

/** A link that stays, with one of everything. */
function living(run: Run): void {
  run.create(linkName, { ...plainSpec(run.surroundings), ...accessFor('DataScientist') });
}

/** Beside it another one with one of everything, which is lost later. */
function two(run: Run): void {
  living(run);
  const endpoints = [{ service: 'metrics', privateDNS: false }];
  const spec = { ...plainSpec(run.surroundings), endpoints };
  run.create(lostName, { ...spec, ...accessFor('Analyst') });
}

/** A sweep each minute. */
function sweeping(orphans: 'Report' | 'Delete'): Pick<Scenario, 'flags'> {
  return { flags: { orphans, orphanSweepMs: minuteMs, orphanGraceMs: graceMs } };
}

/** The neighbour of the same cluster has no link either, so it goes as well. */
function withoutNeighbour(run: Run, create: (run: Run) => void): void {
  const { ec2, iam, watcher } = run;
  const isNeighbours = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean =>
    tags[ownershipTags.cluster] === clusterId && tags[ownershipTags.uid] === 'uid-neighbour';
  const ids = [...ec2.endpoints(), ...ec2.securityGroups()].filter(isNeighbours);
  const arns = iam.policies().filter(isNeighbours);
  watcher.acceptWorld([...ids.map(({ id }) => id), ...arns.map(({ arn }) => arn)]);
  create(run);
}

/** etcd is restored from a backup that does not have the link. */
async function restore(run: Run): Promise<void> {
  run.killAll();
  run.loseObject(lostName);
  await run.pass(minuteMs);
  run.startProcess();
}

/** How a link is lost, with what the operator notices of it. */
const ways = {
  'etcd is restored from a backup that lacks a link': restore,
  'the finalizer is taken off by hand': async (run: Run) => run.loseObject(lostName),
} as const;

function reported(way: keyof typeof ways): Scenario {
  return {
    name: `orphans are reported: ${way}`,
    covers: ['F6'],
    ...sweeping('Report'),
    isIdle: true,
    before: two,
    async act(run) {
      const lost = run.link(lostName);
      await ways[way](run);
      if (lost !== undefined) run.watcher.abandon(lost);
      await run.pass(20 * minuteMs);
      if (!run.hasTold('OrphansFound', lostName)) {
        run.watcher.note('O2', `nobody was told of what ${lostName} left`);
      }
    },
    end: 'ready',
  };
}

function deleted(way: keyof typeof ways): Scenario {
  return {
    name: `orphans are deleted: ${way}`,
    covers: ['F6', 'F21'],
    ...sweeping('Delete'),
    before: (run) => withoutNeighbour(run, two),
    async act(run) {
      await ways[way](run);
      await run.pass(30 * minuteMs);
    },
    end: 'ready',
  };
}

export const orphanScenarios: readonly Scenario[] = [
  reported('etcd is restored from a backup that lacks a link'),
  reported('the finalizer is taken off by hand'),
  deleted('etcd is restored from a backup that lacks a link'),
  deleted('the finalizer is taken off by hand'),
  {
    name: 'orphans are deleted: a rebuilt cluster has links of other UIDs',
    covers: ['F6', 'F21', 'F22'],
    ...sweeping('Delete'),
    before: (run) => withoutNeighbour(run, living),
    async act(run) {
      rebuild(run, accessFor('DataScientist'));
      await run.pass(30 * minuteMs);
    },
    end: 'ready',
  },
  {
    name: 'orphans are deleted: a link takes them back right before',
    covers: ['F6', 'F22'],
    ...sweeping('Delete'),
    before: (run) => withoutNeighbour(run, living),
    async act(run) {
      rebuild(run, accessFor('DataScientist'));
      await run.pass(graceMs - 10_000);
      run.update(linkName, { adoption: 'IfUnowned' });
      await run.pass(30 * minuteMs);
    },
    end: 'ready',
  },
];
