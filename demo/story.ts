/** What the demo shows. Each chapter ends only when the simulated AWS itself is seen to be so. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SageMakerPrivateLinkStatus } from '../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../src/simulator/control/region-control.ts';
import type { Stage } from './stage.ts';
import type { View } from './view.ts';

/** One chapter that was told, with what proved it. */
export interface Chapter {
  readonly title: string;
  readonly seconds: number;
  /** What was observed at the simulator or in the status. */
  readonly evidence: readonly string[];
}

export interface Telling {
  readonly stage: Stage;
  readonly region: RegionControl;
  readonly view: View;
  /** How long a chapter may take before the demo has failed. */
  readonly patienceMs: number;
}

/** Tells the whole story; throws an Error that says which chapter did not come true. */
export async function tellStory(telling: Telling, yaml: string): Promise<readonly Chapter[]> {
  const { stage, region, view } = telling;
  const chapters: Chapter[] = [];

  async function chapter(title: string, tell: () => Promise<readonly string[]>): Promise<void> {
    const begun = performance.now();
    view.chapter(title);
    const evidence = await tell();
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    chapters.push({ title, seconds, evidence });
    view.proven(evidence);
  }

  await chapter('A link is applied; every condition turns True', async () => {
    await stage.apply(yaml);
    const status = await until(telling, 'Ready and Available', isReady);
    must(liveEndpoints(region).length === 2, 'two endpoints are available at AWS');
    must(looseRules(region).length === 0, 'the group admits HTTPS from the VPC and nothing else');
    return (status?.endpoints ?? []).map(
      ({ service, id, url }) => `${service ?? ''}: ${id ?? ''} ${url ?? ''}`,
    );
  });

  await chapter('Somebody deletes an endpoint behind the back of the operator', async () => {
    const victim = liveEndpoints(region)[0]?.id ?? '';
    region.deleteEndpoint(victim);
    await until(telling, 'drift noticed', () => stage.notes().some(isDriftAbout('endpoint')));
    await until(
      telling,
      'Ready with a new endpoint',
      (status) =>
        isReady(status) &&
        !status?.endpoints?.some(({ id }) => id === victim) &&
        liveEndpoints(region).length === 2,
    );
    const now = liveEndpoints(region).map(({ id }) => id);
    return [`${victim} was deleted by hand`, `available again: ${now.join(', ')}`];
  });

  await chapter('Somebody opens the security group by hand', async () => {
    const group = managedGroups(region)[0]?.id ?? '';
    const rule = region.addIngressRule(group, '0.0.0.0/0', 22);
    await until(telling, 'drift noticed', () => stage.notes().some(isDriftAbout('0.0.0.0/0')));
    await until(telling, 'the rule gone', () => looseRules(region).length === 0);
    return [`${rule.id} (tcp 22 from 0.0.0.0/0) was added by hand`, 'it was seen and revoked'];
  });

  await chapter('The link is deleted; nothing is left', async () => {
    await stage.remove();
    await until(telling, 'gone', (status) => status === undefined);
    must(liveEndpoints(region).length === 0, 'no endpoint is left');
    must(
      region.endpoints().every(({ state }) => state !== 'deleting'),
      'none is on its way out',
    );
    must(managedGroups(region).length === 0, 'no security group is left');
    return ['no endpoint, no security group'];
  });
  return chapters;
}

function isReady(status: SageMakerPrivateLinkStatus | undefined): boolean {
  const isTrue = (type: string): boolean =>
    status?.conditions?.some((one) => one.type === type && one.status === 'True') === true;
  return isTrue('Ready') && isTrue('Available');
}

function isDriftAbout(word: string): (note: string) => boolean {
  return (note) => /drift/i.test(note) && note.includes(word);
}

function liveEndpoints(region: RegionControl): ReturnType<RegionControl['endpoints']> {
  return region.endpoints().filter(({ state }) => state === 'available');
}

function managedGroups(region: RegionControl): ReturnType<RegionControl['securityGroups']> {
  return region.securityGroups().filter(({ name }) => name.startsWith('sagemaker-privatelink-'));
}

/** Rules of our groups that are not HTTPS from the VPC. */
function looseRules(region: RegionControl): ReturnType<RegionControl['rules']> {
  const cidr = region.defaultVpc().cidrs[0]?.cidr;
  return managedGroups(region)
    .flatMap(({ id }) => region.rules(id))
    .filter(
      (rule) =>
        rule.isEgress || rule.fromPort !== 443 || !('cidr' in rule.peer && rule.peer.cidr === cidr),
    );
}

function must(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`not true at AWS: ${what}`);
}

async function until(
  { stage, view, patienceMs }: Telling,
  what: string,
  check: (status: SageMakerPrivateLinkStatus | undefined) => boolean,
): Promise<SageMakerPrivateLinkStatus | undefined> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const status = await stage.status();
    view.show(status, stage.notes());
    if (check(status)) return status;
    if (performance.now() > deadline) {
      throw new Error(`not ${what} after ${patienceMs / 1000} s: ${JSON.stringify(status)}`);
    }
    await sleep(100);
  }
}
