/** Owners of resources: lost and forged statuses, two links for one service, other versions. */
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../../src/api/sagemaker-private-link.ts';
import { clusterId } from '../world/foreign.ts';
import { ownershipTags } from '../../src/plan/ownership/ownership.ts';
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

const secondName = 'ml-2';
const minuteMs = 60_000;

/** A link with notebook access, so that it has one of everything. */
function whole(run: Run): void {
  run.create(linkName, {
    ...plainSpec(run.surroundings),
    notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['DataScientist'] } },
  });
}

function claim(run: Run, name: string): void {
  run.create(name, { ...plainSpec(run.surroundings), endpoints: [{ service: 'api' }] });
}

function isReady(link: SageMakerPrivateLink | undefined): boolean {
  const conditions = link?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/**
 * Two links want private DNS for one service in one VPC; the second one has to wait. It comes when
 * the first one has the name: before, it depends on the moment whether AWS lets it have an endpoint
 * without the name, and both ends are right.
 */
async function claimTwice(run: Run): Promise<void> {
  claim(run, linkName);
  const isFirst = (): boolean => isReady(run.link(linkName));
  await run.until(isFirst, run.time.now() + 60 * minuteMs);
  claim(run, secondName);
}

/** The second link would deny the role what the first one allows it, and the other way round. */
async function restrictTwice(run: Run): Promise<void> {
  whole(run);
  const isFirst = (): boolean => isReady(run.link(linkName));
  await run.until(isFirst, run.time.now() + 60 * minuteMs);
  run.create(secondName, {
    ...plainSpec(run.surroundings),
    endpoints: [{ service: 'runtime' }],
    notebookAccess: { allowedCIDRs: ['198.51.100.0/24'], attachTo: { roles: ['DataScientist'] } },
  });
}

/** The status as it would be if what belongs to the neighbour were the link's own. */
function forged(run: Run): SageMakerPrivateLinkStatus {
  const status = run.link(linkName)?.status ?? {};
  const isNeighbours = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean =>
    tags[ownershipTags.cluster] === clusterId && tags[ownershipTags.uid] === 'uid-neighbour';
  const endpoint = run.ec2.endpoints().find(isNeighbours);
  const group = run.ec2.securityGroups().find(isNeighbours);
  const policy = run.iam.policies().find(isNeighbours);
  if (endpoint === undefined || group === undefined || policy === undefined) {
    throw new Error('the neighbour has nothing');
  }
  return {
    ...status,
    endpoints: (status.endpoints ?? []).map((one) => ({ ...one, id: endpoint.id })),
    securityGroup: { id: group.id, managed: true },
    notebookAccess: { ...status.notebookAccess, policyArn: policy.arn },
  };
}

/** The status that the first version of the kind could have written: no more than conditions. */
function ancient({ conditions = [] }: SageMakerPrivateLinkStatus): object {
  const ready = conditions.filter(({ type }) => type === 'Ready');
  return { observedGeneration: 1, conditions: ready, phase: 'Ready', endpointId: 'vpce-0' };
}

/** Takes the place of the whole status. */
function replaceStatus(run: Run, status: object): void {
  const former = Object.keys(run.link(linkName)?.status ?? {});
  const none = Object.fromEntries(former.map((key) => [key, null]));
  run.writeStatus(linkName, { ...none, ...status });
}

/** The cluster is built anew: the link has another UID, and no operator saw the change. */
export function rebuild(run: Run, spec: Record<string, unknown> = {}): void {
  run.killAll();
  run.loseObject(linkName);
  run.create(linkName, { ...plainSpec(run.surroundings), ...spec });
  run.startProcess();
}

export const identityScenarios: readonly Scenario[] = [
  {
    name: 'a rebuilt cluster takes its resources back',
    covers: ['F6', 'F22'],
    before: (run) => run.create(linkName, plainSpec(run.surroundings)),
    act: (run) => rebuild(run, { adoption: 'IfUnowned' }),
    end: 'ready',
  },
  {
    name: 'a rebuilt cluster leaves its resources where the spec does not take them back',
    covers: ['F6', 'F22'],
    isIdle: true,
    before: (run) => run.create(linkName, plainSpec(run.surroundings)),
    act(run) {
      const former = run.link(linkName);
      rebuild(run);
      if (former !== undefined) run.watcher.abandon(former);
    },
    end: 'stalled OwnershipConflict',
  },
  {
    name: 'a rebuilt cluster is told later to take its resources back',
    covers: ['F22'],
    before(run) {
      run.create(linkName, plainSpec(run.surroundings));
      return run.rest().then(() => rebuild(run));
    },
    act: (run) => run.update(linkName, { adoption: 'IfUnowned' }),
    end: 'ready',
  },
  {
    name: 'two links want the same service in one VPC',
    covers: ['F19'],
    act: claimTwice,
    end: 'ready, stalled PrivateDNSConflict',
  },
  {
    name: 'two links restrict the same role to different networks',
    covers: ['F19'],
    act: restrictTwice,
    end: 'ready, stalled AccessConflict',
  },
  {
    name: 'a service becomes free for the link that waited for it',
    covers: ['F19'],
    before: claimTwice,
    act: (run) => run.delete(linkName),
    end: 'ready',
  },
  {
    name: 'the status is lost while no operator runs',
    covers: ['F6', 'F24'],
    isIdle: true,
    before: whole,
    act(run) {
      run.killAll();
      run.writeStatus(linkName, null);
      run.startProcess();
    },
    end: 'ready',
  },
  {
    name: 'the status is lost, and the link is deleted',
    covers: ['F6', 'F21'],
    before: whole,
    act(run) {
      run.writeStatus(linkName, null);
      run.delete(linkName);
    },
    end: 'gone',
  },
  {
    name: 'the status is of another version',
    covers: ['F24'],
    isIdle: true,
    before: whole,
    act(run) {
      run.killAll();
      replaceStatus(run, ancient(run.link(linkName)?.status ?? {}));
      run.startProcess();
    },
    end: 'ready',
  },
  {
    name: 'the status names what belongs to others',
    covers: ['F22'],
    before: whole,
    act(run) {
      run.writeStatus(linkName, forged(run));
      run.update(linkName, { tags: { team: 'others' } });
    },
    end: 'ready',
  },
  {
    name: 'the status names what belongs to others, and the endpoint is gone',
    covers: ['F22'],
    before: (run) => run.create(linkName, plainSpec(run.surroundings)),
    act(run) {
      const own = run.link(linkName)?.status?.endpoints ?? [];
      run.writeStatus(linkName, forged(run));
      for (const { id = '' } of own) run.ec2.eraseEndpoint(id);
      run.watcher.acceptWorld();
    },
    end: 'ready',
  },
  {
    name: 'the status names what belongs to others, and the link is deleted',
    covers: ['F21', 'F22'],
    before: whole,
    act(run) {
      run.writeStatus(linkName, forged(run));
      run.delete(linkName);
    },
    end: 'gone',
  },
  {
    name: 'deleted while no operator runs',
    covers: ['F21'],
    before: whole,
    async act(run) {
      run.killAll();
      run.delete(linkName);
      await run.pass(10 * minuteMs);
      run.startProcess();
    },
    end: 'gone',
  },
];
